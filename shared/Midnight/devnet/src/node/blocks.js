import { Refusal } from '../chain/refusal.js';

/** @typedef {import('../chain/chain.js').Chain} Chain */

const invalidParams = (/** @type {string} */ message) => new Refusal(-32602, 'Invalid params', message);

/**
 * The block of a hash, the last one without.
 * @param {Chain} chain
 * @param {unknown} hash
 */
export function storedAt(chain, hash) {
  const height = hash === undefined || hash === null ? chain.tip.height : chain.index.heightOf(plainHash(hash));
  return height === undefined ? undefined : chain.index.blockAt(height);
}

/** @param {import('../chain/records.js').BlockRecord} block */
export const headerOf = (block) => ({
  parentHash: `0x${block.parentHash}`,
  number: `0x${block.height.toString(16)}`,
  stateRoot: `0x${block.stateRoot}`,
  extrinsicsRoot: `0x${block.extrinsicsRoot}`,
  digest: { logs: [] },
});

/**
 * @param {Chain} chain
 * @param {unknown} height number or hex
 */
export function hashAt(chain, height) {
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
