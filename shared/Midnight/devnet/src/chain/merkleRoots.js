import { compact } from '../bytes.js';
import { ledger } from './ledger.js';

/** @typedef {import('./ledger.js').LedgerState} LedgerState */

const serialize = (/** @type {bigint | undefined} */ root) => compact(root ?? 0n).toString('hex');

/**
 * Root of the shielded coins' tree as the official indexer writes it: a field element, SCALE-compact, hex. The npm ledger
 * shows roots of wallet states only, so a wallet state that holds nothing but the collapsed tree is asked.
 * @param {LedgerState} state
 */
export function zswapRoot(state) {
  const { zswap } = state;
  if (zswap.firstFree === 0n) return serialize(0n);
  const update = new ledger.MerkleTreeCollapsedUpdate(zswap, 0n, zswap.firstFree - 1n);
  return serialize(new ledger.ZswapLocalState().applyCollapsedUpdate(update).merkleTreeRoot);
}

/**
 * Roots of the two DUST trees.
 * @param {LedgerState} state
 * @param {number} commitments number of commitments
 * @param {number} generations number of generation entries
 */
export function dustRoots(state, commitments, generations) {
  let wallet = new ledger.DustLocalState(state.parameters.dust);
  const { utxo, generation } = state.dust;
  const { DustStateMerkleTreeCollapsedUpdate: Update } = ledger;
  if (commitments > 0) wallet = wallet.applyCommitmentCollapsedUpdate(Update.newFromCommitmentTree(utxo, 0n, BigInt(commitments - 1)));
  if (generations > 0) wallet = wallet.applyGenerationCollapsedUpdate(Update.newFromGenerationTree(generation, 0n, BigInt(generations - 1)));
  return { commitment: serialize(wallet.commitmentTreeRoot()), generation: serialize(wallet.generatingTreeRoot()) };
}
