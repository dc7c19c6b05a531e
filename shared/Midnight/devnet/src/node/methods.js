import { toHex } from '../bytes.js';
import { Refusal } from '../chain/refusal.js';
import { log } from '../log.js';
import { hashAt, headerOf, storedAt } from './blocks.js';
import { EVENTS_KEY, eventsOf } from './events.js';
import { readExtrinsic, writeExtrinsic } from './extrinsic.js';
import { METADATA, RUNTIME_VERSION } from './metadata.js';

/** @typedef {import('../chain/chain.js').Chain} Chain */
/** @typedef {import('../chain/mempool.js').Progress} Progress */
/**
 * Where an answer that goes on is sent to; absent over HTTP.
 * @typedef {{ open: (method: string) => { id: string, send: (result: unknown) => void, end: () => void, isOpen: () => boolean }, close: (id: string) => boolean }} Subscriptions
 */

/** @type {Record<string, (chain: Chain, params: unknown[], subscriptions: Subscriptions | undefined) => unknown>} */
export const METHODS = {
  author_submitExtrinsic(chain, [parameter]) {
    return submit(chain, parameter);
  },

  author_submitAndWatchExtrinsic(chain, [parameter], subscriptions) {
    const subscription = open(subscriptions, 'author_extrinsicUpdate');
    try {
      submit(chain, parameter, (progress) => watch(subscription, progress));
    } catch (error) {
      subscription.end();
      throw error;
    }
    return subscription.id;
  },

  author_unwatchExtrinsic: unsubscribe,

  author_pendingExtrinsics(chain) {
    return [...chain.mempool.values()].slice(0, 1000).map(({ raw }) => `0x${toHex(writeExtrinsic(raw))}`);
  },

  chain_getHeader(chain, [hash]) {
    const stored = storedAt(chain, hash);
    return stored ? headerOf(stored.block) : null;
  },

  chain_getBlock(chain, [hash]) {
    const stored = storedAt(chain, hash);
    if (!stored) return null;
    const extrinsics = stored.block.transactions.map(({ offset, length }) => writeExtrinsic(stored.bytes.subarray(offset, offset + length)));
    return { block: { header: headerOf(stored.block), extrinsics: extrinsics.map((bytes) => `0x${toHex(bytes)}`) }, justifications: null };
  },

  chain_getBlockHash(chain, [height]) {
    if (Array.isArray(height)) return height.slice(0, 1000).map((one) => hashAt(chain, one));
    return height === undefined || height === null ? `0x${chain.tip.hash}` : hashAt(chain, height);
  },

  // A block of the devnet is never taken back, so that the last one is final.
  chain_getFinalizedHead: (chain) => `0x${chain.tip.hash}`,
  chain_subscribeNewHeads: (chain, _params, subscriptions) => subscribeHeads(chain, 'chain_newHead', subscriptions),
  chain_subscribeNewHead: (chain, _params, subscriptions) => subscribeHeads(chain, 'chain_newHead', subscriptions),
  chain_subscribeAllHeads: (chain, _params, subscriptions) => subscribeHeads(chain, 'chain_allHead', subscriptions),
  chain_subscribeFinalizedHeads: (chain, _params, subscriptions) => subscribeHeads(chain, 'chain_finalizedHead', subscriptions),
  chain_unsubscribeNewHeads: unsubscribe,
  chain_unsubscribeNewHead: unsubscribe,
  chain_unsubscribeAllHeads: unsubscribe,
  chain_unsubscribeFinalizedHeads: unsubscribe,

  state_getMetadata: () => METADATA,
  state_getRuntimeVersion: () => RUNTIME_VERSION,

  // The runtime is what this devnet is made of: its version does not change while it runs.
  state_subscribeRuntimeVersion(_chain, _params, subscriptions) {
    const subscription = open(subscriptions, 'state_runtimeVersion');
    subscription.send(RUNTIME_VERSION);
    return subscription.id;
  },

  state_unsubscribeRuntimeVersion: unsubscribe,

  // The devnet has no Substrate storage: what became of a block's transactions is the one thing that clients find in it.
  state_getStorage(chain, [key, hash]) {
    const stored = key === EVENTS_KEY ? storedAt(chain, hash) : undefined;
    return stored ? eventsOf(stored.block) : null;
  },

  system_health: () => ({ peers: 0, isSyncing: false, shouldHavePeers: false }),
  system_chain: () => 'undeployed1',
  system_name: () => 'MidnightOS devnet',
  system_version: () => '1.0.0-devnet',
  system_properties: () => ({}),
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
 * @param {Subscriptions | undefined} subscriptions
 * @param {string} notification name of the messages that follow
 */
function open(subscriptions, notification) {
  if (!subscriptions) throw new Refusal(-32601, 'Method not found', 'an answer that goes on needs a WebSocket');
  return subscriptions.open(notification);
}

/**
 * @param {Chain} _chain
 * @param {unknown[]} params
 * @param {Subscriptions | undefined} subscriptions
 */
function unsubscribe(_chain, [id], subscriptions) {
  return subscriptions?.close(String(id)) ?? false;
}

/**
 * The header of the last block now, and of each that comes.
 * @param {Chain} chain
 * @param {string} notification
 * @param {Subscriptions | undefined} subscriptions
 */
function subscribeHeads(chain, notification, subscriptions) {
  const subscription = open(subscriptions, notification);
  const tell = () => {
    if (subscription.isOpen()) subscription.send(headerOf(chain.tip));
    else chain.off('block', tell);
  };
  chain.on('block', tell);
  tell();
  return subscription.id;
}
