/**
 * An expected failure of one request. Its code and message are sent to the caller, so the message names what was wrong
 * and never repeats a value.
 */
export class RequestError extends Error {
  /**
   * @param {'BAD_REQUEST' | 'UNBALANCED' | 'BAD_SEED' | 'PROOF_REQUIRED' | 'ENTRY_POINT' | 'VERIFIER_KEY' | 'LEDGER' | 'TRAPPED'} code
   * @param {string} message
   */
  constructor(code, message) {
    super(message);
    this.name = 'RequestError';
    this.code = code;
  }
}

/** Bytes that are not a frame. There is no way to find the next frame after them, so the worker ends. */
export class FrameError extends Error {
  /** @param {string} message */
  constructor(message) {
    super(message);
    this.name = 'FrameError';
  }
}

/**
 * Runs a call of the ledger and turns its refusal into a `LEDGER` error.
 *
 * A WebAssembly trap is passed on as it is: after it the instance's memory can no longer be trusted.
 *
 * @template T
 * @param {() => T} call
 * @returns {T}
 */
export function ledgerCall(call) {
  try {
    return call();
  } catch (error) {
    throw refusal(error);
  }
}

/**
 * @param {unknown} error
 * @returns {unknown} what to throw instead
 */
export function refusal(error) {
  if (error instanceof RequestError || isTrap(error)) return error;
  return new RequestError('LEDGER', error instanceof Error ? error.message : 'The ledger refused the request.');
}

/**
 * Whether the WebAssembly trapped: its memory cannot be trusted after that.
 * @param {unknown} error
 */
export function isTrap(error) {
  return error instanceof Error && error.name === 'RuntimeError';
}
