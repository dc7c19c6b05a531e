import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { encodeFrame, MAX_FRAME } from '../src/frames.js';
import { NIGHT } from '../src/tokens.js';
import { Chain, NETWORK, TTL } from '../testing/chain.js';
import { Worker } from '../testing/worker.js';

const COIN = { intentHash: 'ab'.repeat(32), outputNo: 0, value: '10', token: NIGHT };

test('main_WholeTransfer_AcceptedByTheLedger', async () => {
  const worker = new Worker();
  try {
    const seed = randomBytes(32);
    const ready = await worker.frame();
    assert.deepEqual(ready.header, { event: 'ready', ledger: '8.1.0', pid: worker.pid });

    const { result } = (await worker.ask({ op: 'derive', network: NETWORK }, seed)).header;
    const address = result.unshielded.addressHex;
    const chain = new Chain();
    chain.fund(seed, 30n);
    const request = { network: NETWORK, ttl: TTL, inputs: chain.coins(address), outputs: [{ owner: address, value: '30', token: NIGHT }] };
    const bound = await worker.ask({ op: 'transfer', ...request }, seed);
    const decoded = await worker.ask({ op: 'decode' }, bound.body);

    assert.equal(chain.submit(bound.body).type, 'success');
    assert.equal(decoded.header.result.hash, bound.header.result.hash);
    assert.deepEqual(chain.coins(address).map((coin) => coin.intentHash), [bound.header.result.intentHash]);

    const stats = await worker.ask({ op: 'stats' });
    assert.equal(stats.header.result.operations, 3);
    assert.ok(stats.header.result.rss > 10_000_000);
    assert.ok(stats.header.rss > 10_000_000);
  } finally {
    await worker.stop();
  }
});

test('main_RefusedRequests_AnsweredAndWorkerGoesOn', async () => {
  const worker = new Worker();
  try {
    await worker.frame();
    const outputs = [{ owner: NIGHT, value: '9', token: NIGHT }];
    const request = { op: 'transfer', network: NETWORK, ttl: TTL, inputs: [COIN], outputs };
    const codes = [
      (await worker.ask({ op: 'nothing' })).header.error.code,
      (await worker.ask({ op: 'toString' })).header.error.code,
      (await worker.ask(request, randomBytes(32))).header.error.code,
      (await worker.ask({ op: 'derive', network: NETWORK }, randomBytes(31))).header.error.code,
      (await worker.ask({ op: 'finish' }, randomBytes(50))).header.error.code,
    ];
    assert.deepEqual(codes, ['BAD_REQUEST', 'BAD_REQUEST', 'UNBALANCED', 'BAD_SEED', 'LEDGER']);
    assert.equal((await worker.ask({ op: 'stats' })).header.ok, true);
    assert.equal(worker.errors, '');
  } finally {
    await worker.stop();
  }
});

test('main_InputCloses_ExitsZeroWithNothingButFrames', async () => {
  const worker = new Worker();
  await worker.frame();
  worker.closeInput();
  assert.equal(await worker.exited(), 0);
  assert.equal(worker.errors, '');
  assert.equal(worker.output.length, 4 + worker.output.readUInt32BE(0));
});

test('main_InputClosesBeforeReady_ExitsZero', async () => {
  const worker = new Worker();
  worker.closeInput();
  assert.equal(await worker.exited(), 0);
});

test('main_AbsurdLength_ExitsTwoWithOneLine', async () => {
  const worker = new Worker();
  const bytes = Buffer.alloc(8);
  bytes.writeUInt32BE(MAX_FRAME + 1);
  worker.write(bytes);
  assert.equal(await worker.exited(), 2);
  assert.equal(worker.errors, 'ledger worker: frame length out of bounds\n');
});

test('main_SecretInMalformedHeader_NotRepeated', async () => {
  const worker = new Worker();
  const secret = 'topsecret';
  const text = Buffer.from(`{"id":1,"op":"${secret}"`);
  const bytes = Buffer.alloc(8);
  bytes.writeUInt32BE(text.length + 4, 0);
  bytes.writeUInt32BE(text.length, 4);
  worker.write(Buffer.concat([bytes, text]));
  assert.equal(await worker.exited(), 2);
  assert.ok(!worker.errors.includes(secret) && !worker.output.includes(secret));
});

test('main_RequestsSentTogether_AnsweredInOrder', async () => {
  const worker = new Worker();
  try {
    await worker.frame();
    const seed = randomBytes(32);
    const ids = Array.from({ length: 20 }, (_, index) => index);
    worker.write(Buffer.concat(ids.map((id) => encodeFrame({ id, op: 'derive', network: NETWORK }, seed))));
    for (const id of ids) assert.equal((await worker.frame()).header.id, id);
  } finally {
    await worker.stop();
  }
});

test('main_HostKilled_Ends', async () => {
  const host = spawn(process.execPath, [fileURLToPath(new URL('../testing/host.js', import.meta.url))], { stdio: ['ignore', 'pipe', 'inherit'] });
  await once(host.stdout, 'data');
  host.kill('SIGKILL');
  // The worker holds the other end of this pipe: it closes only when the worker has ended too.
  await once(host.stdout, 'close');
});
