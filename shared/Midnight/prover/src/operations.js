import { isTrap, RequestError } from './errors.js';
import { drop, put } from './keys.js';
import { check, k, prove, proveTransaction } from './prove.js';

/**
 * @typedef {object} Answer
 * @property {Record<string, unknown>} result
 * @property {Uint8Array} [body]
 */
/** @typedef {(args: import('./arguments.js').Arguments, body: Uint8Array) => Promise<Answer>} Operation */

/** @type {Readonly<Record<string, Operation>>} */
const operations = Object.freeze({
  prove,
  check,
  k,
  'prove-tx': proveTransaction,
  keys: async (args, body) => (put(args, body), { result: {} }),
  drop: async (args) => (drop(args), { result: {} }),
});

/**
 * Answers one request and overwrites its frame: after this nothing of a witness is left in a buffer of the worker's.
 * @param {import('@midnightos/ledger/src/frames.js').Frame} frame
 * @returns {Promise<import('@midnightos/ledger/src/serve.js').Reply>}
 */
export async function answer(frame) {
  const { id, op } = frame.header;
  try {
    const operation = typeof op === 'string' && Object.hasOwn(operations, op) ? operations[op] : undefined;
    if (!operation) throw new RequestError('BAD_REQUEST', 'The operation is unknown.');
    const { result, body } = await operation(frame.header, frame.body);
    return { header: { id, ok: true, rss: process.memoryUsage.rss(), result }, ...(body && { body }), broken: false };
  } catch (error) {
    return { header: { id, ok: false, rss: process.memoryUsage.rss(), error: describe(error) }, broken: !(error instanceof RequestError) };
  } finally {
    frame.wipe();
  }
}

/** @param {unknown} error */
function describe(error) {
  if (error instanceof RequestError) return { code: error.code, message: error.message, ...error.details };
  if (isTrap(error)) return { code: 'TRAPPED', message: 'The prover stopped at this request.' };
  return { code: 'BROKEN', message: 'The worker stopped unexpectedly.' };
}
