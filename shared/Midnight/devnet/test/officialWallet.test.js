import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import test from 'node:test';
import { addressFromKey, signatureVerifyingKey } from '@midnight-ntwrk/ledger-v8';
import { openOfficialWallet } from '../testing/officialWallet.js';
import { NIGHT, devnetFor, included, post, submit } from '../testing/support.js';

/** @typedef {Awaited<ReturnType<typeof openOfficialWallet>>} OfficialWallet */

/**
 * @param {import('node:test').TestContext} t
 * @param {string} indexer
 * @param {Uint8Array} [secret]
 * @param {string} [serialized]
 */
async function walletFor(t, indexer, secret = randomBytes(32), serialized = undefined) {
  const wallet = await openOfficialWallet(indexer, secret, serialized);
  t.after(() => wallet.stop());
  const address = addressFromKey(signatureVerifyingKey(Buffer.from(secret).toString('hex')));
  return { wallet, address, secret };
}

/**
 * @param {string} indexer
 * @param {OfficialWallet} wallet
 * @param {bigint} amount
 * @param {number} [coins]
 */
async function give(indexer, wallet, amount, coins = 1) {
  const { status, body } = await post(`${indexer}/faucet`, { address: wallet.address, amount: String(amount), coins });
  assert.equal(status, 200, JSON.stringify(body));
}

/**
 * The coins that the ledger itself has for an address, in the form of the wallet's.
 * @param {import('../src/chain/chain.js').Chain} chain
 * @param {string} address
 */
const onLedger = (chain, address) => sorted([...chain.state.utxo.filter(address)].filter(({ type }) => type === NIGHT)
  .map(({ value, intentHash, outputNo, type }) => ({ value: String(value), intentHash, outputIndex: outputNo, tokenType: type })));

/** @param {import('../testing/support.js').Coin[]} coins */
const sorted = (coins) => [...coins].sort((a, b) => (`${a.intentHash}:${a.outputIndex}` < `${b.intentHash}:${b.outputIndex}` ? -1 : 1));

test('sync_WalletWithoutHistory_IsCompleteAndEmpty', async (t) => {
  const { indexer } = await devnetFor(t);
  const { wallet } = await walletFor(t, indexer);
  assert.deepEqual(await wallet.synced(), { balance: 0n, coins: [], pending: 0 });
});

test('sync_FundedBeforeAndAfterTheStart_ShowsTheCoinsOfTheLedger', async (t) => {
  const { indexer, chain } = await devnetFor(t);
  const secret = randomBytes(32);
  const { wallet: first } = await walletFor(t, indexer, secret);
  await give(indexer, first, 5_000_000n, 3);
  const { wallet, address } = await walletFor(t, indexer, secret);
  assert.deepEqual(sorted((await wallet.synced()).coins), onLedger(chain, address));

  await give(indexer, first, 7n);
  for (const one of [first, wallet]) {
    const state = await one.until(({ balance }) => balance === 5_000_007n);
    assert.deepEqual(sorted(state.coins), onLedger(chain, address));
  }
});

test('transfer_BuiltAndSignedByTheOfficialWallet_IsAcceptedAndSeenByBothSides', async (t) => {
  const { indexer, node, chain } = await devnetFor(t);
  const { wallet: alice, address: from } = await walletFor(t, indexer);
  const { wallet: bob, address: to } = await walletFor(t, indexer);
  await give(indexer, alice, 5_000_000n);
  await alice.until(({ balance }) => balance === 5_000_000n);

  const payment = await alice.pay(bob.address, 1_500_000n);
  assert.equal((await alice.synced()).pending, 1);
  const answer = await submit(node, payment.raw);
  assert.ok(answer.result, JSON.stringify(answer));
  assert.equal((await included(chain, payment.hash)).status, 'SUCCESS');

  const left = await alice.until(({ balance, pending }) => balance === 3_500_000n && pending === 0);
  const got = await bob.until(({ balance }) => balance === 1_500_000n);
  assert.deepEqual(sorted(left.coins), onLedger(chain, from));
  assert.deepEqual(sorted(got.coins), onLedger(chain, to));
  const entry = await bob.history(payment.hash);
  assert.deepEqual([entry.status, entry.identifiers, entry.unshielded.createdUtxos.map(({ value }) => value)], ['SUCCESS', payment.identifiers, [1_500_000n]]);
});

test('transfer_OfManyCoins_GathersThem', async (t) => {
  const { indexer, node, chain } = await devnetFor(t);
  const { wallet: alice } = await walletFor(t, indexer);
  const { wallet: bob, address: to } = await walletFor(t, indexer);
  await give(indexer, alice, 1_000_000n, 5);
  const start = (await alice.until(({ coins }) => coins.length === 5)).balance;
  const payment = await alice.pay(bob.address, start - 1n);
  assert.ok((await submit(node, payment.raw)).result);
  await included(chain, payment.hash);
  assert.equal((await alice.until(({ balance }) => balance === 1n)).coins.length, 1);
  assert.deepEqual((await bob.until(({ balance }) => balance === start - 1n)).coins, onLedger(chain, to));
});

test('restore_StateOfAnEarlierRun_GoesOnFromThere', async (t) => {
  const { indexer, chain } = await devnetFor(t);
  const { wallet: before, secret, address } = await walletFor(t, indexer);
  await give(indexer, before, 2_000_000n);
  await before.until(({ balance }) => balance === 2_000_000n);
  const serialized = await before.serialize();
  await give(indexer, before, 3_000_000n);

  const { wallet: after } = await walletFor(t, indexer, secret, serialized);
  const state = await after.until(({ balance }) => balance === 5_000_000n);
  assert.deepEqual(sorted(state.coins), onLedger(chain, address));
});
