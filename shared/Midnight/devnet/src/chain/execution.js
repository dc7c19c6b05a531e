import { toHex } from '../bytes.js';
import { keyOf } from './facts.js';
import { addCost, endBlock, ledger, noCost, release } from './ledger.js';
import { dustRoots, zswapRoot } from './merkleRoots.js';
import { applyMint } from './mint.js';

/** @typedef {import('./ledger.js').LedgerState} LedgerState */
/** @typedef {import('./records.js').BlockRecord} BlockRecord */
/** @typedef {import('./records.js').TransactionRecord} TransactionRecord */
/** @typedef {import('./facts.js').Coin} Coin */
/** @typedef {import('./facts.js').Facts} Facts */
/**
 * A transaction ready to be applied.
 * @typedef {object} Ready
 * @property {Uint8Array} raw
 * @property {Facts} facts
 * @property {import('./ledger.js').FinalizedTransaction} transaction
 * @property {import('./ledger.js').VerifiedTransaction} verified
 */

const STATUS = /** @type {const} */ ({ success: 'SUCCESS', partialSuccess: 'PARTIAL_SUCCESS', failure: 'FAILURE' });

/**
 * Which segments took effect. In ledger 8.1.0 the binding fills `successfulSegments` with whether a segment FAILED.
 * @param {import('@midnight-ntwrk/ledger-v8').TransactionResult} result
 * @returns {[number, boolean][]}
 */
function segmentsOf(result) {
  return [...(result.successfulSegments ?? [])].map(([segment, failed]) => [segment, !failed]);
}

/** Applies mints and transactions of one block, one after the other, to a ledger state that it never changes in place. */
export class BlockExecution {
  #genesis;
  #time;
  #context;
  #fees;
  #cost = noCost();
  #creator;
  /** @type {TransactionRecord[]} */ transactions = [];
  /** @type {import('./records.js').Mint[]} */ mints = [];
  /** @type {Uint8Array[]} */ bytes = [];
  #offset = 0;
  /** @type {Map<string, import('./records.js').Utxo>} coins that this block created */ #created = new Map();

  /**
   * @param {LedgerState} state
   * @param {BlockRecord | undefined} parent
   * @param {number} timestamp milliseconds
   * @param {{ fees: boolean, lastTransaction: number, creatorOf: (key: string) => number | undefined }} chain
   */
  constructor(state, parent, timestamp, chain) {
    this.#genesis = state;
    this.state = state;
    this.#fees = chain.fees;
    this.#creator = chain.creatorOf;
    this.timestamp = timestamp;
    this.seconds = Math.floor(timestamp / 1000);
    this.#time = new Date(this.seconds * 1000);
    this.nextTransaction = chain.lastTransaction + 1;
    this.lastEvent = parent?.lastEventId ?? 0;
    this.lastAction = parent?.lastActionId ?? 0;
    this.dust = { commitments: parent?.dustCommitmentEnd ?? 0, generations: parent?.dustGenerationEnd ?? 0, changed: false };
    this.zswap = { root: parent?.zswapRoot ?? '00', end: parent?.zswapEnd ?? 0 };
    this.#context = {
      parentBlockHash: parent?.hash ?? '00'.repeat(32),
      secondsSinceEpoch: BigInt(this.seconds),
      secondsSinceEpochErr: 30,
      lastBlockTime: BigInt(Math.floor((parent?.timestamp ?? timestamp) / 1000)),
    };
  }

  /**
   * Gives NIGHT to an address, which then claims it.
   * @param {Omit<import('./records.js').Mint, 'before'>} mint
   */
  mint(mint) {
    const placed = { ...mint, before: this.transactions.length };
    this.#move(applyMint(this.state, placed, this.#time));
    this.mints.push(placed);
  }

  /**
   * Whether the transaction still fits into the block's limits.
   * @param {import('./ledger.js').FinalizedTransaction} transaction
   */
  fits(transaction) {
    const { parameters } = this.state;
    try {
      parameters.normalizeFullness(addCost(this.#cost, transaction.cost(parameters)));
      return true;
    } catch {
      // The ledger says "exceeds a limit" only by throwing.
      return false;
    } finally {
      release(parameters);
    }
  }

  /**
   * @param {Ready} ready
   * @returns {TransactionRecord}
   */
  apply({ raw, facts, transaction, verified }) {
    const before = this.state;
    const { parameters } = before;
    const fee = transaction.fees(parameters);
    const context = new ledger.TransactionContext(before, this.#context);
    const [after, result] = before.apply(verified, context);
    if (result.type !== 'failure') this.#cost = addCost(this.#cost, transaction.cost(parameters));
    const start = { zswap: this.zswap.end, commitments: this.dust.commitments, generations: this.dust.generations };
    const events = this.#readEvents(result.type === 'failure' ? [] : result.events);
    this.#move(after);
    this.#refreshZswap();
    const moves = this.#moves(facts, result, new Set(events.nonces));
    /** @type {TransactionRecord} */
    const record = {
      id: this.nextTransaction,
      hash: facts.hash,
      identifiers: facts.identifiers,
      status: STATUS[result.type],
      segments: result.type === 'partialSuccess' ? segmentsOf(result) : null,
      ...(result.error === undefined ? {} : { error: result.error }),
      fee: String(fee),
      zswapRoot: this.zswap.root,
      zswap: [start.zswap, this.zswap.end],
      dustCommitment: [start.commitments, this.dust.commitments],
      dustGeneration: [start.generations, this.dust.generations],
      ...moves,
      zswapEvents: events.zswap,
      dustEvents: events.dust,
      actions: [],
      notVerified: facts.notVerified,
      offset: this.#offset,
      length: raw.length,
    };
    this.nextTransaction += 1;
    this.#offset += raw.length;
    this.transactions.push(record);
    this.bytes.push(raw);
    release(context, parameters, result);
    return record;
  }

  /** @param {LedgerState} next */
  #move(next) {
    if (this.state !== this.#genesis) release(this.state);
    this.state = next;
  }

  #refreshZswap() {
    const { zswap } = this.state;
    const end = Number(zswap.firstFree);
    release(zswap);
    if (end === this.zswap.end) return;
    this.zswap = { root: zswapRoot(this.state), end };
  }

  /**
   * Coins that the successful parts created and spent.
   * @param {Facts} facts
   * @param {import('@midnight-ntwrk/ledger-v8').TransactionResult} result
   * @param {Set<string>} generating initial nonces of coins that began to generate DUST
   */
  #moves(facts, result, generating) {
    if (result.type === 'failure') return { created: [], spent: [] };
    const parts = [facts.guaranteed];
    const successful = new Map(segmentsOf(result));
    for (const [segment, moves] of facts.fallible) {
      if (result.type === 'success' || successful.get(segment)) parts.push(moves);
    }
    const id = this.nextTransaction;
    const toUtxo = (/** @type {Coin} */ coin) => ({ ...coin, ctime: this.seconds, registered: generating.has(coin.initialNonce), createdBy: id });
    const created = parts.flatMap((part) => part.created.map(toUtxo));
    for (const utxo of created) this.#created.set(keyOf(utxo), utxo);
    const spent = parts.flatMap((part) => part.spent.map((coin) => this.#created.get(keyOf(coin)) ?? this.#earlier(coin)));
    return { created, spent };
  }

  /**
   * A coin of an earlier block; only its creator's id is kept, the rest is read when it is asked for.
   * @param {Coin} coin
   */
  #earlier(coin) {
    return { ...coin, ctime: 0, registered: false, createdBy: this.#creator(keyOf(coin)) ?? 0 };
  }

  /** @param {import('@midnight-ntwrk/ledger-v8').Event[]} events */
  #readEvents(events) {
    /** @type {{ zswap: import('./records.js').LedgerEvent[], dust: import('./records.js').LedgerEvent[], nonces: string[] }} */
    const read = { zswap: [], dust: [], nonces: [] };
    for (const event of events) {
      const details = /** @type {Record<string, any> & { tag: string }} */ (event.content);
      const type = EVENT_TYPES[details.tag] ?? (isParamChange(event, details.tag) ? 'ParamChange' : undefined);
      // Contract deployments and logs are no events of the indexer on ledger 8.
      if (!type) continue;
      this.lastEvent += 1;
      const found = { id: this.lastEvent, type, raw: toHex(event.serialize()) };
      if (type === 'ZswapLedgerEvent') read.zswap.push(found);
      else read.dust.push({ ...found, ...this.#trackDust(details, read.nonces) });
    }
    return read;
  }

  /**
   * @param {Record<string, any>} details
   * @param {string[]} nonces
   */
  #trackDust(details, nonces) {
    this.dust.changed = true;
    if (details.tag === 'dustInitialUtxo') {
      this.dust.commitments = Number(details.output.mtIndex) + 1;
      this.dust.generations = Number(details.generationIndex) + 1;
      nonces.push(details.generation.nonce);
      return { nonce: BigInt(details.output.nonce).toString(16).padStart(64, '0').replace(/../g, '$& ').trim().split(' ').reverse().join('') };
    }
    if (details.tag === 'dustSpendProcessed') this.dust.commitments = Number(details.commitmentIndex) + 1;
    return {};
  }

  /**
   * Ends the block: contract states, fee prices, tree roots.
   * @param {Facts[]} facts of the transactions, in order
   * @param {BlockRecord | undefined} parent
   */
  finish(facts, parent) {
    facts.forEach((fact, index) => {
      const record = /** @type {TransactionRecord} */ (this.transactions[index]);
      record.actions = fact.actions.map((action) => this.#readAction(action));
    });
    this.#move(endBlock(this.state, this.#time, this.#cost, this.#fees));
    const roots = this.dust.changed || !parent ? dustRoots(this.state, this.dust.commitments, this.dust.generations) : undefined;
    return {
      zswapRoot: this.zswap.root,
      zswapEnd: this.zswap.end,
      dustCommitmentEnd: this.dust.commitments,
      dustGenerationEnd: this.dust.generations,
      dustCommitmentRoot: roots?.commitment ?? parent?.dustCommitmentRoot ?? '00',
      dustGenerationRoot: roots?.generation ?? parent?.dustGenerationRoot ?? '00',
      lastEventId: this.lastEvent,
      lastActionId: this.lastAction,
    };
  }

  /** @param {import('./facts.js').Action} action */
  #readAction(action) {
    const contract = this.state.index(action.address);
    this.lastAction += 1;
    const balances = [...(contract?.balance ?? [])].flatMap(([token, amount]) =>
      token.tag === 'unshielded' ? [{ tokenType: token.raw, amount: String(amount) }] : []);
    const state = contract ? toHex(contract.serialize()) : '';
    return { id: this.lastAction, ...action, state, zswapState: toHex(this.state.zswap.filter(action.address).serialize()), balances };
  }
}

/** @type {Record<string, import('./records.js').LedgerEvent['type']>} */
const EVENT_TYPES = {
  zswapInput: 'ZswapLedgerEvent',
  zswapOutput: 'ZswapLedgerEvent',
  dustInitialUtxo: 'DustInitialUtxo',
  dustGenerationDtimeUpdate: 'DustGenerationDtimeUpdate',
  dustSpendProcessed: 'DustSpendProcessed',
};

/**
 * The npm ledger names only some of its events; a change of parameters shows in the event's text alone.
 * @param {import('@midnight-ntwrk/ledger-v8').Event} event
 * @param {string} tag
 */
const isParamChange = (event, tag) => !(tag in EVENT_TYPES) && event.toString(true).includes('ParamChange');
