import assert from 'node:assert/strict';
import { on, once } from 'node:events';
import test from 'node:test';
import { getIntrospectionQuery } from 'graphql';
import { WebSocket } from 'ws';
import { coinsOf, devnetFor, fund, newWallet, post, query, submit, subscribe, transfer } from '../testing/support.js';

/** @typedef {import('../testing/support.js').Wallet} Wallet */

test('faucet_200CallsAtOnce_EachGetsItsCoin', async (t) => {
  const { indexer } = await devnetFor(t);
  const wallets = Array.from({ length: 200 }, newWallet);
  const answers = await Promise.all(wallets.map((wallet, i) => fund(indexer, wallet, BigInt(i + 1))));
  assert.equal(answers.length, 200);
  for (const i of [0, 46, 47, 48, 199]) {
    assert.deepEqual((await coinsOf(indexer, /** @type {Wallet} */ (wallets[i]))).map(({ value }) => value), [String(i + 1)]);
  }
});

test('faucet_Coins_SplitsTheAmount', async (t) => {
  const { indexer } = await devnetFor(t);
  const wallet = newWallet();
  await post(`${indexer}/faucet`, { address: wallet.bech32, amount: '10', coins: 3 });
  assert.deepEqual((await coinsOf(indexer, wallet)).map(({ value }) => value).sort(), ['3', '3', '4']);
});

test('faucet_MoreThanItsStock_MintsAgain', async (t) => {
  const { indexer } = await devnetFor(t);
  const [alice, bob] = [newWallet(), newWallet()];
  await fund(indexer, alice, 1n);
  const rich = await post(`${indexer}/faucet`, { address: bob.bech32, amount: '2000000000000000', coins: 5 });
  assert.equal(rich.status, 200, JSON.stringify(rich.body));
  assert.equal((await coinsOf(indexer, bob)).length, 5);
  await fund(indexer, alice, 2n);
  assert.equal((await post(`${indexer}/faucet`, { address: bob.bech32, amount: '24000000000000000' })).status, 409);
});

test('faucet_BadRequests_AreRefused', async (t) => {
  const { indexer } = await devnetFor(t);
  const { bech32: address } = newWallet();
  for (const body of [{}, { address }, { address, amount: 5 }, { address, amount: '0' }, { address, amount: '-1' }, { address: 'mn_addr1qqq', amount: '1' }, { address, amount: '1', coins: 2 }, [], 7]) {
    assert.equal((await post(`${indexer}/faucet`, body)).status, 400, JSON.stringify(body));
  }
  assert.equal((await post(`${indexer}/faucet`, { address, amount: '24000000000000001' })).status, 400);
  assert.equal((await fetch(`${indexer}/faucet`, { method: 'POST', body: '{}' })).status, 415);
  assert.equal((await fetch(`${indexer}/faucet`)).status, 405);
  assert.equal((await post(`${indexer}/devnet/advance`, { seconds: -1 })).status, 400);
});

test('blocks_WithOffset_StartsThereAndGoesOnLive', async (t) => {
  const { indexer, producer, chain } = await devnetFor(t);
  await producer.makeBlock();
  await producer.makeBlock();
  const heights = [];
  for await (const { blocks } of subscribe(indexer, 'subscription { blocks(offset: { height: 1 }) { height hash timestamp parent { hash height } } }')) {
    heights.push(blocks.height);
    assert.equal(blocks.parent.hash, chain.index.blockAt(blocks.height - 1)?.block.hash);
    if (blocks.height === 4) break;
  }
  assert.deepEqual(heights, [1, 2, 3, 4]);
  const latest = subscribe(indexer, 'subscription { blocks { height } }');
  const first = await latest.next();
  await latest.return(undefined);
  assert.ok(first.value.blocks.height >= 4, 'without an offset it begins with the last block');
  await assert.rejects(() => subscribe(indexer, 'subscription { blocks(offset: { height: 99999 }) { height } }').next(), /not found/);
});

test('unshieldedTransactions_Resumed_SendsFromTheIdThenProgressThenLive', async (t) => {
  const { indexer, node } = await devnetFor(t);
  const wallet = newWallet();
  for (const amount of [1n, 2n, 3n]) await fund(indexer, wallet, amount);
  const text = `subscription($a: UnshieldedAddress!, $from: Int) { unshieldedTransactions(address: $a, transactionId: $from) {
    __typename ... on UnshieldedTransaction { transaction { id } createdUtxos { value owner ctime registeredForDustGeneration createdAtTransaction { id } }
      spentUtxos { value ctime spentAtTransaction { id } } } ... on UnshieldedTransactionsProgress { highestTransactionId } } }`;
  const ids = [];
  let highest = 0;
  const stream = subscribe(indexer, text, { a: wallet.bech32 });
  for await (const { unshieldedTransactions: event } of stream) {
    if (event.__typename === 'UnshieldedTransactionsProgress') {
      highest = event.highestTransactionId;
      break;
    }
    ids.push(event.transaction.id);
    assert.equal(event.createdUtxos[0].owner, wallet.bech32);
    assert.equal(event.createdUtxos[0].createdAtTransaction.id, event.transaction.id);
  }
  assert.deepEqual([ids.length, highest], [3, ids[2]]);

  const resumed = subscribe(indexer, text, { a: wallet.bech32, from: ids[1] });
  assert.equal((await resumed.next()).value.unshieldedTransactions.transaction.id, ids[1]);
  assert.equal((await resumed.next()).value.unshieldedTransactions.transaction.id, ids[2]);
  assert.equal((await resumed.next()).value.unshieldedTransactions.highestTransactionId, ids[2]);
  const [coin] = await coinsOf(indexer, wallet);
  const payment = await transfer(wallet, /** @type {import('../testing/support.js').Coin} */ (coin), newWallet().address, 1n);
  await submit(node, payment.raw);
  const { unshieldedTransactions: live } = (await resumed.next()).value;
  await resumed.return(undefined);
  assert.deepEqual(live.spentUtxos.map((/** @type {any} */ utxo) => [utxo.value, utxo.spentAtTransaction.id]), [['1', live.transaction.id]]);
  assert.ok(live.spentUtxos[0].ctime > 1_700_000_000);
  await assert.rejects(() => subscribe(indexer, text, { a: 'mn_addr_preview1xyz' }).next(), /invalid address/);
});

test('graphql_TooDeepTooLargeOrMalformed_IsRefused', async (t) => {
  const { indexer } = await devnetFor(t);
  const messages = async (/** @type {string} */ text) => (await query(indexer, text)).errors.map((/** @type {any} */ error) => error.message);
  assert.deepEqual(await messages(`{ block { ${'parent { '.repeat(16)} hash ${'}'.repeat(16)} } }`), ['Query is nested too deep.']);
  assert.deepEqual(await messages(`{ ${Array.from({ length: 150 }, (_, i) => `b${i}: block { hash }`).join(' ')} }`), ['Query is too complex.']);
  assert.match((await messages('{ block(offset: { hash: "zz" }) { hash } }'))[0], /hex/);
  assert.deepEqual(await messages('{ block(offset: { hash: "00" }) { hash } }'), ['invalid block hash']);
  assert.match((await messages('{ block(offset: { height: 1, hash: "00" }) { hash } }'))[0], /exactly one/i);
  assert.match((await messages('{ nothing }'))[0], /Cannot query/);
  assert.equal((await query(indexer, '{ block(offset: { height: 4000000 }) { hash } }')).data.block, null);
  assert.ok((await query(indexer, getIntrospectionQuery())).data.__schema);
  const response = await fetch(`${indexer}/api/v4/graphql`, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ query: ' '.repeat(1_100_000) }) });
  assert.equal(response.status, 413);
  assert.equal((await fetch(`${indexer}/api/v4/graphql`)).status, 405);
  assert.equal((await fetch(`${indexer}/api/v9/graphql`, { method: 'POST' })).status, 404);
});

test('subscriptions_SlowReader_LosesAndRepeatsNothing', async (t) => {
  const { indexer, producer, chain } = await devnetFor(t);
  const socket = new WebSocket(`${indexer.replace('http', 'ws')}/api/v3/graphql/ws`, 'graphql-transport-ws');
  await once(socket, 'open');
  socket.send(JSON.stringify({ type: 'connection_init' }));
  await once(socket, 'message');
  const text = 'subscription { blocks(offset: { height: 0 }) { height ledgerParameters a: ledgerParameters b: ledgerParameters } }';
  socket.send(JSON.stringify({ id: '1', type: 'subscribe', payload: { query: text } }));
  socket.pause();
  for (let i = 0; i < 300; i++) await producer.makeBlock();
  let last = -1;
  socket.resume();
  for await (const [data] of on(socket, 'message')) {
    const { height } = JSON.parse(String(data)).payload.data.blocks;
    assert.equal(height, last + 1, 'nothing is lost and nothing comes twice');
    last = height;
    if (height >= 300) break;
  }
  socket.terminate();
  assert.ok(chain.tip.height >= 300);
});
