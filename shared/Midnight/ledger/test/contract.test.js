import assert from 'node:assert/strict';
import test from 'node:test';
import { call } from '../src/contract.js';
import { finishWithProofs, proofRequests } from '../src/proofs.js';
import { Chain } from '../testing/chain.js';
import { answer, callOf, cell, deploy, keys, request, skip, TRANSCRIPT } from '../testing/circuit.js';

/**
 * @param {Uint8Array} built
 * @param {number} index
 * @param {string[]} locations
 */
function requestProof(built, index, locations) {
  const { args, body } = request({ locations, index }, [built, ...locations.flatMap(() => [keys.proverKey, keys.verifierKey, keys.ir])]);
  return proofRequests(args, body);
}

/**
 * @param {Uint8Array} built
 * @param {string[]} locations
 * @param {Map<string, Uint8Array>} proofs
 */
function finishCall(built, locations, proofs) {
  const { args, body } = request({ locations, proofs: [...proofs.keys()] }, [built, ...locations.map(() => keys.ir), ...proofs.values()]);
  return finishWithProofs(args, body);
}

for (const count of [1, 2, 3]) {
  test(`call_${count}Contracts_RealProofsAreAcceptedByApply`, { skip }, async () => {
    const chain = new Chain();
    const addresses = [];
    for (let made = 0; made < count; made += 1) addresses.push(await deploy(chain));
    const before = addresses.map((address) => Buffer.from(chain.contract(address)).toString('hex'));
    const wanted = callOf(chain, addresses);
    const built = await call(wanted.args, wanted.body);
    assert.equal(built.result.proofsRequired, count);

    const locations = addresses.map((_, index) => `call/${index}`);
    /** @type {Map<string, Uint8Array>} */
    const proofs = new Map();
    for (let index = 0; index < count; index += 1) {
      const { result, body } = await requestProof(built.body, index, locations);
      assert.deepEqual(result.proofs.map(({ location }) => location), locations);
      proofs.set(result.proofs[index]?.digest ?? '', await answer(body));
    }

    const bound = await finishCall(built.body, locations, proofs);
    assert.match(bound.result.hash, /^[0-9a-f]{64}$/);
    assert.equal(chain.submit(bound.body).type, 'success');
    addresses.forEach((address, index) => assert.notEqual(Buffer.from(chain.contract(address)).toString('hex'), before[index]));
  });
}

test('finishWithProofs_ProvedTwice_TheLedgerTakesOneOfThem', { skip }, async () => {
  const chain = new Chain();
  const wanted = callOf(chain, [await deploy(chain)]);
  const built = await call(wanted.args, wanted.body);
  const { result, body } = await requestProof(built.body, 0, ['call/0']);
  const digest = result.proofs[0]?.digest ?? '';
  const [first, second] = [await finishCall(built.body, ['call/0'], new Map([[digest, await answer(body)]])), await finishCall(built.body, ['call/0'], new Map([[digest, await answer(body)]]))];
  assert.ok(!Buffer.from(first.body).equals(Buffer.from(second.body)));
  assert.equal(chain.submit(first.body).type, 'success');
  assert.throws(() => {
    const again = chain.submit(second.body);
    if (again.type !== 'success') throw new Error(again.toString());
  }, /IntentAlreadyExists|already|replay/i);
});

test('proofRequests_AskedTwice_SameBytes', { skip }, async () => {
  const chain = new Chain();
  const wanted = callOf(chain, [await deploy(chain)]);
  const built = await call(wanted.args, wanted.body);
  const first = await requestProof(built.body, 0, ['call/0']);
  const second = await requestProof(built.body, 0, ['call/0']);
  assert.deepEqual(second.result, first.result);
  assert.ok(Buffer.from(first.body).equals(Buffer.from(second.body)));
  assert.ok(Buffer.from(first.body).includes(keys.proverKey));
  await assert.rejects(requestProof(built.body, 1, ['call/0']), { code: 'BAD_REQUEST' });
});

test('finishWithProofs_ProofOfAnotherTransaction_ProofRequired', { skip }, async () => {
  const chain = new Chain();
  const wanted = callOf(chain, [await deploy(chain)]);
  const built = await call(wanted.args, wanted.body);
  await assert.rejects(finishCall(built.body, ['call/0'], new Map([['ab'.repeat(32), Buffer.alloc(8)]])), { code: 'PROOF_REQUIRED' });
  const { result } = await requestProof(built.body, 0, ['call/0']);
  await assert.rejects(finishCall(built.body, ['call/0'], new Map([[result.proofs[0]?.digest ?? '', Buffer.alloc(8)]])), { code: 'LEDGER' });
});

test('call_WhatDoesNotFit_Named', { skip }, async () => {
  const chain = new Chain();
  const address = await deploy(chain);
  const otherKey = Buffer.from(keys.verifierKey);
  otherKey[100] = (otherKey[100] ?? 0) ^ 1;
  const seen = TRANSCRIPT.map((/** @type {object | string} */ one) => (typeof one === 'object' && 'popeq' in one ? { popeq: { cached: false, result: cell(1, 1) } } : one));
  const moreOutputs = { transcript: TRANSCRIPT, privateTranscriptOutputs: [cell(8, 1)] };
  /** @type {[string, object, string][]} */
  const cases = [
    ['an unknown entry point', { entryPoint: 'nothing' }, 'ENTRY_POINT'],
    ['another verifier key', { verifierKey: otherKey }, 'VERIFIER_KEY'],
    ['a state that is none', { state: Buffer.from('hello') }, 'LEDGER'],
    ['a state that is cut', { state: chain.contract(address).slice(0, 80) }, 'LEDGER'],
    ['a transcript that read another state', { plan: { transcript: seen } }, 'LEDGER'],
    ['a transcript that leaves the stack wrong', { plan: { transcript: ['pop'] } }, 'LEDGER'],
    ['an unknown operation', { plan: { transcript: ['jump'] } }, 'BAD_REQUEST'],
    ['an operation with another field', { plan: { transcript: [{ dup: { n: 0, m: 1 } }] } }, 'BAD_REQUEST'],
    ['no transcript', { plan: {} }, 'BAD_REQUEST'],
    ['a value that is no hex', { plan: { transcript: [{ popeq: { cached: false, result: { value: ['x'], alignment: [] } } }] } }, 'BAD_REQUEST'],
    ['a randomness that is none', { plan: { transcript: TRANSCRIPT, communicationRandomness: 'abc' } }, 'BAD_REQUEST'],
    ['a witness that the circuit does not take', { plan: moreOutputs }, 'LEDGER'],
    ['no circuit', { ir: Buffer.alloc(0) }, 'LEDGER'],
    ['a cut circuit', { ir: keys.ir.subarray(0, 100) }, 'LEDGER'],
  ];
  for (const [what, other, code] of cases) {
    const { args, body } = callOf(chain, [address], other);
    await assert.rejects(call(args, body), (/** @type {any} */ error) => {
      assert.equal(error.code, code, `${what}: ${error.message}`);
      return true;
    });
  }
});

test('call_MutatedCircuitsAndTranscripts_AnswersOrRefusals', { skip }, async () => {
  const chain = new Chain();
  const address = await deploy(chain);
  const text = JSON.stringify(TRANSCRIPT);
  let trapped = 0;
  for (let round = 0; round < 120; round += 1) {
    const ir = Buffer.from(keys.ir);
    ir[(round * 7) % ir.length] = (ir[(round * 7) % ir.length] ?? 0) ^ (1 << round % 8);
    const mutated = text.replace(/\d+/g, (digits, at) => (at % 11 === round % 11 ? String((Number(digits) + round) % 40) : digits));
    const { args, body } = round % 2 === 0 ? callOf(chain, [address], { ir }) : callOf(chain, [address], { plan: { transcript: JSON.parse(mutated) } });
    try {
      assert.equal((await call(args, body)).result.proofsRequired, 1);
    } catch (error) {
      assert.ok(error instanceof Error && 'code' in error, String(error));
      assert.ok(['BAD_REQUEST', 'LEDGER', 'TRAPPED', 'UNBALANCED'].includes(String(error.code)), `${error.code}: ${error.message}`);
      if (error.code === 'TRAPPED') trapped += 1;
    }
  }
  assert.ok(trapped < 60, `${trapped} of 120 trapped`);
});
