import { log } from '../log.js';
import { readSnapshot, writeSnapshot } from './snapshot.js';

/** A snapshot may cost a twentieth of the time that replaying the transactions since the last one would take. */
const REPLAY_MS_PER_TRANSACTION = 6;
const SHARE = 20;
const MIN_TRANSACTIONS = 200;

/** Decides when the ledger state is written down: rarely enough not to slow blocks, often enough for a quick start. */
export class SnapshotPolicy {
  #folder;
  #transactions = 0;
  #lastCostMs = 0;

  /** @param {string | undefined} folder */
  constructor(folder) {
    this.#folder = folder;
  }

  /**
   * @param {(height: number) => string | undefined} hashAt
   */
  read(hashAt) {
    return this.#folder ? readSnapshot(this.#folder, hashAt) : undefined;
  }

  /**
   * Counts what a start had to apply again: a process that is killed again and again before it has made so many itself must not start slower each time.
   * @param {number} transactions
   */
  replayed(transactions) {
    this.#transactions += transactions;
  }

  /**
   * @param {import('./records.js').BlockRecord} block
   * @param {import('./ledger.js').LedgerState} state
   */
  afterBlock(block, state) {
    this.#transactions += block.transactions.length;
    const due = Math.max(MIN_TRANSACTIONS, (this.#lastCostMs * SHARE) / REPLAY_MS_PER_TRANSACTION);
    if (this.#transactions >= due) this.write(block, state);
  }

  /**
   * @param {import('./records.js').BlockRecord} block
   * @param {import('./ledger.js').LedgerState} state
   */
  write(block, state) {
    if (!this.#folder) return;
    const start = performance.now();
    writeSnapshot(this.#folder, block.height, block.hash, state.serialize());
    this.#lastCostMs = performance.now() - start;
    this.#transactions = 0;
    log('info', 'snapshot.written', { height: block.height, ms: Math.round(this.#lastCostMs) });
  }
}
