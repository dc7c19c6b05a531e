import { useServer } from 'graphql-ws/use/ws';
import { createYoga } from 'graphql-yoga';
import { WebSocketServer } from 'ws';
import { BodyTooLarge, closeServer, listen, readBody, sendJson } from '../http.js';
import { log } from '../log.js';
import { rememberedDocuments } from './documents.js';
import { noSubscriptions, sizeLimit } from './limits.js';
import { indexerSchema } from './schema.js';
import { Views } from './views.js';

/** @typedef {import('../chain/chain.js').Chain} Chain */
/** @typedef {(request: import('node:http').IncomingMessage, response: import('node:http').ServerResponse, path: string) => Promise<boolean>} Extra */

const PATHS = new Set(['/api/v4/graphql', '/api/v3/graphql']);
/** The official indexer's limits: body and subscriptions of one connection. */
const MAX_BODY = 1024 * 1024;
const MAX_SUBSCRIPTIONS = 20;

/**
 * Serves the indexer's GraphQL by HTTP and WebSocket, and the devnet's own routes beside it.
 * @param {Chain} chain
 * @param {string} host
 * @param {number} port
 * @param {Extra} extra answers a path that is not the indexer's, or says no
 */
export async function startIndexer(chain, host, port, extra) {
  const schema = indexerSchema();
  const yoga = graphqlHandler(chain, schema);
  const { server, url } = await listen((request, response) => void onRequest(yoga, extra, request, response), host, port);
  const sockets = new WebSocketServer({ noServer: true, maxPayload: MAX_BODY, handleProtocols: (offered) => (offered.has('graphql-transport-ws') ? 'graphql-transport-ws' : false) });
  const subscriptions = useServer(socketOptions(chain, schema), sockets);
  server.on('upgrade', (request, socket, head) => {
    const path = pathOf(request);
    if (!path.endsWith('/ws') || !PATHS.has(path.slice(0, -3))) return void socket.end('HTTP/1.1 404 Not Found\r\n\r\n');
    sockets.handleUpgrade(request, socket, head, (client) => sockets.emit('connection', client, request));
  });
  const close = async () => {
    for (const client of sockets.clients) client.terminate();
    await subscriptions.dispose();
    await closeServer(server);
  };
  return { url, close };
}

/** @type {import('graphql-yoga').Plugin<{ views: Views }>} */
const RULES = {
  onValidate({ addValidationRule }) {
    addValidationRule(sizeLimit);
    addValidationRule(noSubscriptions);
  },
  onExecute: ({ args }) => ({
    onExecuteDone: ({ result, setResult }) => setResult(withNotes(/** @type {import('graphql').ExecutionResult} */ (result), args.contextValue.views)),
  }),
};

/**
 * @param {Chain} chain
 * @param {import('graphql').GraphQLSchema} schema
 */
function graphqlHandler(chain, schema) {
  return createYoga({
    schema,
    graphqlEndpoint: '/api/:version/graphql',
    graphiql: false,
    landingPage: false,
    batching: false,
    logging: { debug() {}, info() {}, warn() {}, error: (...args) => log('error', 'graphql.failed', { message: args.map(String).join(' ') }) },
    context: () => ({ chain, views: new Views(chain) }),
    plugins: [RULES],
  });
}

/**
 * @param {Chain} chain
 * @param {import('graphql').GraphQLSchema} schema
 * @returns {import('graphql-ws').ServerOptions}
 */
function socketOptions(chain, schema) {
  return {
    schema,
    context: () => ({ chain, views: new Views(chain) }),
    ...rememberedDocuments(),
    onSubscribe(context) {
      // The new one is already among them.
      if (Object.keys(context.subscriptions).length > MAX_SUBSCRIPTIONS) throw new Error('subscription limit exceeded');
    },
    onNext: (_context, _id, _payload, args, result) => withNotes(result, /** @type {any} */ (args.contextValue).views),
  };
}

/**
 * Says in the answer what the ledger did not verify of the transactions in it.
 * @template {import('graphql').ExecutionResult} T
 * @param {T} result
 * @param {Views} views
 * @returns {T}
 */
function withNotes(result, views) {
  if (views.notVerified.size === 0) return result;
  const notVerified = [...views.notVerified];
  views.notVerified.clear();
  return { ...result, extensions: { ...result.extensions, notVerified } };
}

/**
 * @param {ReturnType<typeof graphqlHandler>} yoga
 * @param {Extra} extra
 * @param {import('node:http').IncomingMessage} request
 * @param {import('node:http').ServerResponse} response
 */
async function onRequest(yoga, extra, request, response) {
  try {
    const path = pathOf(request);
    if (PATHS.has(path)) return await onGraphql(yoga, request, response, path);
    if (await extra(request, response, path)) return;
    if (path === '/live' || path === '/ready') return sendJson(response, 200, {});
    return sendJson(response, 404, { error: 'not found' });
  } catch (error) {
    if (error instanceof BodyTooLarge) return sendJson(response, 413, { error: 'length limit exceeded' });
    log('error', 'http.failed', { message: String(error) });
    return sendJson(response, 500, { error: 'internal error' });
  }
}

/**
 * @param {ReturnType<typeof graphqlHandler>} yoga
 * @param {import('node:http').IncomingMessage} request
 * @param {import('node:http').ServerResponse} response
 * @param {string} path
 */
async function onGraphql(yoga, request, response, path) {
  const { method = 'GET' } = request;
  if (method !== 'POST' && method !== 'OPTIONS') return sendJson(response, 405, { error: 'GraphQL is served by POST' });
  const body = await readBody(request, MAX_BODY);
  const headers = Object.fromEntries(Object.entries(request.headers).map(([name, value]) => [name, String(value)]));
  const answer = await yoga.fetch(`http://localhost${path}`, { method, headers, ...(method === 'POST' ? { body: Uint8Array.from(body) } : {}) });
  response.writeHead(answer.status, Object.fromEntries(answer.headers));
  response.end(await answer.text());
}

/** @param {import('node:http').IncomingMessage} request */
const pathOf = (request) => (request.url ?? '/').split('?', 1)[0] ?? '/';
