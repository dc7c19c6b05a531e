import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import test from 'node:test';
import { SerializedTransaction } from '@midnight-ntwrk/wallet-sdk-abstractions';
import { PolkadotNodeClient } from '@midnight-ntwrk/wallet-sdk-node-client/effect';
import { Chunk, Effect, Stream } from 'effect';
import { eventsOf } from '../src/node/events.js';
import { openOfficialWallet } from '../testing/officialWallet.js';
import { coinsOf, devnetFor, fund, newWallet, post, submit, transfer } from '../testing/support.js';

/** @typedef {import('../testing/support.js').Coin} Coin */

/**
 * Runs a program with the official node client.
 * @template T
 * @param {string} node
 * @param {(client: PolkadotNodeClient) => Effect.Effect<T, any>} program
 * @returns {Promise<T>}
 */
const withClient = (node, program) => Effect.runPromise(Effect.scoped(Effect.gen(function* () {
  const client = yield* PolkadotNodeClient.make({ nodeURL: new URL(node.replace('http', 'ws')) });
  yield* Effect.promise(() => disconnected(client));
  return yield* program(client);
})));

/**
 * The client hangs up once it has read the metadata, and connects again for each use; it takes a use that comes before the end of the first connection for one on it.
 * @param {PolkadotNodeClient} client
 */
const disconnected = (client) => new Promise((resolve) => {
  if (client.api.isConnected) client.api.once('disconnected', () => resolve(undefined));
  else resolve(undefined);
});

/** @param {Uint8Array} raw */
const send = (raw) => (/** @type {PolkadotNodeClient} */ client) =>
  Effect.map(Stream.runCollect(client.sendMidnightTransaction(SerializedTransaction.of(raw))), (events) => Chunk.toReadonlyArray(events));

test('sendMidnightTransaction_OfTheOfficialWallet_IsFinalizedInTheBlockThatHasIt', async (t) => {
  const { indexer, node, chain } = await devnetFor(t);
  const wallet = await openOfficialWallet(indexer, randomBytes(32));
  await post(`${indexer}/faucet`, { address: wallet.address, amount: '5000000' });
  await wallet.until(({ balance }) => balance === 5_000_000n);
  const payment = await wallet.pay(newWallet().bech32, 1_000_000n);
  await wallet.stop();

  const events = await withClient(node, send(payment.raw));
  const [first, last] = [events[0], events.at(-1)];
  assert.equal(first?._tag, 'Submitted');
  assert.ok(last?._tag === 'Finalized');
  const block = chain.index.blockAt(Number(last.blockHeight))?.block;
  assert.equal(last.blockHash, `0x${block?.hash}`);
  assert.deepEqual(block?.transactions.map(({ hash }) => hash), [payment.hash]);
});

test('sendMidnightTransaction_CoinThatIsSpent_FailsWithTheRefusal', async (t) => {
  const { indexer, node } = await devnetFor(t);
  const alice = newWallet();
  await fund(indexer, alice, 5n);
  const coin = /** @type {Coin} */ ((await coinsOf(indexer, alice))[0]);
  assert.ok((await submit(node, (await transfer(alice, coin, newWallet().address, 5n)).raw)).result);
  const twice = await transfer(alice, coin, newWallet().address, 5n);
  const error = await withClient(node, (client) => Effect.flip(send(twice.raw)(client)));
  assert.equal(error._tag, 'SubmissionError');
  assert.match(String(error.cause), /1010: Invalid Transaction: Custom error: 195/);
});

test('getGenesis_OfTheDevnet_HasNoTransactions', async (t) => {
  const { node } = await devnetFor(t);
  assert.deepEqual(await withClient(node, (client) => client.getGenesis()), { transactions: [] });
});

test('subscribeHeads_WhileBlocksAreMade_TellsEachInOrder', async (t) => {
  const { node, indexer, chain } = await devnetFor(t);
  const seen = await withClient(node, (client) => Effect.andThen(client.ensureConnection(), Effect.promise(async () => {
    /** @type {number[][]} */
    const heights = [[], []];
    const enough = (/** @type {number[]} */ list, /** @type {(callback: (header: any) => void) => Promise<() => void>} */ subscribe) => new Promise((resolve) => {
      void subscribe((header) => {
        list.push(header.number.toNumber());
        if (list.length === 4) resolve(undefined);
      });
    });
    const { subscribeNewHeads, subscribeFinalizedHeads } = client.api.rpc.chain;
    const all = Promise.all([enough(/** @type {number[]} */ (heights[0]), subscribeNewHeads), enough(/** @type {number[]} */ (heights[1]), subscribeFinalizedHeads)]);
    for (let block = 0; block < 5; block++) await post(`${indexer}/devnet/block`, {});
    await all;
    return heights;
  })));
  for (const heights of seen) {
    const [first = -1] = heights;
    assert.deepEqual(heights.slice(0, 4), [0, 1, 2, 3].map((step) => first + step));
    assert.ok(first <= chain.tip.height);
  }
});

test('events_OfEveryOutcome_AreReadByTheOfficialClient', async (t) => {
  const { node } = await devnetFor(t);
  const hash = 'ab'.repeat(32);
  const transactions = /** @type {const} */ (['SUCCESS', 'PARTIAL_SUCCESS', 'FAILURE']).map((status) => ({ hash, status }));
  const block = /** @type {import('../src/chain/records.js').BlockRecord} */ (/** @type {unknown} */ ({ transactions }));
  const read = await withClient(node, (client) => Effect.sync(() => {
    const type = client.api.query.system?.events?.creator.meta.type.asPlain;
    const records = /** @type {any} */ (client.api.registry.createType(/** @type {any} */ (client.api.registry.createLookupType(/** @type {any} */ (type))), eventsOf(block)));
    return records.map((/** @type {any} */ { phase, event }) => [phase.asApplyExtrinsic.toNumber(), `${event.section}.${event.method}`, event.data.toHuman()]);
  }));
  assert.deepEqual(read, [
    [0, 'midnight.TxApplied', [{ txHash: `0x${hash}` }]],
    [0, 'system.ExtrinsicSuccess', {}],
    [1, 'midnight.TxPartialSuccess', [{ txHash: `0x${hash}` }]],
    [1, 'system.ExtrinsicSuccess', {}],
    [2, 'system.ExtrinsicFailed', { dispatchError: 'Other' }],
  ]);
});
