import { readFacts } from './facts.js';
import { decodeTransaction, ledger, release } from './ledger.js';

// Signatures and proofs were verified before the blocks were written, and the log carries a checksum.
const VERIFIED_BEFORE = new ledger.WellFormedStrictness();
VERIFIED_BEFORE.verifySignatures = false;
VERIFIED_BEFORE.verifyNativeProofs = false;
VERIFIED_BEFORE.verifyContractProofs = false;

/** So long the process may be deaf: its host may die while it starts. */
const BREATH_MS = 100;

/**
 * Applies the stored blocks from `from` on to the chain's state again.
 * @param {import('./chain.js').Chain} chain
 * @param {number} from height
 * @returns {Promise<{ state: import('./ledger.js').LedgerState, transactions: number }>} the state after the last block, and how many transactions led to it
 * @throws when a block gives another result than the one that is stored
 */
export async function replay(chain, from) {
  let { state } = chain;
  let transactions = 0;
  let breath = performance.now();
  for (let height = from; height <= chain.index.height; height++) {
    state = replayBlock(chain, state, height);
    transactions += chain.index.blockAt(height)?.block.transactions.length ?? 0;
    if (performance.now() - breath > BREATH_MS) {
      await new Promise((resolve) => setImmediate(resolve));
      breath = performance.now();
    }
  }
  return { state, transactions };
}

/**
 * @param {import('./chain.js').Chain} chain
 * @param {import('./ledger.js').LedgerState} state
 * @param {number} height
 */
function replayBlock(chain, state, height) {
  const stored = chain.index.blockAt(height);
  if (!stored) throw new Error(`block ${height} is missing`);
  const { block, bytes } = stored;
  const parent = chain.index.blockAt(height - 1)?.block;
  const execution = chain.newExecution(state, parent, block.timestamp);
  const facts = block.transactions.map((record, index) => {
    for (const mint of block.mints) if (mint.before === index) execution.mint(mint);
    const raw = bytes.subarray(record.offset, record.offset + record.length);
    const transaction = decodeTransaction(raw);
    const verified = transaction.wellFormed(execution.state, VERIFIED_BEFORE, new Date(execution.seconds * 1000));
    const read = readFacts(transaction);
    const again = execution.apply({ raw, facts: read, transaction, verified });
    if (again.status !== record.status) throw new Error(`block ${height} replays to another result: the folder is of another version`);
    release(verified, transaction);
    return read;
  });
  for (const mint of block.mints) if (mint.before >= facts.length) execution.mint(mint);
  const end = execution.finish(facts, parent);
  if (end.zswapRoot !== block.zswapRoot || end.dustGenerationRoot !== block.dustGenerationRoot) {
    throw new Error(`block ${height} replays to another state: the folder is of another version`);
  }
  release(state);
  return execution.state;
}
