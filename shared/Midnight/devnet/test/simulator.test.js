import assert from 'node:assert/strict';
import test from 'node:test';
import { Simulator } from '@midnight-ntwrk/wallet-sdk-capabilities/simulation';
import { Effect } from 'effect';
import { decodeTransaction } from '../src/chain/ledger.js';
import { NIGHT, coinsOf, devnetFor, fund, included, newWallet, submit, transfer } from '../testing/support.js';

/** @typedef {import('../testing/support.js').Wallet} Wallet */
/** @typedef {import('../testing/support.js').Coin} Coin */
/** @typedef {{ coins: (wallet: Wallet) => Promise<Coin[]>, now: () => Promise<number>, send: (raw: Uint8Array, hash: string) => Promise<void> }} ChainUnderTest */

const START = 1_000_000n;
/** Who pays whom how much. */
const STEPS = /** @type {const} */ ([[0, 1, 300_000n], [1, 2, 100_000n], [0, 2, 250_000n], [2, 0, 175_000n], [2, 1, 100_000n], [0, 0, 5n], [1, 0, 200_000n]]);

/**
 * @param {ChainUnderTest} chain
 * @param {Wallet[]} wallets
 * @returns {Promise<string[][]>} values of each wallet's coins
 */
async function run(chain, wallets) {
  for (const [from, to, amount] of STEPS) {
    const payer = /** @type {Wallet} */ (wallets[from]);
    const coin = (await chain.coins(payer)).sort((a, b) => Number(BigInt(b.value) - BigInt(a.value)))[0];
    const ttl = new Date((await chain.now()) + 600_000);
    const payment = await transfer(payer, /** @type {Coin} */ (coin), /** @type {Wallet} */ (wallets[to]).address, amount, { ttl });
    await chain.send(payment.raw, payment.hash);
  }
  const coins = await Promise.all(wallets.map((wallet) => chain.coins(wallet)));
  return coins.map((list) => list.map(({ value }) => value).sort());
}

/**
 * The official wallet SDK's simulator, which has erased proofs and fees that nobody has to pay.
 * @param {Wallet[]} wallets the first one gets the start
 */
function onSimulator(wallets) {
  const strictness = { enforceBalancing: false, verifyNativeProofs: false, verifyContractProofs: false, enforceLimits: true, verifySignatures: true };
  return Effect.runPromise(Effect.scoped(Effect.gen(function* () {
    const simulator = yield* Simulator.init({});
    yield* simulator.rewardNight(/** @type {Wallet} */ (wallets[0]).verifying, START);
    const state = () => Effect.runPromise(simulator.getLatestState());
    /** @type {ChainUnderTest} */
    const chain = {
      async coins(wallet) {
        const coins = [...(await state()).ledger.utxo.filter(wallet.address)].filter(({ type }) => type === NIGHT);
        return coins.map(({ value, intentHash, outputNo, type }) => ({ value: String(value), intentHash, outputIndex: outputNo, tokenType: type }));
      },
      now: async () => (await state()).currentTime.getTime(),
      async send(raw) {
        await Effect.runPromise(simulator.submitTransaction(decodeTransaction(raw).eraseProofs(), { strictness }));
      },
    };
    return yield* Effect.promise(() => run(chain, wallets));
  })));
}

test('transfers_SameSequenceOnTheOfficialSimulator_SameBalances', async (t) => {
  const wallets = [newWallet(), newWallet(), newWallet()];
  const { indexer, node, chain } = await devnetFor(t);
  await fund(indexer, /** @type {Wallet} */ (wallets[0]), START);
  const devnet = await run({
    coins: (wallet) => coinsOf(indexer, wallet),
    now: async () => chain.clock.now(),
    async send(raw, hash) {
      const answer = await submit(node, raw);
      assert.ok(answer.result, JSON.stringify(answer));
      assert.equal((await included(chain, hash)).status, 'SUCCESS');
    },
  }, wallets);
  const simulator = await onSimulator(wallets);
  assert.deepEqual(devnet, simulator);
  const total = devnet.flat().reduce((sum, value) => sum + BigInt(value), 0n);
  assert.equal(total, START);
});
