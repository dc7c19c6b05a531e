import { toHex } from '../bytes.js';
import { Refusal } from '../chain/refusal.js';
import { log } from '../log.js';
import { readExtrinsic, writeExtrinsic } from './extrinsic.js';

/** @typedef {import('../chain/chain.js').Chain} Chain */
/** @typedef {import('../chain/mempool.js').Progress} Progress */
/**
 * Where an answer that goes on is sent to; absent over HTTP.
 * @typedef {{ open: (method: string) => { id: string, send: (result: unknown) => void, end: () => void }, close: (id: string) => boolean }} Subscriptions
 */

const invalidParams = (/** @type {string} */ message) => new Refusal(-32602, 'Invalid params', message);

/** @type {Record<string, (chain: Chain, params: unknown[], subscriptions: Subscriptions | undefined) => unknown>} */
export const METHODS = {
  author_submitExtrinsic(chain, [parameter]) {
    return submit(chain, parameter);
  },

  author_submitAndWatchExtrinsic(chain, [parameter], subscriptions) {
    if (!subscriptions) throw new Refusal(-32601, 'Method not found', 'author_submitAndWatchExtrinsic needs a WebSocket');
    const subscription = subscriptions.open('author_extrinsicUpdate');
    try {
      submit(chain, parameter, (progress) => watch(subscription, progress));
    } catch (error) {
      subscription.end();
      throw error;
    }
    return subscription.id;
  },

  author_unwatchExtrinsic(_chain, [id], subscriptions) {
    return subscriptions?.close(String(id)) ?? false;
  },

  author_pendingExtrinsics(chain) {
    return [...chain.mempool.values()].slice(0, 1000).map(({ raw }) => `0x${toHex(writeExtrinsic(raw))}`);
  },

  chain_getHeader(chain, [hash]) {
    const height = hash === undefined || hash === null ? chain.tip.height : chain.index.heightOf(plainHash(hash));
    const block = height === undefined ? undefined : chain.index.blockAt(height)?.block;
    return block
      ? {
          parentHash: `0x${block.parentHash}`,
          number: `0x${block.height.toString(16)}`,
          stateRoot: `0x${block.stateRoot}`,
          extrinsicsRoot: `0x${block.extrinsicsRoot}`,
          digest: { logs: [] },
        }
      : null;
  },

  chain_getBlockHash(chain, [height]) {
    if (Array.isArray(height)) return height.slice(0, 1000).map((one) => hashAt(chain, one));
    return height === undefined || height === null ? `0x${chain.tip.hash}` : hashAt(chain, height);
  },

  // A block of the devnet is never taken back, so that the last one is final.
  chain_getFinalizedHead: (chain) => `0x${chain.tip.hash}`,

  system_health: () => ({ peers: 0, isSyncing: false, shouldHavePeers: false }),
  system_chain: () => 'undeployed1',
  system_name: () => 'MidnightOS devnet',
  system_version: () => '1.0.0-devnet',
  rpc_methods: () => ({ methods: Object.keys(METHODS).sort() }),
};

/**
 * @param {Chain} chain
 * @param {unknown} parameter
 * @param {(progress: Progress) => void} [watcher]
 * @returns {string} hash of the extrinsic
 */
function submit(chain, parameter, watcher) {
  const { raw, key } = readExtrinsic(parameter);
  const { facts } = chain.submit(raw, key, watcher);
  log('info', 'transaction.accepted', { extrinsic: key, hash: facts.hash, notVerified: facts.notVerified });
  return key;
}

/**
 * @param {ReturnType<Subscriptions['open']>} subscription
 * @param {Progress} progress
 */
function watch(subscription, progress) {
  if (progress.type !== 'inBlock') {
    subscription.send(progress.type);
    if (progress.type !== 'ready') subscription.end();
    return;
  }
  subscription.send({ inBlock: `0x${progress.hash}` });
  subscription.send({ finalized: `0x${progress.hash}` });
  subscription.end();
}

/**
 * @param {Chain} chain
 * @param {unknown} height number or hex
 */
function hashAt(chain, height) {
  const number = typeof height === 'string' && /^0x[0-9a-fA-F]{1,13}$/.test(height) ? Number(height) : height;
  if (typeof number !== 'number' || !Number.isSafeInteger(number) || number < 0) throw invalidParams('the block number must be a whole number');
  const block = chain.index.blockAt(number)?.block;
  return block ? `0x${block.hash}` : null;
}

/** @param {unknown} hash */
function plainHash(hash) {
  if (typeof hash !== 'string' || !/^0x[0-9a-fA-F]{64}$/.test(hash)) throw invalidParams('the block hash must be 32 bytes of 0x hex');
  return hash.slice(2).toLowerCase();
}
