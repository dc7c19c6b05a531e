import { blake2b256, compact, little } from '../bytes.js';

/**
 * Root of a block's body: BLAKE2b-256 over the time, the mints and the transactions' hashes. The official node keeps a
 * trie there; the devnet has no Substrate storage and commits to the same content in a simpler way.
 * @param {number} timestamp milliseconds
 * @param {import('./records.js').Mint[]} mints
 * @param {Uint8Array[]} transactions
 */
export function bodyRoot(timestamp, mints, transactions) {
  const parts = [little(BigInt(timestamp), 8), Buffer.from(JSON.stringify(mints))];
  return blake2b256(Buffer.concat([...parts, ...transactions.map(blake2b256)])).toString('hex');
}

/**
 * Root of the results: a chain of hashes over what every transaction did. It stands for the state root.
 * @param {string} parent state root of the parent, hex
 * @param {import('./records.js').TransactionRecord[]} transactions
 */
export function resultRoot(parent, transactions) {
  if (transactions.length === 0) return parent;
  const results = transactions.map(({ hash, status, segments, created }) => [hash, status, segments, created]);
  return blake2b256(Buffer.concat([Buffer.from(parent, 'hex'), Buffer.from(JSON.stringify(results))])).toString('hex');
}

/**
 * Hash of a Substrate header without digest: BLAKE2b-256 of its SCALE encoding.
 * @param {{ parentHash: string, height: number, stateRoot: string, extrinsicsRoot: string }} header
 */
export function headerHash({ parentHash, height, stateRoot, extrinsicsRoot }) {
  const parts = [Buffer.from(parentHash, 'hex'), compact(BigInt(height)), Buffer.from(stateRoot, 'hex'), Buffer.from(extrinsicsRoot, 'hex')];
  return blake2b256(Buffer.concat([...parts, compact(0n)])).toString('hex');
}
