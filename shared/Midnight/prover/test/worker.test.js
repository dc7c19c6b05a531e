import assert from 'node:assert/strict';
import { test } from 'node:test';
import { CostModel, parseCheckResult, Transaction } from '@midnight-ntwrk/ledger-v8';
import { encodeFrame, FrameReader } from '@midnightos/ledger/src/frames.js';
import { fixture } from '@midnightos/devnet/testing/fixtures.js';
import { answer } from '../src/operations.js';
import { circuit, deployedContract, preimageOf } from '../testing/call.js';
import { parameterFile, provingWorker, putKeys } from '../testing/worker.js';

const { skip } = fixture('fallible.prover');
const PROOF = Buffer.from('midnight:proof-versioned:\u0001', 'latin1');

/** Puts a proof into the form that the ledger's provider gives. */
const forLedger = (/** @type {Buffer} */ proof) => Buffer.concat([Buffer.from('midnight:proof[v5]:'), proof.subarray(PROOF.length)]);

/** @param {Uint8Array} bytes @param {number} at @param {number} [mask] */
function changed(bytes, at, mask = 1) {
  const copy = Buffer.from(bytes);
  copy.writeUInt8(copy.readUInt8(at) ^ mask, at);
  return copy;
}

test('prove_Call_ProofAcceptedByTheLedger', { skip }, async (t) => {
  const contract = await deployedContract();
  const { worker, ready } = await provingWorker(t);
  assert.deepEqual(ready, { event: 'ready', zkir: '2.1.0', pid: worker.pid });
  const parameters = await parameterFile(t);
  const keys = await putKeys(worker, circuit());
  const provider = {
    check: async (/** @type {Uint8Array} */ preimage) => parseCheckResult((await worker.ask({ op: 'check', preimage: preimage.length }, Buffer.concat([preimage, circuit().ir]))).body),
    prove: async (/** @type {Uint8Array} */ preimage, /** @type {string} */ _, /** @type {bigint | undefined} */ binding) => {
      const bindingInput = Buffer.from((binding ?? 0n).toString(16).padStart(64, '0'), 'hex').reverse().toString('hex');
      const { header, body } = await worker.ask({ op: 'prove', keys, parameters, ...(binding !== undefined && { bindingInput }) }, preimage);
      assert.deepEqual(header.result, { k: 6 }, JSON.stringify(header));
      assert.deepEqual(body.subarray(0, PROOF.length), PROOF);
      return forLedger(body);
    },
  };
  const proven = await contract.call().prove(provider, CostModel.initialCostModel());
  assert.equal(contract.apply(proven.bind().serialize()).type, 'success');
});

test('proveTransaction_Call_AcceptedByTheLedger', { skip }, async (t) => {
  const contract = await deployedContract();
  const { worker } = await provingWorker(t);
  const parameters = await parameterFile(t);
  const keys = { count: await putKeys(worker, circuit()) };
  const { header, body } = await worker.ask({ op: 'prove-tx', keys, parameters }, contract.call().serialize());
  assert.equal(header.ok, true, JSON.stringify(header));
  const proven = Transaction.deserialize('signature', 'proof', 'pre-binding', body);
  assert.equal(contract.apply(proven.bind().serialize()).type, 'success');
});

test('k_Circuit_IsSix', { skip }, async (t) => {
  const { worker } = await provingWorker(t);
  assert.deepEqual((await worker.ask({ op: 'k' }, circuit().ir)).header.result, { k: 6 });
  assert.equal((await worker.ask({ op: 'k' }, Buffer.from('midnight:ir-source[v2]:'))).header.error.code, 'BAD_INPUT');
});

test('prove_WhatIsMissing_IsNamed', { skip }, async (t) => {
  const call = (await deployedContract()).call();
  const preimage = await preimageOf(call);
  const { worker } = await provingWorker(t);
  const parameters = await parameterFile(t);
  const absent = { op: 'prove', keys: 'ab'.repeat(32), parameters };
  assert.deepEqual((await worker.ask(absent, preimage)).header.error, { code: 'MISSING_KEYS', message: 'The key material is not here.', hash: absent.keys });
  const keys = await putKeys(worker, circuit());
  const { code, k } = (await worker.ask({ op: 'prove', keys }, preimage)).header.error;
  assert.deepEqual([code, k], ['MISSING_PARAMETERS', 6]);
  const unknown = (await worker.ask({ op: 'prove-tx', keys: {}, parameters }, call.serialize())).header.error;
  assert.deepEqual([unknown.code, unknown.location], ['MISSING_KEYS', 'count']);
  const damaged = await parameterFile(t, (bytes) => changed(bytes, 1000));
  assert.equal((await worker.ask({ op: 'prove', keys, parameters: damaged }, preimage)).header.error.code, 'DAMAGED_PARAMETERS');
  assert.equal((await worker.ask({ op: 'prove', keys, parameters }, preimage)).header.ok, true);
  assert.equal((await worker.ask({ op: 'drop', hash: keys })).header.ok, true);
  assert.equal((await worker.ask({ op: 'prove', keys, parameters }, preimage)).header.error.code, 'MISSING_KEYS');
});

test('prove_WrongInput_IsRefusedAndTheWorkerGoesOn', { skip }, async (t) => {
  const preimage = await preimageOf((await deployedContract()).call());
  const { worker } = await provingWorker(t);
  const parameters = await parameterFile(t);
  const right = circuit();
  const keys = await putKeys(worker, right);
  const ask = async (/** @type {string} */ hash, /** @type {Uint8Array} */ bytes) => (await worker.ask({ op: 'prove', keys: hash, parameters }, bytes)).header;
  const wrong = [
    await ask(keys, changed(preimage, 3)),
    await ask(keys, changed(preimage, 35)),
    await ask(keys, preimage.subarray(0, preimage.length - 1)),
    await ask(keys, Buffer.concat([preimage, Buffer.alloc(1)])),
    await ask(keys, Buffer.alloc(0)),
    await ask(await putKeys(worker, { ...right, verifierKey: changed(right.verifierKey, 200) }), preimage),
    await ask(await putKeys(worker, { ...right, ir: changed(right.ir, 60, 3) }), preimage),
    await ask(await putKeys(worker, { ...right, proverKey: changed(right.proverKey, 60, 3) }), preimage),
    await ask(await putKeys(worker, { ...right, proverKey: changed(right.proverKey, 20_000, 3) }), preimage),
  ];
  assert.deepEqual(wrong.map((header) => header.error?.code), wrong.map(() => 'BAD_INPUT'));
  assert.equal(wrong.at(-1).error.message, 'Invalid proof.');
  assert.equal((await worker.ask({ op: 'prove', keys, parameters, bindingInput: 'ff'.repeat(32) }, preimage)).header.error.code, 'BAD_INPUT');
  assert.equal((await worker.ask({ op: 'prove', keys, parameters, bindingInput: 'x' }, preimage)).header.error.code, 'BAD_REQUEST');
  assert.equal((await ask(keys, preimage)).ok, true);
  assert.equal(worker.errors, '');
});

test('prove_KeyThatMakesTheProverPanic_AnsweredAndTheWorkerEnds', { skip }, async (t) => {
  const preimage = await preimageOf((await deployedContract()).call());
  const { worker } = await provingWorker(t);
  const right = circuit();
  const keys = await putKeys(worker, { ...right, proverKey: changed(right.proverKey, 2000, 3) });
  const { header } = await worker.ask({ op: 'prove', keys, parameters: await parameterFile(t) }, preimage);
  assert.equal(header.error.code, 'TRAPPED');
  assert.equal(await worker.exited(), 3);
});

test('keys_WrongHash_AreRefused', async (t) => {
  const { worker } = await provingWorker(t);
  const { header } = await worker.ask({ op: 'keys', hash: '00'.repeat(32), proverKey: 1, verifierKey: 1 }, Buffer.from('abc'));
  assert.equal(header.error.code, 'BAD_REQUEST');
});

test('answer_AnyRequest_FrameIsZeroAfterwards', async () => {
  for (const request of [{ op: 'prove', keys: 'ab'.repeat(32) }, { op: 'check', preimage: 20 }, { op: 'unknown' }]) {
    const bytes = encodeFrame({ id: 1, ...request }, Buffer.alloc(32, 7));
    let position = 0;
    const frame = new FrameReader((target, offset, length) => {
      const chunk = bytes.subarray(position, position + length);
      target.set(chunk, offset);
      position += chunk.length;
      return chunk.length;
    }).next();
    assert.ok(frame && frame.body.every((byte) => byte === 7));
    assert.equal((await answer(frame)).header.ok, false);
    assert.ok(frame.body.every((byte) => byte === 0));
  }
});

test('main_InputCloses_ExitsZeroWithNothingButFrames', async (t) => {
  const { worker } = await provingWorker(t);
  worker.closeInput();
  assert.equal(await worker.exited(), 0);
  assert.equal(worker.errors, '');
  assert.equal(worker.output.length, 4 + worker.output.readUInt32BE(0));
});
