import assert from 'node:assert/strict';
import test from 'node:test';
import { coinsOf, devnetFor, fund, included, newWallet, query, rpc, submit, transfer } from '../testing/support.js';

test('faucet_ThenTransfer_BalancesFollowTheIndexer', async (t) => {
  const { indexer, node, chain } = await devnetFor(t);
  const [alice, bob] = [newWallet(), newWallet()];
  const given = await fund(indexer, alice, 5_000_000n);
  assert.deepEqual(given.notVerified, []);
  const [coin] = await coinsOf(indexer, alice);
  assert.equal(coin?.value, '5000000');

  const payment = await transfer(alice, /** @type {import('../testing/support.js').Coin} */ (coin), bob.address, 1_500_000n);
  const answer = await submit(node, payment.raw);
  assert.match(answer.result, /^0x[0-9a-f]{64}$/);
  await included(chain, payment.hash);

  assert.deepEqual((await coinsOf(indexer, bob)).map(({ value }) => value), ['1500000']);
  assert.deepEqual((await coinsOf(indexer, alice)).map(({ value }) => value), ['3500000']);
  const byIdentifier = await query(indexer, `{ transactions(offset: { identifier: "${payment.identifiers[0]}" }) {
    hash ... on RegularTransaction { fee transactionResult { status segments { id success } } } } }`);
  assert.deepEqual(byIdentifier.data.transactions, [{ hash: payment.hash, fee: '0', transactionResult: { status: 'SUCCESS', segments: null } }]);
});

test('chain_getHeader_OfTheTip_HashesToTheBlockHash', async (t) => {
  const { node, chain } = await devnetFor(t);
  const { result: hash } = await rpc(node, 'chain_getBlockHash', [0]);
  const { result: header } = await rpc(node, 'chain_getHeader', [hash]);
  assert.equal(header.number, '0x0');
  assert.equal(hash, `0x${chain.index.blockAt(0)?.block.hash}`);
});
