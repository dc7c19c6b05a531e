import * as ledger from '@midnight-ntwrk/ledger-v8';

export { ledger };

/** The only network this chain may be: minting for tests must never meet a live network id. */
export const NETWORK = 'undeployed';

/** Protocol version of the node release (1.0.0) that runs ledger 8, as the official indexer reports it. */
export const PROTOCOL_VERSION = 1_000_000;

/** @typedef {import('@midnight-ntwrk/ledger-v8').LedgerState} LedgerState */
/** @typedef {import('@midnight-ntwrk/ledger-v8').FinalizedTransaction} FinalizedTransaction */
/** @typedef {import('@midnight-ntwrk/ledger-v8').VerifiedTransaction} VerifiedTransaction */
/** @typedef {import('@midnight-ntwrk/ledger-v8').LedgerParameters} LedgerParameters */

/**
 * @param {Uint8Array} raw a proven and bound transaction
 * @returns {FinalizedTransaction}
 * @throws when the bytes are not such a transaction
 */
export function decodeTransaction(raw) {
  return ledger.Transaction.deserialize('signature', 'proof', 'binding', raw);
}

// `overall_price` is the i128 at these bytes of the 707 bytes of `ledger-parameters[v5]`.
const PRICE_START = 575;
const PRICE_END = 591;

/**
 * The same parameters with a fee price of zero.
 * @param {LedgerParameters} parameters
 */
function withoutPrice(parameters) {
  const bytes = Uint8Array.from(parameters.serialize());
  bytes.fill(0, PRICE_START, PRICE_END);
  return ledger.LedgerParameters.deserialize(bytes);
}

const FREE = withoutPrice(ledger.LedgerParameters.initialParameters());

/**
 * A blank ledger of the devnet.
 * @param {boolean} fees
 */
export function genesisState(fees) {
  const state = ledger.LedgerState.blank(NETWORK);
  if (!fees) state.parameters = FREE;
  return state;
}

/**
 * Ends a block in the ledger. Without fees the parameters are set again: the ledger moves prices with every block
 * and floors them at 100/2^64.
 * @param {LedgerState} state
 * @param {Date} time
 * @param {import('@midnight-ntwrk/ledger-v8').SyntheticCost} cost of the block's successful transactions
 * @param {boolean} fees
 */
export function endBlock(state, time, cost, fees) {
  const fullness = state.parameters.normalizeFullness(cost);
  const overall = Math.max(fullness.readTime, fullness.computeTime, fullness.blockUsage, fullness.bytesWritten, fullness.bytesChurned);
  const next = state.postBlockUpdate(time, fullness, overall);
  if (!fees) next.parameters = FREE;
  return next;
}

/** @returns {import('@midnight-ntwrk/ledger-v8').SyntheticCost} */
export const noCost = () => ({ readTime: 0n, computeTime: 0n, blockUsage: 0n, bytesWritten: 0n, bytesChurned: 0n });

/**
 * @param {import('@midnight-ntwrk/ledger-v8').SyntheticCost} a
 * @param {import('@midnight-ntwrk/ledger-v8').SyntheticCost} b
 */
export const addCost = (a, b) => ({
  readTime: a.readTime + b.readTime,
  computeTime: a.computeTime + b.computeTime,
  blockUsage: a.blockUsage + b.blockUsage,
  bytesWritten: a.bytesWritten + b.bytesWritten,
  bytesChurned: a.bytesChurned + b.bytesChurned,
});

/**
 * Releases WebAssembly memory at once; the garbage collector sees only the small handle and would wait too long.
 * @param {...(object | undefined)} handles
 */
export function release(...handles) {
  for (const handle of handles) {
    const { free } = /** @type {{ free?: () => void }} */ (handle ?? {});
    if (free) free.call(handle);
  }
}
