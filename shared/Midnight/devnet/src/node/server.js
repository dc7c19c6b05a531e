import { randomBytes } from 'node:crypto';
import { WebSocketServer } from 'ws';
import { BodyTooLarge, closeServer, listen, readBody, sendJson } from '../http.js';
import { log } from '../log.js';
import { answer } from './jsonRpc.js';

/** @typedef {import('../chain/chain.js').Chain} Chain */

/** A transaction of at most 1 MiB as hex, with room for a batch. */
const MAX_BODY = 15 * 1024 * 1024;
const MAX_SUBSCRIPTIONS = 1024;
/** Bytes that may wait for a client that does not read, before it is cut off. */
const MAX_UNSENT = 4 * 1024 * 1024;

/**
 * Serves the node's JSON-RPC by HTTP POST and by WebSocket on one port.
 * @param {Chain} chain
 * @param {string} host
 * @param {number} port
 */
export async function startNode(chain, host, port) {
  const { server, url } = await listen((request, response) => void onRequest(chain, request, response), host, port);
  const sockets = new WebSocketServer({ server, maxPayload: MAX_BODY });
  sockets.on('connection', (socket) => onConnection(chain, socket));
  const close = async () => {
    for (const socket of sockets.clients) socket.terminate();
    await closeServer(server);
  };
  return { url, close };
}

/**
 * @param {Chain} chain
 * @param {import('node:http').IncomingMessage} request
 * @param {import('node:http').ServerResponse} response
 */
async function onRequest(chain, request, response) {
  if (request.method === 'GET' && request.url === '/health') return sendJson(response, 200, { isSyncing: false, peers: 0 });
  if (request.method !== 'POST') return sendJson(response, 405, { error: 'JSON-RPC is served by POST and by WebSocket' });
  try {
    const body = await readBody(request, MAX_BODY);
    const result = answer(chain, body.toString('utf8'));
    return sendJson(response, result === undefined ? 204 : 200, result);
  } catch (error) {
    if (error instanceof BodyTooLarge) return sendJson(response, 413, { error: error.message });
    log('info', 'rpc.aborted', { message: String(error) });
    return void response.destroy();
  }
}

/**
 * @param {Chain} chain
 * @param {import('ws').WebSocket} socket
 */
function onConnection(chain, socket) {
  /** @type {Set<string>} */
  const open = new Set();
  const send = (/** @type {unknown} */ message) => {
    if (socket.readyState !== socket.OPEN) return;
    if (socket.bufferedAmount > MAX_UNSENT) return socket.terminate();
    socket.send(JSON.stringify(message));
  };
  /** @type {import('./methods.js').Subscriptions} */
  const subscriptions = {
    open(method) {
      if (open.size >= MAX_SUBSCRIPTIONS) open.delete(/** @type {string} */ (open.values().next().value));
      const id = randomBytes(8).toString('hex');
      open.add(id);
      // The answer with the subscription's id goes first.
      const push = (/** @type {unknown} */ result) =>
        setImmediate(() => {
          if (open.has(id)) send({ jsonrpc: '2.0', method, params: { subscription: id, result } });
        });
      return { id, send: push, end: () => void setImmediate(() => open.delete(id)), isOpen: () => open.has(id) };
    },
    close: (id) => open.delete(id),
  };
  socket.on('message', (data) => {
    const result = answer(chain, data.toString(), subscriptions);
    if (result !== undefined) send(result);
  });
  socket.on('error', (error) => log('info', 'rpc.socket-error', { message: error.message }));
  socket.on('close', () => open.clear());
}
