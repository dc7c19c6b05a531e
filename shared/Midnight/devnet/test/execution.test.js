import assert from 'node:assert/strict';
import test from 'node:test';
import { readFacts } from '../src/chain/facts.js';
import { NETWORK, ledger } from '../src/chain/ledger.js';
import { NIGHT, NO_PROOFS, coinsOf, devnetFor, fund, newWallet } from '../testing/support.js';

/**
 * A signed payment of a whole coin in one section of its intent.
 * @param {import('../testing/support.js').Wallet} from
 * @param {import('../testing/support.js').Coin} coin
 * @param {string} to
 * @param {'guaranteedUnshieldedOffer' | 'fallibleUnshieldedOffer'} section
 */
async function payment(from, coin, to, section) {
  const intent = ledger.Intent.new(new Date(Date.now() + 600_000));
  const input = { value: BigInt(coin.value), owner: from.verifying, type: NIGHT, intentHash: coin.intentHash, outputNo: coin.outputIndex };
  const offer = ledger.UnshieldedOffer.new([input], [{ owner: to, value: BigInt(coin.value), type: NIGHT }], []);
  intent[section] = offer;
  intent[section] = offer.addSignatures([ledger.signData(from.signing, intent.signatureData(1))]);
  const transaction = ledger.Transaction.fromParts(NETWORK, undefined, undefined, intent);
  return (await transaction.prove(NO_PROOFS, ledger.CostModel.initialCostModel())).bind();
}

test('apply_FallibleSegmentThatFails_IsPartialAndMovesNothing', async (t) => {
  const { indexer, chain } = await devnetFor(t);
  const [alice, bob] = [newWallet(), newWallet()];
  await fund(indexer, alice, 10n);
  const [coin] = await coinsOf(indexer, alice);
  assert.ok(coin);
  const first = await payment(alice, coin, bob.address, 'guaranteedUnshieldedOffer');
  const second = await payment(alice, coin, bob.address, 'fallibleUnshieldedOffer');

  // Both are well-formed against the state before; the block spends the coin with the first, past the checks of the pool.
  const timestamp = chain.tip.timestamp + 1000;
  const execution = chain.newExecution(chain.state, chain.tip, timestamp);
  const [kept, lost] = [first, second].map((transaction) => {
    const verified = transaction.wellFormed(chain.state, new ledger.WellFormedStrictness(), new Date(timestamp));
    return execution.apply({ raw: transaction.serialize(), facts: readFacts(transaction), transaction, verified });
  });

  assert.equal(kept?.status, 'SUCCESS');
  assert.equal(lost?.status, 'PARTIAL_SUCCESS');
  assert.deepEqual(lost?.segments, [[0, true], [1, false]]);
  assert.deepEqual([lost?.created, lost?.spent], [[], []]);
});
