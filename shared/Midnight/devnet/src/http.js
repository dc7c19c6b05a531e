import http from 'node:http';

/** A body above the limit. */
export class BodyTooLarge extends Error {}

/**
 * @param {http.IncomingMessage} request
 * @param {number} limit bytes
 * @returns {Promise<Buffer>}
 * @throws {BodyTooLarge}
 */
export function readBody(request, limit) {
  return new Promise((resolve, reject) => {
    /** @type {Buffer[]} */
    const chunks = [];
    let length = Number(request.headers['content-length'] ?? 0);
    const refuse = () => {
      // The rest is thrown away, so that the answer still reaches a client that sends before it reads.
      request.removeAllListeners('data').resume();
      reject(new BodyTooLarge(`the body is above ${limit} bytes`));
    };
    if (length > limit) return refuse();
    length = 0;
    request.on('data', (chunk) => {
      length += chunk.length;
      if (length > limit) return refuse();
      chunks.push(chunk);
    });
    request.on('end', () => resolve(Buffer.concat(chunks)));
    request.on('error', reject);
    request.on('close', () => reject(new Error('the client went away')));
  });
}

/**
 * @param {http.ServerResponse} response
 * @param {number} status
 * @param {unknown} [body] sent as JSON
 */
export function sendJson(response, status, body) {
  if (response.headersSent) return void response.destroy();
  const close = status === 413 ? { connection: 'close' } : {};
  response.writeHead(status, { 'content-type': 'application/json; charset=utf-8', ...close });
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
