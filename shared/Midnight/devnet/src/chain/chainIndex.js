import { decodeBlock, utxoKey } from './records.js';

/** @typedef {import('./records.js').BlockRecord} BlockRecord */
/** @typedef {import('./records.js').StoredBlock} StoredBlock */
/** @typedef {import('./records.js').TransactionRecord} TransactionRecord */
/** @typedef {{ transaction: TransactionRecord, stored: StoredBlock }} Found */

const CACHED_BLOCKS = 64;
const CACHED_BYTES = 32 * 1024 * 1024;

/**
 * Finds blocks, transactions, coins, contract actions and events. It holds numbers and keys alone; the records
 * themselves are read from the block log and a few are cached.
 */
export class ChainIndex {
  #log;
  /** @type {number[]} */ #positions = [];
  /** @type {Map<string, number>} */ #heightByHash = new Map();
  /** @type {number[]} */ #heightOfTransaction = [];
  /** @type {number[]} */ #firstTransaction = [];
  /** @type {Map<string, number[]>} */ #byHash = new Map();
  /** @type {Map<string, number[]>} */ #byIdentifier = new Map();
  /** @type {Map<string, number[]>} */ #byOwner = new Map();
  /** @type {Map<string, number>} */ #creator = new Map();
  /** @type {Map<string, number>} */ #spender = new Map();
  /** @type {Map<string, { id: number, transaction: number, height: number }[]>} */ #actions = new Map();
  /** @type {{ zswap: { id: number, transaction: number }[], dust: { id: number, transaction: number }[] }} */
  #events = { zswap: [], dust: [] };
  /** @type {{ height: number, hex: string }[]} */ #parameters = [];
  /** @type {Map<number, StoredBlock>} */ #cache = new Map();
  #cachedBytes = 0;
  /** @type {Map<string, number>} */ #gifts = new Map();

  /** @param {import('./blockLog.js').BlockLog} log */
  constructor(log) {
    this.#log = log;
  }

  /** Height of the last block, -1 before the first. */
  get height() {
    return this.#positions.length - 1;
  }

  /** Number of transactions, which is the id of the last one. */
  get lastTransaction() {
    return this.#heightOfTransaction.length;
  }

  /**
   * @param {BlockRecord} block
   * @param {number} position in the log
   */
  add(block, position) {
    this.#positions.push(position);
    this.#heightByHash.set(block.hash, block.height);
    this.#firstTransaction.push(this.lastTransaction + 1);
    if (block.parameters) this.#parameters.push({ height: block.height, hex: block.parameters });
    for (const transaction of block.transactions) this.#addTransaction(transaction, block.height);
    if (givenBy(block)?.status === 'SUCCESS') for (const id of block.gifts ?? []) this.#gifts.set(id, block.height);
  }

  /**
   * What the faucet did for a request, if it did.
   * @param {string} id
   */
  giftOf(id) {
    const block = this.blockAt(this.#gifts.get(id) ?? -1)?.block;
    return block && { block, transaction: /** @type {TransactionRecord} */ (givenBy(block)) };
  }

  /**
   * @param {TransactionRecord} transaction
   * @param {number} height
   */
  #addTransaction(transaction, height) {
    const { id } = transaction;
    this.#heightOfTransaction.push(height);
    append(this.#byHash, transaction.hash, id);
    for (const identifier of transaction.identifiers) append(this.#byIdentifier, identifier, id);
    for (const utxo of transaction.created) this.#creator.set(utxoKey(utxo.intentHash, utxo.outputIndex), id);
    for (const utxo of transaction.spent) this.#spender.set(utxoKey(utxo.intentHash, utxo.outputIndex), id);
    const owners = new Set([...transaction.created, ...transaction.spent].map((utxo) => utxo.owner));
    for (const owner of owners) append(this.#byOwner, owner, id);
    for (const event of transaction.zswapEvents) this.#events.zswap.push({ id: event.id, transaction: id });
    for (const event of transaction.dustEvents) this.#events.dust.push({ id: event.id, transaction: id });
    for (const action of transaction.actions) append(this.#actions, action.address, { id: action.id, transaction: id, height });
  }

  /**
   * @param {number} height
   * @returns {StoredBlock | undefined}
   */
  blockAt(height) {
    const position = this.#positions[height];
    if (position === undefined) return undefined;
    const cached = this.#cache.get(height);
    if (cached) return cached;
    const stored = decodeBlock(this.#log.read(position));
    this.#remember(height, stored);
    return stored;
  }

  /**
   * @param {number} height
   * @param {StoredBlock} stored
   */
  #remember(height, stored) {
    this.#cache.set(height, stored);
    this.#cachedBytes += stored.bytes.length;
    for (const [oldest, { bytes }] of this.#cache) {
      if (this.#cache.size <= 1 || (this.#cache.size <= CACHED_BLOCKS && this.#cachedBytes <= CACHED_BYTES)) break;
      this.#cache.delete(oldest);
      this.#cachedBytes -= bytes.length;
    }
  }

  /** @param {string} hash */
  heightOf(hash) {
    return this.#heightByHash.get(hash);
  }

  /**
   * Serialized ledger parameters in force after the block, hex.
   * @param {number} height
   */
  parametersAt(height) {
    return this.#parameters[upperBound(this.#parameters, (entry) => entry.height <= height) - 1]?.hex ?? '';
  }

  /**
   * @param {number} id
   * @returns {Found}
   */
  transaction(id) {
    const height = this.#heightOfTransaction[id - 1] ?? -1;
    const stored = this.blockAt(height);
    const transaction = stored?.block.transactions[id - (this.#firstTransaction[height] ?? 0)];
    if (!stored || !transaction) throw new Error(`no transaction has the id ${id}`);
    return { transaction, stored };
  }

  /** @param {string} hash */
  idsByHash(hash) {
    return this.#byHash.get(hash) ?? [];
  }

  /** @param {string} identifier */
  idsByIdentifier(identifier) {
    return this.#byIdentifier.get(identifier) ?? [];
  }

  /**
   * Id of the first transaction from `from` on that created or spent a coin of the address.
   * @param {string} owner
   * @param {number} from
   */
  nextOfOwner(owner, from) {
    const ids = this.#byOwner.get(owner) ?? [];
    return ids[upperBound(ids, (id) => id < from)];
  }

  /** @param {string} owner */
  lastOfOwner(owner) {
    return this.#byOwner.get(owner)?.at(-1) ?? 0;
  }

  /** @param {string} key as `utxoKey` makes it */
  creatorOf(key) {
    return this.#creator.get(key);
  }

  /** @param {string} key as `utxoKey` makes it */
  spenderOf(key) {
    return this.#spender.get(key);
  }

  /**
   * @param {'zswap' | 'dust'} group
   * @param {number} from
   */
  nextEvent(group, from) {
    const events = this.#events[group];
    return events[upperBound(events, (event) => event.id < from)];
  }

  /** @param {'zswap' | 'dust'} group */
  lastEvent(group) {
    return this.#events[group].at(-1)?.id ?? 0;
  }

  /**
   * Places of the contract's actions, oldest first.
   * @param {string} address
   */
  actionsOf(address) {
    return this.#actions.get(address) ?? [];
  }
}

/**
 * The faucet's transfer: it follows the claim of what was minted, if anything was.
 * @param {BlockRecord} block
 */
export const givenBy = (block) => block.transactions[block.mints.length];

/**
 * @template K, V
 * @param {Map<K, V[]>} map
 * @param {K} key
 * @param {V} value
 */
function append(map, key, value) {
  const list = map.get(key);
  if (list) list.push(value);
  else map.set(key, [value]);
}

/**
 * Number of leading entries for which `before` holds.
 * @template T
 * @param {T[]} sorted
 * @param {(entry: T) => boolean} before
 */
function upperBound(sorted, before) {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (before(/** @type {T} */ (sorted[middle]))) low = middle + 1;
    else high = middle;
  }
  return low;
}
