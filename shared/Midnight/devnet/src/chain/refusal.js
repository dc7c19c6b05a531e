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
export const INTENT_ALREADY_EXISTS = 244;
const MALFORMED_UNKNOWN = 139;
const HOST_ERROR = 255;

/**
 * Words of the ledger's refusals (`Display` of `MalformedTransaction`, midnight-ledger 8.1.0, `ledger/src/error.rs`) → numbers
 * of the official node's runtime (`From<LedgerApiError> for u8`, midnight-node, `ledger/src/versions/common/types.rs`).
 * @type {[RegExp, number][]}
 */
const NUMBERS = [
  [/Intent TTL has expired/, 228],
  [/TTL.*too far/i, 229],
  [/already exists/i, 230],
  [/invalid network ID/, 166],
  [/balance must be positive/, 138],
  [/maximum time to dismiss/, 231],
  [/block limit/i, 232],
  [/dust registration/i, 169],
  [/dust validity window|validity window/i, 171],
  [/multiple dust registrations/i, 172],
  [/insufficient dust to cover registration/, 173],
  [/signature verification failed|unable to verify/i, 175],
  [/key mismatch|does not match/i, 176],
  [/transaction too large/, 111],
  [/non-existant contract/, 114],
  [/does not have a verifier key/, 113],
  [/without a verifier key/, 110],
  [/binding commitment was incorrectly opened/, 116],
  [/binding commitment calculation mismatch/, 185],
  [/number of inputs .* and signatures/, 192],
  [/too large for deserialization/, 112],
  [/not in normal form/, 117],
  [/Schnorr proof/, 123],
  [/failed to verify proof/, 115],
  [/inputs.*not sorted/i, 189],
  [/outputs.*not sorted/i, 190],
  [/duplicate/i, 191],
];

/**
 * The refusal for what the ledger threw while it checked a transaction.
 * @param {unknown} error
 */
export function malformed(error) {
  const reason = error instanceof Error ? error.message : String(error);
  if (error instanceof WebAssembly.RuntimeError) return invalid(HOST_ERROR, `the ledger broke off: ${reason}`);
  const number = NUMBERS.find(([pattern]) => pattern.test(reason))?.[1] ?? MALFORMED_UNKNOWN;
  return invalid(number, reason);
}
