import http from 'node:http';

/** A body above the limit. */
export class BodyTooLarge extends Error {}

/**
 * @param {http.IncomingMessage} request
 * @param {number} limit bytes
 * @returns {Promise<Buffer>}
 * @throws {BodyTooLarge}
 */
export async function readBody(request, limit) {
  /** @type {Buffer[]} */
  const chunks = [];
  let length = 0;
  for await (const chunk of request) {
    length += chunk.length;
    if (length > limit) throw new BodyTooLarge(`the body is above ${limit} bytes`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

/**
 * @param {http.ServerResponse} response
 * @param {number} status
 * @param {unknown} [body] sent as JSON
 */
export function sendJson(response, status, body) {
  if (response.headersSent) return void response.destroy();
  response.writeHead(status, { 'content-type': 'application/json; charset=utf-8' });
  response.end(body === undefined ? '' : JSON.stringify(body));
}

/**
 * Starts a server and gives the address that it listens on.
 * @param {http.RequestListener} listener
 * @param {string} host
 * @param {number} port 0 for a free one
 * @returns {Promise<{ server: http.Server, url: string }>}
 */
export function listen(listener, host, port) {
  const server = http.createServer({ requestTimeout: 30_000, headersTimeout: 10_000 }, listener);
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, () => {
      server.off('error', reject);
      const { port: actual } = /** @type {import('node:net').AddressInfo} */ (server.address());
      resolve({ server, url: `http://${host.includes(':') ? `[${host}]` : host}:${actual}` });
    });
  });
}

/**
 * Closes a server and every connection to it.
 * @param {http.Server} server
 * @returns {Promise<void>}
 */
export function closeServer(server) {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}
