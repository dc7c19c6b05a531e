import { Refusal } from '../chain/refusal.js';
import { log } from '../log.js';
import { METHODS } from './methods.js';

/** @typedef {import('./methods.js').Subscriptions} Subscriptions */

const MAX_BATCH = 100;

/**
 * Answers one JSON-RPC 2.0 message, single or a batch.
 * @param {import('../chain/chain.js').Chain} chain
 * @param {string} text
 * @param {Subscriptions} [subscriptions] on a WebSocket
 * @returns {unknown} the answer; undefined when every request was a notification
 */
export function answer(chain, text, subscriptions) {
  let message;
  try {
    message = JSON.parse(text);
  } catch {
    return failure(null, new Refusal(-32700, 'Parse error'));
  }
  if (!Array.isArray(message)) return answerOne(chain, message, subscriptions);
  if (message.length === 0) return failure(null, new Refusal(-32600, 'Invalid request'));
  if (message.length > MAX_BATCH) {
    return failure(null, new Refusal(-32010, 'The batch request was too large', `Exceeded max limit of ${MAX_BATCH}`));
  }
  const answers = message.map((request) => answerOne(chain, request, subscriptions)).filter((one) => one !== undefined);
  return answers.length > 0 ? answers : undefined;
}

/**
 * @param {import('../chain/chain.js').Chain} chain
 * @param {any} request
 * @param {Subscriptions | undefined} subscriptions
 */
function answerOne(chain, request, subscriptions) {
  const isCall = typeof request === 'object' && request !== null && request.jsonrpc === '2.0' && typeof request.method === 'string';
  const id = isId(request?.id) ? request.id : null;
  if (!isCall) return failure(id, new Refusal(-32600, 'Invalid request'));
  const result = call(chain, request, subscriptions);
  if (request.id === undefined) return undefined;
  return result instanceof Refusal ? failure(id, result) : { jsonrpc: '2.0', id, result };
}

/**
 * @param {import('../chain/chain.js').Chain} chain
 * @param {{ method: string, params?: unknown }} request
 * @param {Subscriptions | undefined} subscriptions
 */
function call(chain, { method, params = [] }, subscriptions) {
  const run = Object.hasOwn(METHODS, method) ? METHODS[method] : undefined;
  if (!run) return new Refusal(-32601, 'Method not found');
  if (!Array.isArray(params)) return new Refusal(-32602, 'Invalid params', 'params must be an array');
  try {
    return run(chain, params, subscriptions);
  } catch (error) {
    if (error instanceof Refusal) return error;
    log('error', 'rpc.failed', { method, message: String(error) });
    return new Refusal(-32603, 'Internal error');
  }
}

/**
 * @param {unknown} id
 * @param {Refusal} refusal
 */
function failure(id, { code, message, data }) {
  return { jsonrpc: '2.0', id, error: data === undefined ? { code, message } : { code, message, data } };
}

/** @param {unknown} id */
const isId = (id) => typeof id === 'string' || typeof id === 'number';
