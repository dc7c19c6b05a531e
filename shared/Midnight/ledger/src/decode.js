import { addressFromKey, Transaction } from '@midnight-ntwrk/ledger-v8';
import { ledgerCall } from './errors.js';

/** @typedef {import('@midnight-ntwrk/ledger-v8').SignatureEnabled} Signed */
/** @typedef {import('@midnight-ntwrk/ledger-v8').Proof} Proven */
/** @typedef {import('@midnight-ntwrk/ledger-v8').Binding} Bound */
/** @typedef {import('@midnight-ntwrk/ledger-v8').Intent<Signed, Proven, Bound>} Intent */
/** @typedef {import('@midnight-ntwrk/ledger-v8').UnshieldedOffer<Signed> | undefined} Offer */

/**
 * Says what a bound transaction does. Works on any transaction, not only on transfers that this worker built.
 * @param {Uint8Array} bytes
 */
export function decode(bytes) {
  return ledgerCall(() => {
    const transaction = Transaction.deserialize('signature', 'proof', 'binding', bytes);
    const intents = [...(transaction.intents ?? new Map()).entries()].sort(([left], [right]) => left - right);
    return {
      result: {
        hash: transaction.transactionHash(),
        identifiers: transaction.identifiers(),
        networkId: networkOf(transaction),
        ttl: earliestTtl(intents.map(([, intent]) => intent)),
        unshielded: {
          inputs: intents.flatMap(([, intent]) => offersOf(intent).flatMap(inputsOf)),
          outputs: intents.flatMap(([segment, intent]) => outputsOf(segment, intent)),
        },
      },
    };
  });
}

/**
 * The library has no getter for the network, but its textual form begins with it.
 * @param {{ toString(compact?: boolean): string }} transaction
 * @returns {string | null}
 */
function networkOf(transaction) {
  return /network_id: "([^"]*)"/.exec(transaction.toString(true))?.[1] ?? null;
}

/**
 * @param {Intent[]} intents
 * @returns {number | null} unix seconds; the transaction is refused once its first intent has expired
 */
function earliestTtl(intents) {
  if (intents.length === 0) return null;
  return Math.floor(Math.min(...intents.map((intent) => intent.ttl.getTime())) / 1000);
}

/** @param {Intent} intent */
function offersOf(intent) {
  return [intent.guaranteedUnshieldedOffer, intent.fallibleUnshieldedOffer];
}

/** @param {Offer} offer */
function inputsOf(offer) {
  return (offer?.inputs ?? []).map((input) => ({
    intentHash: input.intentHash,
    outputNo: input.outputNo,
    value: input.value.toString(),
    token: input.type,
    owner: addressFromKey(input.owner),
  }));
}

/**
 * An output becomes the coin (intent hash, number in its offer). The hash of a guaranteed offer's coins is taken at segment 0.
 * @param {number} segment
 * @param {Intent} intent
 */
function outputsOf(segment, intent) {
  const [guaranteed, fallible] = offersOf(intent);
  return [...coins(guaranteed, intent, 0), ...coins(fallible, intent, segment)];
}

/**
 * @param {Offer} offer
 * @param {Intent} intent
 * @param {number} segment
 */
function coins(offer, intent, segment) {
  if (!offer) return [];
  const intentHash = intent.intentHash(segment);
  return offer.outputs.map((output, outputNo) => ({
    intentHash,
    outputNo,
    value: output.value.toString(),
    token: output.type,
    owner: output.owner,
  }));
}
