import { isTrap as isRuntimeError } from '@midnightos/ledger/src/errors.js';

/**
 * An expected failure of one request. Its code, message and details are sent to the host; none of them repeats a value of the
 * request: a preimage is a private witness.
 */
export class RequestError extends Error {
  /**
   * @param {'BAD_INPUT' | 'BAD_REQUEST' | 'MISSING_KEYS' | 'MISSING_PARAMETERS' | 'DAMAGED_PARAMETERS' | 'TRAPPED'} code
   * @param {string} message
   * @param {{ k?: number, location?: string, hash?: string }} [details] what is missing
   */
  constructor(code, message, details = {}) {
    super(message);
    this.name = 'RequestError';
    this.code = code;
    this.details = details;
  }
}

const GENERIC = 'The prover refused the request.';

/**
 * What the official code says, without the values that it repeats: they stand behind a colon or in quotes and brackets.
 * @param {unknown} error
 * @returns {string} one sentence
 */
export function sentence(error) {
  const message = error instanceof Error ? error.message : String(error);
  const start = (message.split(/[:;"'`()[\]{}<>\n]/, 1)[0] ?? '').trim();
  if (start.length < 3 || start.length > 120 || /\d{6,}|0x/i.test(start)) return GENERIC;
  return `${start[0]?.toUpperCase()}${start.slice(1)}.`;
}

/**
 * WebAssembly stopped: a panic of the official code, no memory, or no stack. Its memory cannot be trusted after that.
 * @param {unknown} error
 */
export function isTrap(error) {
  return isRuntimeError(error) || error instanceof RangeError;
}
