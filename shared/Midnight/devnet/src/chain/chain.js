import { EventEmitter } from 'node:events';
import fs from 'node:fs';
import { blake2b256, toHex } from '../bytes.js';
import { log } from '../log.js';
import { BlockLog } from './blockLog.js';
import { ChainClock } from './clock.js';
import { ChainIndex } from './chainIndex.js';
import { BlockExecution } from './execution.js';
import { readFacts, toLedgerUtxo } from './facts.js';
import { bodyRoot, headerHash, resultRoot } from './header.js';
import { decodeTransaction, genesisState, ledger, release } from './ledger.js';
import { Mempool } from './mempool.js';
import { encodeBlock } from './records.js';
import { CANNOT_DECODE, INTENT_ALREADY_EXISTS, alreadyImported, invalid, malformed } from './refusal.js';
import { replay } from './replay.js';
import { SnapshotPolicy } from './snapshotPolicy.js';

/** @typedef {import('./records.js').BlockRecord} BlockRecord */
/** @typedef {import('./execution.js').Ready} Ready */
/** @typedef {import('./mempool.js').Pending} Pending */
/** @typedef {import('./mempool.js').Progress} Progress */

const STRICT = new ledger.WellFormedStrictness();

/** @typedef {{ mints: Omit<import('./records.js').Mint, 'before'>[], transactions: Uint8Array[], faucetKey?: number, gifts?: string[] }} Prelude */

/** The ledger refused what the faucet wanted; no block was made. */
export class PreludeRefused extends Error {}

/**
 * The chain: ledger state, blocks, mempool. `submit` checks a transaction at full strictness, `produce` applies what
 * waits; nothing is checked twice unless time or contracts may have changed the answer. Emits `waiting` and `block`.
 * @extends {EventEmitter<{ waiting: [], block: [BlockRecord] }>}
 */
export class Chain extends EventEmitter {
  #log;
  #snapshots;
  #producing = false;
  /** @type {import('./ledger.js').LedgerState} */ state;
  /** @type {BlockRecord | undefined} */ #tip;

  /**
   * @param {{ fees: boolean, data?: string, wall?: () => number }} options
   * @param {BlockLog} blockLog
   */
  constructor(options, blockLog) {
    super();
    this.setMaxListeners(0);
    this.fees = options.fees;
    this.#log = blockLog;
    this.index = new ChainIndex(blockLog);
    this.mempool = new Mempool();
    this.#snapshots = new SnapshotPolicy(options.data);
    this.state = genesisState(options.fees);
    this.faucetKey = 0;
    const dropped = blockLog.scan((payload, position) => this.#load(payload, position));
    if (dropped > 0) log('warn', 'log.tail-dropped', { bytes: dropped });
    this.clock = new ChainClock((this.#tip?.timestamp ?? -1) + 1, options.wall);
  }

  /**
   * Opens the chain of a folder, or begins one with its genesis block.
   * @param {{ fees: boolean, data?: string, wall?: () => number }} options
   */
  static async open(options) {
    if (options.data) fs.mkdirSync(options.data, { recursive: true, mode: 0o700 });
    const chain = new Chain(options, BlockLog.open(options.data));
    if (chain.#tip) await chain.#restore();
    else await chain.produce();
    return chain;
  }

  /** The last block. */
  get tip() {
    return /** @type {BlockRecord} */ (this.#tip);
  }

  /**
   * Milliseconds before the next block may be made. The ledger keeps one root of each tree a second, so that a second block
   * that changed a tree within the same second would make proofs against the first one's root worthless.
   */
  get restMs() {
    const { transactions, timestamp } = this.tip;
    const treesChanged = transactions.some(({ zswapEvents, dustEvents }) => zswapEvents.length + dustEvents.length > 0);
    return treesChanged ? Math.max(0, (Math.floor(timestamp / 1000) + 1) * 1000 - this.clock.now()) : 0;
  }

  /**
   * @param {Buffer} payload
   * @param {number} position
   */
  #load(payload, position) {
    const block = /** @type {BlockRecord} */ (JSON.parse(payload.toString('utf8', 4, 4 + payload.readUInt32BE(0))));
    if (block.height === 0 && block.fees !== this.fees) {
      throw new Error(`the chain of this folder was begun with --fees ${block.fees ? 'on' : 'off'} and cannot go on otherwise`);
    }
    this.index.add(block, position);
    this.#tip = block;
    this.faucetKey = block.faucetKey ?? this.faucetKey;
  }

  async #restore() {
    const snapshot = this.#snapshots.read((height) => this.index.blockAt(height)?.block.hash);
    if (snapshot) this.state = ledger.LedgerState.deserialize(snapshot.state);
    const from = (snapshot?.height ?? -1) + 1;
    const { state, transactions } = await replay(this, from);
    this.state = state;
    this.#snapshots.replayed(transactions);
    log('info', 'chain.restored', { height: this.tip.height, snapshot: snapshot?.height ?? null, replayed: this.tip.height + 1 - from });
  }

  /**
   * Takes a transaction into the mempool.
   * @param {Uint8Array} raw its bytes
   * @param {string} key hash of the extrinsic that carried it
   * @param {(progress: Progress) => void} [watcher]
   * @returns {Pending}
   * @throws {import('./refusal.js').Refusal}
   */
  submit(raw, key, watcher) {
    if (this.mempool.get(key)) throw alreadyImported(key);
    this.mempool.requireRoom(raw.length);
    const ready = this.check(raw, this.clock.now());
    try {
      this.#requireNew(ready.facts);
      this.mempool.requireCoins(ready.facts, (coin) => this.#has(coin));
    } catch (error) {
      release(ready.verified, ready.transaction);
      throw error;
    }
    const pending = { ...ready, key, checkedAt: this.tip.height, watchers: new Set(watcher ? [watcher] : []) };
    this.mempool.add(pending);
    watcher?.({ type: 'ready' });
    this.emit('waiting');
    return pending;
  }

  /**
   * Decodes and checks a transaction at full strictness, as of a block at `time`.
   * @param {Uint8Array} raw
   * @param {number} time milliseconds
   * @returns {Ready}
   * @throws {import('./refusal.js').Refusal}
   */
  check(raw, time) {
    let transaction;
    try {
      transaction = decodeTransaction(raw);
    } catch (error) {
      throw invalid(CANNOT_DECODE, /** @type {Error} */ (error).message);
    }
    const verified = this.#verify(transaction, this.state, time);
    return { raw, transaction, verified, facts: readFacts(transaction) };
  }

  /**
   * @param {import('./ledger.js').FinalizedTransaction} transaction
   * @param {import('./ledger.js').LedgerState} state
   * @param {number} time milliseconds
   */
  #verify(transaction, state, time) {
    try {
      return transaction.wellFormed(state, STRICT, new Date(time));
    } catch (error) {
      throw malformed(error);
    }
  }

  /** @param {import('./facts.js').Facts} facts */
  #requireNew(facts) {
    const applied = this.index.idsByHash(facts.hash).some((id) => this.index.transaction(id).transaction.status !== 'FAILURE');
    if (applied) throw invalid(INTENT_ALREADY_EXISTS, `the transaction ${facts.hash} is already in a block`);
  }

  /** @param {import('./facts.js').Coin} coin */
  #has(coin) {
    const { utxo } = this.state;
    const meta = utxo.lookupMeta(toLedgerUtxo(coin));
    release(utxo, meta);
    return meta !== undefined;
  }

  /**
   * Makes one block: first what `prelude` wants (the faucet), then the waiting transactions as far as they fit.
   * @param {Prelude} [prelude]
   * @returns {Promise<BlockRecord>}
   * @throws {PreludeRefused} for the prelude; anything else means that the disk refused the block and the chain must stop
   */
  async produce(prelude) {
    if (this.#producing) throw new Error('a block is already being made');
    this.#producing = true;
    try {
      return await this.#produce(prelude ?? { mints: [], transactions: [] });
    } finally {
      this.#producing = false;
    }
  }

  /** @param {Prelude} prelude */
  async #produce(prelude) {
    const parent = this.#tip;
    const timestamp = Math.max(this.clock.now(), (parent?.timestamp ?? 0) + 1);
    const execution = this.newExecution(this.state, parent, timestamp);
    const facts = this.#applyPrelude(execution, prelude);
    const taken = this.#applyWaiting(execution, facts);
    const block = this.#seal(execution, facts, parent, prelude);
    const position = await this.#log.append(encodeBlock(block, execution.bytes));
    this.#commit(block, position, execution.state, taken);
    return block;
  }

  /**
   * @param {BlockExecution} execution
   * @param {Prelude} prelude
   */
  #applyPrelude(execution, { mints, transactions }) {
    try {
      for (const mint of mints) execution.mint(mint);
      return transactions.map((raw) => this.#applyOwn(execution, raw));
    } catch (error) {
      const { message, data } = /** @type {import('./refusal.js').Refusal} */ (error);
      throw new PreludeRefused(data ?? message);
    }
  }

  /**
   * @param {BlockExecution} execution
   * @param {Uint8Array} raw
   */
  #applyOwn(execution, raw) {
    const transaction = decodeTransaction(raw);
    const verified = this.#verify(transaction, execution.state, execution.seconds * 1000);
    const facts = readFacts(transaction);
    execution.apply({ raw, facts, transaction, verified });
    release(verified, transaction);
    return facts;
  }

  /**
   * @param {BlockExecution} execution
   * @param {import('./facts.js').Facts[]} facts of the block so far; grows
   */
  #applyWaiting(execution, facts) {
    /** @type {Pending[]} */
    const taken = [];
    for (const pending of [...this.mempool.values()]) {
      if (!execution.fits(pending.transaction)) break;
      const refusal = this.#recheck(pending, execution);
      if (refusal) {
        log('info', 'transaction.dropped', { hash: pending.facts.hash, reason: refusal });
        this.mempool.remove(pending, { type: 'invalid' });
        continue;
      }
      try {
        execution.apply(pending);
      } catch (error) {
        // A panic of the WebAssembly ledger: the state before it stands, and only this transaction is lost.
        log('error', 'transaction.panicked', { hash: pending.facts.hash, message: String(error) });
        this.mempool.remove(pending, { type: 'invalid' });
        continue;
      }
      facts.push(pending.facts);
      taken.push(pending);
    }
    return taken;
  }

  /**
   * Time, fee prices and contracts may have changed since a transaction was checked.
   * @param {Pending} pending
   * @param {BlockExecution} execution
   * @returns {string | undefined} why it may not go into the block
   */
  #recheck(pending, execution) {
    if (pending.facts.ttl < execution.seconds) return `its time to live ended at ${pending.facts.ttl}, the block is at ${execution.seconds}`;
    if (!this.fees && !pending.facts.timeBound) return undefined;
    if (pending.checkedAt === (this.#tip?.height ?? -1) && execution.transactions.length === 0) return undefined;
    try {
      const verified = this.#verify(pending.transaction, execution.state, execution.seconds * 1000);
      release(pending.verified);
      pending.verified = verified;
      return undefined;
    } catch (error) {
      return String(/** @type {import('./refusal.js').Refusal} */ (error).data);
    }
  }

  /**
   * @param {BlockExecution} execution
   * @param {import('./facts.js').Facts[]} facts
   * @param {BlockRecord | undefined} parent
   * @param {Prelude} prelude
   * @returns {BlockRecord}
   */
  #seal(execution, facts, parent, { faucetKey, gifts = [] }) {
    const end = execution.finish(facts, parent);
    const height = (parent?.height ?? -1) + 1;
    const header = {
      height,
      parentHash: parent?.hash ?? '00'.repeat(32),
      stateRoot: resultRoot(parent?.stateRoot ?? '00'.repeat(32), execution.transactions),
      extrinsicsRoot: bodyRoot(execution.timestamp, execution.mints, execution.bytes),
    };
    const parameters = toHex(execution.state.parameters.serialize());
    return {
      ...header,
      hash: headerHash(header),
      timestamp: execution.timestamp,
      ...(parameters === this.index.parametersAt(height) ? {} : { parameters }),
      ...end,
      ...(height === 0 ? { fees: this.fees } : {}),
      ...(faucetKey === undefined ? {} : { faucetKey }),
      ...(gifts.length === 0 ? {} : { gifts }),
      mints: execution.mints,
      transactions: execution.transactions,
    };
  }

  /**
   * @param {BlockRecord} block
   * @param {number} position
   * @param {import('./ledger.js').LedgerState} state
   * @param {Pending[]} taken
   */
  #commit(block, position, state, taken) {
    release(this.state);
    this.state = state;
    this.#tip = block;
    this.faucetKey = block.faucetKey ?? this.faucetKey;
    this.index.add(block, position);
    for (const pending of taken) this.mempool.remove(pending, { type: 'inBlock', hash: block.hash });
    this.#snapshots.afterBlock(block, state);
    this.emit('block', block);
  }

  /**
   * @param {import('./ledger.js').LedgerState} state
   * @param {BlockRecord | undefined} parent
   * @param {number} timestamp
   */
  newExecution(state, parent, timestamp) {
    const lastTransaction = parent ? this.index.lastTransaction : 0;
    return new BlockExecution(state, parent, timestamp, { fees: this.fees, lastTransaction, creatorOf: (key) => this.index.creatorOf(key) });
  }

  /** Writes the state down and closes the files; the chain is not to be used any more. */
  close() {
    this.#snapshots.write(this.tip, this.state);
    this.#log.close();
  }
}

/**
 * Hash of an extrinsic as the node reports it.
 * @param {Uint8Array} extrinsic with its length prefix
 */
export const extrinsicHash = (extrinsic) => `0x${blake2b256(extrinsic).toString('hex')}`;
