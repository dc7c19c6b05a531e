import { isTrap, refusal, RequestError } from './errors.js';

/**
 * Runs a call on a circuit or transcript that somebody sent. Such input can trap the WebAssembly, also in a task of its own where the
 * caller's promise never ends; that is the input's fault, so it becomes an answer. The worker ends after it like after any trap.
 * @template T
 * @param {() => Promise<T>} call
 * @returns {Promise<T>}
 */
export async function untrusted(call) {
  /** @type {(error: unknown) => void} */
  let fail = () => {};
  const trapped = new Promise((_, reject) => (fail = reject));
  process.on('uncaughtException', fail);
  process.on('unhandledRejection', fail);
  try {
    return await /** @type {Promise<T>} */ (Promise.race([call(), trapped]));
  } catch (error) {
    throw isTrap(error) ? new RequestError('TRAPPED', 'The ledger cannot work with this circuit or transcript.') : asRefusal(error);
  } finally {
    process.off('uncaughtException', fail);
    process.off('unhandledRejection', fail);
  }
}

/** @param {unknown} error */
function asRefusal(error) {
  return typeof error === 'string' ? refusal(new Error(error)) : refusal(error);
}
