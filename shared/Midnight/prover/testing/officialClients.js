// Has the official clients prove through a proof server: for tests of the service. Usage: node officialClients.js <url>
// Prints a JSON object: what midnight-js checked and what apply said of the call that it proved; what the wallet's client said where a built-in key is missing.
import { CostModel, createShieldedCoinInfo, sampleCoinPublicKey, sampleEncryptionPublicKey, Transaction, ZswapOffer, ZswapOutput } from '@midnight-ntwrk/ledger-v8';
import { httpClientProofProvider, httpClientProvingProvider } from '@midnight-ntwrk/midnight-js-http-client-proof-provider';
import { createProverKey, createVerifierKey, createZKIR, ZKConfigProvider } from '@midnight-ntwrk/midnight-js-types';
import { HttpProverClient } from '@midnight-ntwrk/wallet-sdk-prover-client/effect';
import { Effect } from 'effect';
import { circuit, deployedContract, preimageOf } from './call.js';

const NETWORK = 'undeployed';
const [url] = process.argv.slice(2);
if (!url) throw new Error('usage: officialClients.js <url>');

/**
 * The keys of the small circuit, as an application has them.
 * @extends {ZKConfigProvider<string>}
 */
class SmallCircuit extends ZKConfigProvider {
  async getZKIR() {
    return createZKIR(circuit().ir);
  }

  async getProverKey() {
    return createProverKey(circuit().proverKey);
  }

  async getVerifierKey() {
    return createVerifierKey(circuit().verifierKey);
  }
}

const contract = await deployedContract();
const keys = new SmallCircuit();
// Of the same state: once a call is applied, the transcript of another one no longer fits.
const another = contract.call();
const checked = await httpClientProvingProvider(url, keys).check(await preimageOf(contract.call()), 'count');
const proven = await httpClientProofProvider(url, keys).proveTx(contract.call());
const applied = contract.apply(proven.bind().serialize()).type;

const wallet = await Effect.runPromise(HttpProverClient.create({ url }));
process.stdout.write(JSON.stringify({ checked: checked.length, applied, shielded: await refusal(shielded()), unknown: await refusal(another) }));

/** A transaction with one shielded output, whose proof wants a key that is built in. */
function shielded() {
  const coin = createShieldedCoinInfo('00'.repeat(32), 1n);
  const output = ZswapOutput.new(coin, 0, sampleCoinPublicKey(), sampleEncryptionPublicKey());
  return Transaction.fromParts(NETWORK, ZswapOffer.fromOutput(output, coin.type, coin.value));
}

/**
 * What the wallet's client says when it cannot prove.
 * @param {import('@midnight-ntwrk/ledger-v8').UnprovenTransaction} transaction
 */
async function refusal(transaction) {
  const answer = await Effect.runPromise(Effect.either(wallet.proveTransaction(transaction, CostModel.initialCostModel())));
  if (answer._tag === 'Right') throw new Error('the wallet proved without keys');
  const said = [];
  for (let error = /** @type {unknown} */ (answer.left); error; error = error instanceof Error ? error.cause : undefined) said.push(String(error));
  return said.join('; ');
}
