import { check as runCheck, prove as runProve, provingProvider, Zkir } from '@midnight-ntwrk/zkir-v2';
import { bindingInput, hex32, integer, keyLocations, parameterFiles } from './arguments.js';
import { checkedSkips, versionedProof } from './encoding.js';
import { isTrap, RequestError, sentence } from './errors.js';
import * as keys from './keys.js';
import { MAX_FRAME } from './limits.js';
import { Parameters } from './parameters.js';

const NOTHING = new Uint8Array(0);

/** @typedef {import('./operations.js').Answer} Answer */

/**
 * @param {import('./arguments.js').Arguments} args
 * @param {Uint8Array} preimage
 * @returns {Promise<Answer>}
 */
export async function prove(args, preimage) {
  const material = keys.get(hex32(args, 'keys'));
  const parameters = new Parameters(parameterFiles(args));
  const binding = bindingInput(args);
  const provider = { lookupKey: async () => material, getParams: async (/** @type {number} */ k) => parameters.get(k) };
  const proof = await official(() => runProve(preimage, provider, binding), parameters);
  return { result: { k: parameters.k }, body: versionedProof(proof) };
}

/**
 * @param {import('./arguments.js').Arguments} args
 * @param {Uint8Array} body the preimage and, behind it, the circuit
 * @returns {Promise<Answer>}
 */
export async function check(args, body) {
  const length = integer(args, 'preimage', MAX_FRAME);
  const material = { proverKey: NOTHING, verifierKey: NOTHING, ir: body.subarray(length) };
  const provider = { lookupKey: async () => material, getParams: () => Promise.reject(new Error('a check needs no parameters')) };
  return { result: {}, body: checkedSkips(await official(() => runCheck(body.subarray(0, length), provider))) };
}

/**
 * @param {import('./arguments.js').Arguments} _
 * @param {Uint8Array} ir
 * @returns {Promise<Answer>}
 */
export async function k(_, ir) {
  return { result: { k: await official(async () => Zkir.deserialize(ir).getK()) } };
}

/**
 * Makes all the proofs of a transaction, at the ledger's initial cost model as the official server does.
 * @param {import('./arguments.js').Arguments} args
 * @param {Uint8Array} bytes
 * @returns {Promise<Answer>}
 */
export async function proveTransaction(args, bytes) {
  // Ten megabytes that no other operation needs.
  const { CostModel, Transaction } = await import('@midnight-ntwrk/ledger-v8');
  const locations = keyLocations(args);
  const parameters = new Parameters(parameterFiles(args));
  /** @type {RequestError | undefined} */
  let missing;
  const lookupKey = async (/** @type {string} */ location) => {
    const hash = locations.get(location);
    try {
      if (hash === undefined) throw new RequestError('MISSING_KEYS', 'The keys of a circuit are wanted.', { location });
      return keys.get(hash);
    } catch (error) {
      if (error instanceof RequestError) missing ??= error;
      throw error;
    }
  };
  const provider = provingProvider({ lookupKey, getParams: async (/** @type {number} */ wanted) => parameters.get(wanted) });
  const proven = await official(async () => {
    const unproven = Transaction.deserialize('signature', 'pre-proof', 'pre-binding', bytes);
    return (await unproven.prove(provider, CostModel.initialCostModel())).serialize();
  }, parameters, () => missing);
  return { result: { ...(parameters.k !== undefined && { k: parameters.k }) }, body: proven };
}

/**
 * Runs the official code. What it refuses is the request's fault, unless it lacked what was asked of the host.
 * @template T
 * @param {() => Promise<T>} run
 * @param {Parameters} [parameters]
 * @param {() => RequestError | undefined} [missing]
 * @returns {Promise<T>}
 */
async function official(run, parameters, missing) {
  try {
    return await trapped(run);
  } catch (error) {
    const lacking = parameters?.failure ?? missing?.();
    if (lacking) throw lacking;
    if (error instanceof RequestError || isTrap(error)) throw error;
    throw new RequestError('BAD_INPUT', sentence(error));
  }
}

/**
 * A panic within a promise of the official code never settles that promise: it comes up as an uncaught exception.
 * @template T
 * @param {() => Promise<T>} run
 * @returns {Promise<T>}
 */
async function trapped(run) {
  /** @type {(error: unknown) => void} */
  let stop = () => {};
  const panic = new Promise((_, reject) => (stop = reject));
  process.once('uncaughtException', stop);
  try {
    return /** @type {T} */ (await Promise.race([run(), panic]));
  } finally {
    process.off('uncaughtException', stop);
  }
}
