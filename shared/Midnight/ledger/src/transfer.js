import {
  CostModel,
  Intent,
  LedgerParameters,
  signatureVerifyingKey,
  signData,
  signingKeyFromBip340,
  Transaction,
  UnshieldedOffer,
} from '@midnight-ntwrk/ledger-v8';
import { amount, badArgument, hex32, integer, list, MAX_AMOUNT, network, timeToLive } from './arguments.js';
import { ledgerCall, refusal, RequestError } from './errors.js';
import { Role, withKeys } from './keys.js';

/** The segment that a transaction made of one intent puts it in. */
const SEGMENT = 1;

/**
 * A section of an intent. The coins that it makes carry the intent's hash at its segment: guaranteed ones always that of segment 0.
 * @typedef {{ offer: 'guaranteedUnshieldedOffer' | 'fallibleUnshieldedOffer', segment: number }} Section
 */
/** @type {Section} */
const GUARANTEED = { offer: 'guaranteedUnshieldedOffer', segment: 0 };
/** @type {Section} */
const FALLIBLE = { offer: 'fallibleUnshieldedOffer', segment: SEGMENT };

/**
 * So many coins, spent and made together, fit into the guaranteed section whatever they are: one costs at most 2.4 of its 15 ms and
 * the rest 1.3. Asking the ledger takes a third of the time that building does.
 */
const SURELY_GUARANTEED = 5;

/** @typedef {{ value: bigint, type: string, intentHash: string, outputNo: number }} Input */
/** @typedef {{ value: bigint, type: string, owner: string }} Output */
/** @typedef {{ owner: string, sign: (data: Uint8Array) => string }} Signer */
/** @typedef {{ transaction: import('@midnight-ntwrk/ledger-v8').UnprovenTransaction, intentHash: string }} Assembled */
/** @typedef {import('./arguments.js').Arguments} Arguments */

/**
 * Builds a transfer of unshielded coins, signs it for every input and binds it: it needs no proof. Its coins are all the wallet's own.
 * @param {Arguments} args `network`, `ttl`, `inputs`, `outputs`
 * @param {Uint8Array} seed
 */
export async function transfer(args, seed) {
  const { transaction, intentHash } = signed(args, seed);
  const { result, body } = await bound(transaction);
  return { result: { intentHash, ...result }, body };
}

/**
 * Builds and signs the same transfer and leaves it unproven and unbound.
 * @param {Arguments} args as of {@link transfer}
 * @param {Uint8Array} seed
 */
export function build(args, seed) {
  const { transaction, intentHash } = signed(args, seed);
  return { result: { intentHash, proofsRequired: 0 }, body: ledgerCall(() => transaction.serialize()) };
}

/**
 * @param {Arguments} args
 * @param {Uint8Array} seed
 * @returns {Assembled}
 */
function signed(args, seed) {
  const networkId = network(args);
  const ttl = timeToLive(args);
  const inputs = list(args, 'inputs', readInput);
  const outputs = list(args, 'outputs', readOutput);
  refuseRepeated(inputs);
  refuseUnbalanced(inputs, outputs);

  return withKeys(seed, [Role.night], ([key]) =>
    ledgerCall(() => {
      const signer = signerOf(/** @type {Buffer} */ (key));
      return inFittingSection(inputs.length + outputs.length, (section) => assemble(section, signer, networkId, ttl, inputs, outputs));
    }),
  );
}

/**
 * Turns an unproven transaction that needs no proof into the bytes that a node takes.
 * @param {Uint8Array} bytes
 */
export async function finish(bytes) {
  return bound(ledgerCall(() => deserialize(bytes)));
}

/** @param {import('@midnight-ntwrk/ledger-v8').UnprovenTransaction} unproven */
async function bound(unproven) {
  const proven = await withoutProofs(unproven);
  return ledgerCall(() => {
    const bound = proven.bind();
    return { result: { hash: bound.transactionHash(), identifiers: bound.identifiers() }, body: bound.serialize() };
  });
}

/**
 * @param {Uint8Array} bytes
 * @returns {import('@midnight-ntwrk/ledger-v8').UnprovenTransaction}
 */
function deserialize(bytes) {
  return Transaction.deserialize('signature', 'pre-proof', 'pre-binding', bytes);
}

/** @type {LedgerParameters | undefined} */
let parameters;

/**
 * Puts a transfer into the guaranteed section, where it happens wholly or not at all. A node spends at most 15 ms on that section
 * of a small transaction, which is about four coins and two outputs; a larger transfer goes into the fallible section.
 *
 * @param {number} coins how many coins it spends and makes
 * @param {(section: Section) => Assembled} make
 * @returns {Assembled}
 * @throws when the ledger takes it in neither
 */
function inFittingSection(coins, make) {
  const guaranteed = make(GUARANTEED);
  if (coins <= SURELY_GUARANTEED) return guaranteed;
  parameters ??= LedgerParameters.initialParameters();
  if (fits(guaranteed.transaction, parameters)) return guaranteed;
  const fallible = make(FALLIBLE);
  fallible.transaction.fees(parameters, true);
  return fallible;
}

/**
 * @param {import('@midnight-ntwrk/ledger-v8').UnprovenTransaction} transaction
 * @param {LedgerParameters} parameters
 */
function fits(transaction, parameters) {
  try {
    transaction.fees(parameters, true);
    return true;
  } catch (error) {
    if (refusal(error) instanceof RequestError) return false;
    throw error;
  }
}

/**
 * @param {Section} section
 * @param {Signer} signer
 * @param {string} networkId
 * @param {Date} ttl
 * @param {Input[]} inputs
 * @param {Output[]} outputs
 * @returns {Assembled}
 */
function assemble(section, signer, networkId, ttl, inputs, outputs) {
  const intent = Intent.new(ttl);
  const offer = UnshieldedOffer.new(inputs.map((input) => ({ ...input, owner: signer.owner })), outputs, []);
  intent[section.offer] = offer;
  // Every input wants a signature by its owner over the same data. All inputs have one owner: one signature serves them all.
  const signature = signer.sign(intent.signatureData(SEGMENT));
  intent[section.offer] = offer.addSignatures(inputs.map(() => signature));
  return { transaction: Transaction.fromParts(networkId, undefined, undefined, intent), intentHash: intent.intentHash(section.segment) };
}

/**
 * @param {Buffer} key
 * @returns {Signer}
 */
function signerOf(key) {
  const signingKey = signingKeyFromBip340(key);
  return { owner: signatureVerifyingKey(signingKey), sign: (data) => signData(signingKey, data) };
}

/** @param {import('@midnight-ntwrk/ledger-v8').UnprovenTransaction} transaction */
async function withoutProofs(transaction) {
  let asked = false;
  const refuse = () => {
    asked = true;
    throw new Error('a proof is needed');
  };
  try {
    return await transaction.prove({ check: refuse, prove: refuse }, CostModel.initialCostModel());
  } catch (error) {
    if (asked) throw new RequestError('PROOF_REQUIRED', 'The transaction needs a proof.');
    throw refusal(error);
  }
}

/**
 * @param {Arguments} item
 * @param {string} path
 * @returns {Input}
 */
function readInput(item, path) {
  return {
    value: amount(item, 'value', `${path}.value`),
    type: hex32(item, 'token', `${path}.token`),
    intentHash: hex32(item, 'intentHash', `${path}.intentHash`),
    outputNo: integer(item, 'outputNo', 0, 0xffffffff, `${path}.outputNo`),
  };
}

/**
 * @param {Arguments} item
 * @param {string} path
 * @returns {Output}
 */
function readOutput(item, path) {
  return {
    value: amount(item, 'value', `${path}.value`),
    type: hex32(item, 'token', `${path}.token`),
    owner: hex32(item, 'owner', `${path}.owner`),
  };
}

/** @param {Input[]} inputs */
function refuseRepeated(inputs) {
  const coins = new Set(inputs.map((input) => `${input.intentHash}:${input.outputNo}`));
  if (coins.size !== inputs.length) throw badArgument('inputs', 'a list of different coins');
}

/**
 * For each token as much has to be made as is spent. The ledger itself would let a surplus pass, and the money would be gone.
 * @param {Input[]} inputs
 * @param {Output[]} outputs
 */
function refuseUnbalanced(inputs, outputs) {
  const spent = totals(inputs);
  const made = totals(outputs);
  if ([...spent.values()].some((sum) => sum > MAX_AMOUNT)) throw badArgument('inputs', 'coins whose sum is below 2^128');
  if (spent.size === made.size && [...spent].every(([token, sum]) => made.get(token) === sum)) return;
  throw new RequestError('UNBALANCED', 'The values of the inputs and of the outputs differ.');
}

/**
 * @param {{ value: bigint, type: string }[]} coins
 * @returns {Map<string, bigint>} token to atomic units
 */
function totals(coins) {
  const sums = new Map();
  for (const { type, value } of coins) sums.set(type, (sums.get(type) ?? 0n) + value);
  return sums;
}
