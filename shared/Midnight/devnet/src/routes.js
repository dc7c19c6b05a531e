import { parseUnshielded } from './address.js';
import { FaucetError, MAX_COINS } from './faucet.js';
import { readBody, sendJson } from './http.js';

const MAX_BODY = 16 * 1024;
const MAX_AMOUNT = 24_000_000_000_000_000n;

/** A request that the devnet's own routes refuse. */
class BadRequest extends FaucetError {
  /** @param {string} message */
  constructor(message) {
    super(400, message);
  }
}

/**
 * The devnet's own routes beside the indexer: `POST /faucet` and, from this machine alone, `POST /devnet/…`; none of them from a web page.
 * @param {import('./chain/chain.js').Chain} chain
 * @param {import('./faucet.js').Faucet} faucet
 * @param {import('./chain/producer.js').Producer} producer
 * @returns {import('./indexer/server.js').Extra}
 */
export function devnetRoutes(chain, faucet, producer) {
  /** @type {Record<string, (body: Record<string, unknown>) => Promise<unknown>>} */
  const routes = {
    '/faucet': (body) => give(faucet, body),
    '/devnet/pause': async () => {
      producer.pause();
      return { paused: true };
    },
    '/devnet/resume': async () => {
      producer.resume();
      return { paused: false };
    },
    '/devnet/block': async () => {
      await producer.makeBlock();
      return { height: chain.tip.height, timestamp: chain.tip.timestamp };
    },
    '/devnet/advance': async ({ seconds }) => {
      if (typeof seconds !== 'number' || !(seconds > 0 && seconds <= 31_536_000)) throw new BadRequest('seconds must be above 0 and at most a year');
      chain.clock.advance(Math.round(seconds * 1000));
      await producer.makeBlock();
      return { height: chain.tip.height, timestamp: chain.tip.timestamp };
    },
  };
  return async (request, response, path) => {
    const route = Object.hasOwn(routes, path) ? routes[path] : undefined;
    if (!route) return false;
    try {
      if (request.method !== 'POST') throw new FaucetError(405, 'only POST');
      // A browser names the page that posts, also for a name that was pointed at this machine; programs do not.
      if (request.headers.origin !== undefined) throw new FaucetError(403, 'not from a web page');
      if (path.startsWith('/devnet/') && !isLoopback(request.socket.remoteAddress)) throw new FaucetError(403, 'only from this machine');
      sendJson(response, 200, await route(await readJson(request)));
    } catch (error) {
      if (!(error instanceof FaucetError)) throw error;
      sendJson(response, error.status, { error: error.message });
    }
    return true;
  };
}

/**
 * @param {import('./faucet.js').Faucet} faucet
 * @param {Record<string, unknown>} body
 */
async function give(faucet, { address, amount, coins = 1, requestId }) {
  const owner = typeof address === 'string' ? parseUnshielded(address) : undefined;
  if (owner === undefined) throw new BadRequest('address must be an unshielded address of the network undeployed (mn_addr_undeployed1…)');
  if (typeof amount !== 'string' || !/^[1-9]\d{0,17}$/.test(amount) || BigInt(amount) > MAX_AMOUNT) {
    throw new BadRequest('amount must be a positive whole number of STAR, as a decimal string');
  }
  if (typeof coins !== 'number' || !Number.isInteger(coins) || coins < 1 || coins > MAX_COINS || BigInt(coins) > BigInt(amount)) {
    throw new BadRequest(`coins must be a whole number from 1 to ${MAX_COINS}, and not above the amount`);
  }
  if (requestId !== undefined && !(typeof requestId === 'string' && /^[!-~]{1,255}$/.test(requestId))) {
    throw new BadRequest('requestId must be 1 to 255 visible ASCII characters');
  }
  const { block, transaction } = await faucet.give(owner, split(BigInt(amount), coins), requestId);
  return {
    transactionHash: transaction.hash,
    identifiers: transaction.identifiers,
    blockHeight: block.height,
    blockHash: block.hash,
    notVerified: transaction.notVerified,
  };
}

/**
 * @param {bigint} amount
 * @param {number} parts
 */
function split(amount, parts) {
  const each = amount / BigInt(parts);
  const rest = amount % BigInt(parts);
  return Array.from({ length: parts }, (_, index) => (BigInt(index) < rest ? each + 1n : each));
}

/**
 * @param {import('node:http').IncomingMessage} request
 * @returns {Promise<Record<string, unknown>>}
 */
async function readJson(request) {
  const body = await readBody(request, MAX_BODY);
  if (body.length === 0) return {};
  // A browser on a foreign page cannot send this type without asking first.
  if (!/^application\/json\b/.test(request.headers['content-type'] ?? '')) throw new FaucetError(415, 'the body must be application/json');
  try {
    const value = JSON.parse(body.toString('utf8'));
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value;
  } catch {
    // Answered below, as any other body that is no object.
  }
  throw new BadRequest('the body must be a JSON object');
}

/** @param {string | undefined} address */
const isLoopback = (address) => address === '::1' || /^(::ffff:)?127\./.test(address ?? '');
