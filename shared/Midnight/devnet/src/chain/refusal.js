/**
 * Why a transaction is not taken. `code` and `message` are the JSON-RPC error of the official node's pool, `data` its
 * text with the ledger's reason behind it, `Custom error: <number>` being the runtime's number of that reason.
 */
export class Refusal extends Error {
  /**
   * @param {number} code
   * @param {string} message
   * @param {string} [data]
   */
  constructor(code, message, data) {
    super(message);
    this.code = code;
    this.data = data;
  }
}

/** @param {string} reason */
export const badFormat = (reason) => new Refusal(1001, `Extrinsic has invalid format: ${reason}`);

/**
 * @param {number} number of the runtime's error
 * @param {string} reason
 */
export const invalid = (number, reason) => new Refusal(1010, 'Invalid Transaction', `Custom error: ${number} (${printable(reason)})`);

/**
 * The ledger's words may quote what was sent.
 * @param {string} text
 */
const printable = (text) => text.replace(/[^\x20-\x7e]+/g, '?').slice(0, 400);

/** @param {string} hash of the extrinsic, `0x` hex */
export const alreadyImported = (hash) => new Refusal(1013, 'Transaction Already Imported', `[${hash}]`);

export const poolFull = () =>
  new Refusal(1016, 'Immediately Dropped', "The transaction couldn't enter the pool because of the limit");

export const CANNOT_DECODE = 1;
export const INPUT_NOT_IN_UTXOS = 195;
export const TTL_EXPIRED = 242;
export const INTENT_ALREADY_EXISTS = 244;
const MALFORMED_UNKNOWN = 139;

/**
 * Words of the ledger's refusals → numbers of the official node's runtime
 * (`From<LedgerApiError> for u8` in midnight-node, `ledger/src/versions/common/types.rs`).
 * @type {[RegExp, number][]}
 */
const NUMBERS = [
  [/Intent TTL has expired|IntentTtlExpired/, TTL_EXPIRED],
  [/TTL.*too far|IntentTtlTooFarInFuture/i, 243],
  [/IntentAlreadyExists|already exists/i, INTENT_ALREADY_EXISTS],
  [/network/i, 165],
  [/signature verification failed|failed to verify signature|signature/i, 178],
  [/balanc|insufficient|overspend/i, 126],
];

/**
 * The refusal for what `wellFormed` threw.
 * @param {unknown} error
 */
export function malformed(error) {
  const reason = error instanceof Error ? error.message : String(error);
  const number = NUMBERS.find(([pattern]) => pattern.test(reason))?.[1] ?? MALFORMED_UNKNOWN;
  return invalid(number, reason);
}
