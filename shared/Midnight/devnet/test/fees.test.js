import assert from 'node:assert/strict';
import test from 'node:test';
import { NETWORK, ledger } from '../src/chain/ledger.js';
import { NIGHT, NO_PROOFS, coinsOf, devnetFor, fund, included, newWallet, post, query, submit, transfer } from '../testing/support.js';

/** @typedef {import('../testing/support.js').Coin} Coin */
/** @typedef {import('../testing/support.js').Wallet} Wallet */

/** 1,000 NIGHT make about 8.3 DUST in a thousand seconds; a transfer costs less than one. */
const AMOUNT = 1_000_000_000n;

/**
 * @param {import('node:test').TestContext} t
 */
async function withOldCoin(t) {
  const devnet = await devnetFor(t, { fees: true, blockTimeMs: 200 });
  const alice = newWallet();
  await fund(devnet.indexer, alice, AMOUNT);
  await post(`${devnet.indexer}/devnet/advance`, { seconds: 1000 });
  const [coin] = await coinsOf(devnet.indexer, alice);
  return { ...devnet, alice, coin: /** @type {Coin} */ (coin) };
}

/**
 * A transfer whose own intent registers the sender's key for DUST and pays its fee from what the spent coin would have made.
 * @param {Wallet} from
 * @param {Coin} coin
 * @param {{ owner: string, value: bigint }[]} outputs
 * @param {bigint} allowFeePayment SPECK
 * @param {Date} ctime
 */
async function selfPaying(from, coin, outputs, allowFeePayment, ctime) {
  const intent = ledger.Intent.new(new Date(ctime.getTime() + 600_000));
  const input = { value: BigInt(coin.value), owner: from.verifying, type: NIGHT, intentHash: coin.intentHash, outputNo: coin.outputIndex };
  const offer = ledger.UnshieldedOffer.new([input], outputs.map((output) => ({ ...output, type: NIGHT })), []);
  const dustKey = ledger.sampleDustSecretKey().publicKey;
  const register = (/** @type {import('@midnight-ntwrk/ledger-v8').SignatureEnabled | undefined} */ signature) => {
    const registration = new ledger.DustRegistration('signature', from.verifying, dustKey, allowFeePayment, signature);
    /** @type {import('@midnight-ntwrk/ledger-v8').DustActions<import('@midnight-ntwrk/ledger-v8').SignatureEnabled, import('@midnight-ntwrk/ledger-v8').PreProof>} */
    const actions = new ledger.DustActions('signature', 'pre-proof', ctime, [], [registration]);
    return actions;
  };
  intent.guaranteedUnshieldedOffer = offer;
  intent.dustActions = register(undefined);
  const signature = ledger.signData(from.signing, intent.signatureData(1));
  intent.guaranteedUnshieldedOffer = offer.addSignatures([signature]);
  intent.dustActions = register(new ledger.SignatureEnabled(signature));
  const transaction = ledger.Transaction.fromParts(NETWORK, undefined, undefined, intent);
  // The provider refuses every proof: none is needed.
  const bound = (await transaction.prove(NO_PROOFS, ledger.CostModel.initialCostModel())).bind();
  return { raw: bound.serialize(), hash: bound.transactionHash() };
}

/** @param {import('../src/chain/chain.js').Chain} chain */
const seconds = (chain) => new Date(Math.floor(chain.clock.now() / 1000) * 1000);

test('fees_TransferWithoutDust_IsRefused', async (t) => {
  const { node, chain, alice, coin } = await withOldCoin(t);
  const payment = await transfer(alice, coin, newWallet().address, 1n, { ttl: new Date(chain.clock.now() + 600_000) });
  const { error } = await submit(node, payment.raw);
  assert.equal(error.code, 1010);
  assert.match(error.data, /^Custom error: 138 \(/);
});

test('fees_RegistrationWithFeePayment_PaysForItself', async (t) => {
  const { indexer, node, chain, alice, coin } = await withOldCoin(t);
  const registration = await selfPaying(alice, coin, [{ owner: alice.address, value: AMOUNT }], 5n * 10n ** 15n, seconds(chain));
  assert.ok((await submit(node, registration.raw)).result);
  assert.equal((await included(chain, registration.hash)).status, 'SUCCESS');
  const answer = await query(indexer, `{ transactions(offset: { hash: "${registration.hash}" }) {
    ... on RegularTransaction { fee dustGenerationStartIndex dustGenerationEndIndex }
    unshieldedCreatedOutputs { registeredForDustGeneration initialNonce }
    dustLedgerEvents { __typename id maxId ... on DustInitialUtxo { output { nonce } } } block { dustCommitmentMerkleTreeRoot } } }`);
  const [shown] = answer.data.transactions;
  assert.ok(BigInt(shown.fee) > 0n);
  assert.equal(shown.dustGenerationEndIndex, shown.dustGenerationStartIndex + 1);
  assert.deepEqual(shown.unshieldedCreatedOutputs.map((/** @type {any} */ utxo) => utxo.registeredForDustGeneration), [true]);
  assert.equal(shown.dustLedgerEvents[0].__typename, 'DustInitialUtxo');
  assert.match(shown.dustLedgerEvents[0].output.nonce, /^[0-9a-f]{64}$/);
  const state = Buffer.from(chain.state.dust.utxo.serialize()).toString('hex');
  assert.ok(state.includes(shown.block.dustCommitmentMerkleTreeRoot), "the root is one that the ledger's own history holds");
});

test('fees_TransferThatRegistersItsSender_PaysItsOwnFeeWithoutAnyProof', async (t) => {
  const { indexer, node, chain, alice, coin } = await withOldCoin(t);
  const bob = newWallet();
  const outputs = [{ owner: bob.address, value: 400_000_000n }, { owner: alice.address, value: 600_000_000n }];
  const payment = await selfPaying(alice, coin, outputs, 5n * 10n ** 15n, seconds(chain));
  const answer = await submit(node, payment.raw);
  assert.ok(answer.result, JSON.stringify(answer));
  const record = await included(chain, payment.hash);
  assert.equal(record.status, 'SUCCESS');
  assert.ok(BigInt(record.fee) > 0n);
  assert.deepEqual(record.notVerified, []);
  assert.deepEqual((await coinsOf(indexer, bob)).map(({ value }) => value), ['400000000']);
  // The change generates DUST from now on, so that the next fee needs a DUST spend with its proof.
  const [change] = await coinsOf(indexer, alice);
  await post(`${indexer}/devnet/advance`, { seconds: 1000 });
  const next = await selfPaying(alice, /** @type {Coin} */ (change), [{ owner: bob.address, value: 600_000_000n }], 1n, seconds(chain));
  assert.equal((await submit(node, next.raw)).error.code, 1010);
});

test('fees_Faucet_PaysItsOwnFees', async (t) => {
  const { indexer } = await devnetFor(t, { fees: true, blockTimeMs: 100 });
  const wallets = Array.from({ length: 20 }, newWallet);
  await Promise.all(wallets.map((wallet) => fund(indexer, wallet, 7n)));
  await fund(indexer, /** @type {Wallet} */ (wallets[0]), 8n);
  assert.deepEqual((await coinsOf(indexer, /** @type {Wallet} */ (wallets[0]))).map(({ value }) => value), ['7', '8']);
});
