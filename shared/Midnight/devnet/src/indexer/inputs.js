import { GraphQLError } from 'graphql';
import { fromHex } from '../bytes.js';

/**
 * @param {string} text hex of 32 bytes
 * @param {string} message of the error otherwise
 * @returns {string} lower-case hex without `0x`
 */
export function readBytes32(text, message) {
  const bytes = fromHex(text);
  if (bytes?.length !== 32) throw new GraphQLError(message);
  return bytes.toString('hex');
}

/**
 * @param {string} text hex
 * @param {string} message of the error otherwise
 */
export function readHex(text, message) {
  const bytes = fromHex(text);
  if (!bytes) throw new GraphQLError(message);
  return bytes.toString('hex');
}

/** @typedef {{ hash?: string, height?: number }} BlockOffset */
/** @typedef {{ hash?: string, identifier?: string }} TransactionOffset */

/**
 * Ids of the transactions at an offset; several when the same bytes failed before.
 * @param {import('../chain/chainIndex.js').ChainIndex} index
 * @param {TransactionOffset} offset
 */
export function transactionsAt(index, { hash, identifier }) {
  if (hash !== undefined) return index.idsByHash(readBytes32(hash, 'invalid transaction hash'));
  return index.idsByIdentifier(readHex(identifier ?? '', 'invalid transaction identifier'));
}

/**
 * Height to begin with: of the given block, or of the last one.
 * @param {import('../chain/chain.js').Chain} chain
 * @param {BlockOffset | null | undefined} offset
 * @throws {GraphQLError} when there is no such block
 */
export function resolveHeight(chain, offset) {
  if (!offset) return chain.tip.height;
  if (offset.hash !== undefined) {
    const height = chain.index.heightOf(readBytes32(offset.hash, 'invalid block hash'));
    if (height === undefined) throw new GraphQLError(`block with hash ${offset.hash} not found`);
    return height;
  }
  const height = offset.height ?? -1;
  if (height < 0 || height > chain.tip.height) throw new GraphQLError(`block with height ${height} not found`);
  return height;
}
