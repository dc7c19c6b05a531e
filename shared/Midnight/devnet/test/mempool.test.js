import assert from 'node:assert/strict';
import { once } from 'node:events';
import test from 'node:test';
import { WebSocket } from 'ws';
import { coinsOf, devnetFor, extrinsic, fund, included, newWallet, post, query, rpc, submit, transfer } from '../testing/support.js';

/** @typedef {import('../testing/support.js').Coin} Coin */

/**
 * A devnet whose Alice has one coin of 1,000 STAR.
 * @param {import('node:test').TestContext} t
 */
async function withCoin(t) {
  const devnet = await devnetFor(t);
  const alice = newWallet();
  await fund(devnet.indexer, alice, 1000n);
  const [coin] = await coinsOf(devnet.indexer, alice);
  return { ...devnet, alice, coin: /** @type {Coin} */ (coin) };
}

test('submit_SameCoinTwice_SecondIsRefusedAndNothingIsSpentTwice', async (t) => {
  const { indexer, node, chain, alice, coin } = await withCoin(t);
  await post(`${indexer}/devnet/pause`, {});
  const [bob, carol] = [newWallet(), newWallet()];
  const first = await transfer(alice, coin, bob.address, 600n);
  const second = await transfer(alice, coin, carol.address, 700n);
  assert.ok((await submit(node, first.raw)).result);
  const waiting = await submit(node, second.raw);
  assert.equal(waiting.error.code, 1010);
  assert.match(waiting.error.data, /^Custom error: 195 \(a waiting transaction already spends/);
  await post(`${indexer}/devnet/resume`, {});
  assert.equal((await included(chain, first.hash)).status, 'SUCCESS');
  const spent = await submit(node, second.raw);
  assert.equal(spent.error.code, 1010);
  assert.match(spent.error.data, /^Custom error: 195 \(.* does not exist or is spent\)/);
  assert.deepEqual((await coinsOf(indexer, carol)).length, 0);
  assert.deepEqual((await coinsOf(indexer, bob)).map(({ value }) => value), ['600']);
});

test('submit_SameBytesTwice_1013WhileWaitingAnd1010OnceInABlock', async (t) => {
  const { indexer, node, chain, alice, coin } = await withCoin(t);
  await post(`${indexer}/devnet/pause`, {});
  const payment = await transfer(alice, coin, newWallet().address, 1n);
  const { result: key } = await submit(node, payment.raw);
  const again = await submit(node, payment.raw);
  assert.deepEqual(again.error, { code: 1013, message: 'Transaction Already Imported', data: `[${key}]` });
  assert.deepEqual((await rpc(node, 'author_pendingExtrinsics')).result, [extrinsic(payment.raw)]);
  await post(`${indexer}/devnet/resume`, {});
  await included(chain, payment.hash);
  const late = await submit(node, payment.raw);
  assert.equal(late.error.code, 1010);
  assert.match(late.error.data, /^Custom error: 244 \(.*already in a block\)/);
});

test('submit_ChainOfWaitingTransactions_AllSucceedInOneBlock', async (t) => {
  const { indexer, node, chain, alice, coin } = await withCoin(t);
  await post(`${indexer}/devnet/pause`, {});
  const first = await transfer(alice, coin, alice.address, 1000n);
  const made = { value: '1000', tokenType: coin.tokenType, outputIndex: 0, intentHash: '' };
  const { facts } = chain.check(first.raw, Date.now());
  const second = await transfer(alice, { ...made, intentHash: String(facts.guaranteed.created[0]?.intentHash) }, newWallet().address, 1000n);
  assert.match((await submit(node, second.raw)).error.data, /195/, 'its coin does not exist yet');
  assert.ok((await submit(node, first.raw)).result);
  assert.ok((await submit(node, second.raw)).result);
  await post(`${indexer}/devnet/resume`, {});
  assert.equal((await included(chain, second.hash)).status, 'SUCCESS');
  assert.equal(chain.tip.transactions.length, 2);
});

test('submit_ForeignSignature_IsRefusedWithTheLedgersReason', async (t) => {
  const { node, alice, coin } = await withCoin(t);
  const stolen = await transfer(alice, coin, newWallet().address, 1n, { signer: newWallet() });
  const { error } = await submit(node, stolen.raw);
  assert.equal(error.code, 1010);
  assert.equal(error.message, 'Invalid Transaction');
  assert.match(error.data, /^Custom error: 175 \(.*signature/i);
});

test('submit_TimeToLive_EndsInTheMempoolAndAtSubmit', async (t) => {
  const { indexer, node, chain, alice, coin } = await withCoin(t);
  await post(`${indexer}/devnet/pause`, {});
  const payment = await transfer(alice, coin, newWallet().address, 1n, { ttl: new Date(chain.clock.now() + 60_000) });
  const { result } = await submit(node, payment.raw);
  assert.ok(result);
  const before = chain.tip.timestamp;
  const advanced = await post(`${indexer}/devnet/advance`, { seconds: 120 });
  assert.ok(advanced.body.timestamp >= before + 120_000);
  assert.equal(chain.mempool.size, 0, 'the block did not take it and the mempool let it go');
  assert.deepEqual((await query(indexer, `{ transactions(offset: { hash: "${payment.hash}" }) { id } }`)).data.transactions, []);
  const { error } = await submit(node, payment.raw);
  assert.match(error.data, /^Custom error: 228 \(/);
});

test('author_submitAndWatchExtrinsic_TellsReadyInBlockFinalized', async (t) => {
  const { node, chain, alice, coin } = await withCoin(t);
  const payment = await transfer(alice, coin, newWallet().address, 1n);
  const socket = new WebSocket(node.replace('http', 'ws'));
  await once(socket, 'open');
  /** @type {any[]} */
  const messages = [];
  const finalized = new Promise((resolve) => {
    socket.on('message', (data) => {
      messages.push(JSON.parse(String(data)));
      if (messages.length === 4) resolve(undefined);
    });
  });
  socket.send(JSON.stringify({ jsonrpc: '2.0', id: 7, method: 'author_submitAndWatchExtrinsic', params: [extrinsic(payment.raw)] }));
  await finalized;
  socket.close();
  const { result: subscription } = messages[0];
  const hash = `0x${chain.index.transaction(chain.index.idsByHash(payment.hash)[0] ?? 0).stored.block.hash}`;
  assert.deepEqual(messages.slice(1).map(({ method, params }) => [method, params.subscription, params.result]), [
    ['author_extrinsicUpdate', subscription, 'ready'],
    ['author_extrinsicUpdate', subscription, { inBlock: hash }],
    ['author_extrinsicUpdate', subscription, { finalized: hash }],
  ]);
});

test('jsonRpc_MalformedRequests_AreAnsweredAndHarmless', async (t) => {
  const { node, indexer, alice, coin } = await withCoin(t);
  const answer = async (/** @type {string} */ body) => (await fetch(node, { method: 'POST', body })).json();
  const codeOf = async (/** @type {string} */ body) => /** @type {any} */ (await answer(body)).error?.code;
  assert.equal(await codeOf('{'), -32700);
  assert.equal(await codeOf('[]'), -32600);
  assert.equal(await codeOf('null'), -32600);
  assert.equal(await codeOf('{"jsonrpc":"2.0","id":1,"method":"toString"}'), -32601);
  assert.equal(await codeOf('{"jsonrpc":"2.0","id":1,"method":"__proto__"}'), -32601);
  assert.equal(await codeOf('{"jsonrpc":"2.0","id":1,"method":"system_health","params":{}}'), -32602);
  for (const parameter of ['"0x"', '"zz"', '7', 'null', '"0x00"', '"0xff"', '"0x1c0405000caabb"', '"0x1c0505000caabbcc"']) {
    assert.equal(await codeOf(`{"jsonrpc":"2.0","id":1,"method":"author_submitExtrinsic","params":[${parameter}]}`), 1001, parameter);
  }
  const batch = /** @type {any[]} */ (await answer('[{"jsonrpc":"2.0","id":1,"method":"system_health"},{"jsonrpc":"2.0","method":"system_chain"},5]'));
  assert.deepEqual(batch.map(({ id }) => id), [1, null]);
  const many = JSON.stringify(Array.from({ length: 101 }, () => ({ jsonrpc: '2.0', id: 1, method: 'system_health' })));
  assert.equal(await codeOf(many), -32010);
  assert.equal((await fetch(node, { method: 'POST', body: Buffer.alloc(16 * 1024 * 1024) }).catch(() => ({ status: 413 }))).status, 413);
  const payment = await transfer(alice, coin, newWallet().address, 1n);
  for (let i = 0; i < 150; i++) {
    const raw = Uint8Array.from(payment.raw);
    const at = (i * 7919) % raw.length;
    raw[at] = (raw[at] ?? 0) ^ (1 << (i % 8));
    const { error, result } = await submit(node, raw);
    assert.ok(result || error.code === 1010, JSON.stringify(error));
  }
  await fund(indexer, newWallet(), 5n);
});
