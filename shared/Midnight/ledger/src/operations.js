import { call } from './contract.js';
import { decode } from './decode.js';
import { derive } from './derive.js';
import { RequestError } from './errors.js';
import { finishWithProofs, proofRequests } from './proofs.js';
import { finish, transfer } from './transfer.js';

/**
 * @typedef {object} Answer
 * @property {Record<string, unknown>} result
 * @property {Uint8Array} [body]
 */
/** @typedef {(args: import('./arguments.js').Arguments, body: Uint8Array) => Answer | Promise<Answer>} Operation */

let done = 0;

/** @type {Readonly<Record<string, Operation>>} */
const operations = Object.freeze({
  derive,
  transfer,
  finish: (args, body) => (args.proofs === undefined ? finish(body) : finishWithProofs(args, body)),
  call,
  'proof-requests': proofRequests,
  decode: (_, body) => decode(body),
  stats: () => ({ result: { rss: process.memoryUsage.rss(), operations: done } }),
});

/**
 * Answers one request and overwrites its frame: after this nothing of a seed is left in a buffer of the worker's.
 * @param {import('./frames.js').Frame} frame
 * @returns {Promise<{ header: Record<string, unknown>, body?: Uint8Array, broken: boolean }>} the answer, and whether the worker
 *   has to end after it
 */
export async function answer(frame) {
  const { id, op } = frame.header;
  try {
    const operation = typeof op === 'string' && Object.hasOwn(operations, op) ? operations[op] : undefined;
    if (!operation) throw new RequestError('BAD_REQUEST', 'The operation is unknown.');
    const { result, body } = await operation(frame.header, frame.body);
    done += 1;
    return { header: { id, ok: true, rss: process.memoryUsage.rss(), result }, ...(body && { body }), broken: false };
  } catch (error) {
    return { header: { id, ok: false, rss: process.memoryUsage.rss(), error: describe(error) }, broken: !(error instanceof RequestError) || error.code === 'TRAPPED' };
  } finally {
    frame.wipe();
  }
}

/** @param {unknown} error */
function describe(error) {
  if (error instanceof RequestError) return { code: error.code, message: error.message };
  return { code: 'BROKEN', message: 'The worker stopped unexpectedly.' };
}
