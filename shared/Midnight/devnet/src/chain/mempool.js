import { keyOf } from './facts.js';
import { release } from './ledger.js';
import { INPUT_NOT_IN_UTXOS, invalid, poolFull } from './refusal.js';

/** @typedef {import('./execution.js').Ready} Ready */
/** @typedef {{ type: 'ready' | 'invalid' | 'dropped' } | { type: 'inBlock', hash: string }} Progress */
/**
 * @typedef {Ready & { key: string, checkedAt: number, watchers: Set<(progress: Progress) => void> }} Pending
 */

const MAX_COUNT = 10_000;
const MAX_BYTES = 64 * 1024 * 1024;

/** Transactions that wait for a block, oldest first, with the coins that they spend and create. */
export class Mempool {
  /** @type {Map<string, Pending>} */ #pending = new Map();
  /** @type {Set<string>} */ #spent = new Set();
  /** @type {Set<string>} */ #created = new Set();
  #bytes = 0;

  get size() {
    return this.#pending.size;
  }

  /** @param {string} key hash of the extrinsic */
  get(key) {
    return this.#pending.get(key);
  }

  values() {
    return this.#pending.values();
  }

  /**
   * @param {number} bytes of one more transaction
   * @throws {import('./refusal.js').Refusal} when there is no room
   */
  requireRoom(bytes) {
    if (this.#pending.size >= MAX_COUNT || this.#bytes + bytes > MAX_BYTES) throw poolFull();
  }

  /**
   * Of two transactions that spend the same coin the second is refused; one may spend what a waiting one creates.
   * Only coins of the guaranteed part count: without one of the others a transaction still succeeds in part.
   * @param {import('./facts.js').Facts} facts
   * @param {(coin: import('./facts.js').Coin) => boolean} exists whether the ledger has the coin
   * @throws {import('./refusal.js').Refusal}
   */
  requireCoins(facts, exists) {
    for (const coin of facts.guaranteed.spent) {
      const key = keyOf(coin);
      if (this.#spent.has(key)) throw invalid(INPUT_NOT_IN_UTXOS, `a waiting transaction already spends the coin ${key}`);
      if (!this.#created.has(key) && !exists(coin)) throw invalid(INPUT_NOT_IN_UTXOS, `the coin ${key} does not exist or is spent`);
    }
  }

  /** @param {Pending} pending */
  add(pending) {
    this.#pending.set(pending.key, pending);
    this.#bytes += pending.raw.length;
    for (const coin of pending.facts.guaranteed.spent) this.#spent.add(keyOf(coin));
    for (const coin of pending.facts.guaranteed.created) this.#created.add(keyOf(coin));
  }

  /**
   * @param {Pending} pending
   * @param {Progress} progress what its watchers hear last
   */
  remove(pending, progress) {
    this.#pending.delete(pending.key);
    this.#bytes -= pending.raw.length;
    for (const coin of pending.facts.guaranteed.spent) this.#spent.delete(keyOf(coin));
    for (const coin of pending.facts.guaranteed.created) this.#created.delete(keyOf(coin));
    for (const watcher of pending.watchers) watcher(progress);
    release(pending.verified, pending.transaction);
  }
}
