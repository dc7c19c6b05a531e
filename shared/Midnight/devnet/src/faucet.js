import { createHmac, randomBytes } from 'node:crypto';
import { EventEmitter } from 'node:events';
import fs from 'node:fs';
import path from 'node:path';
import { givenBy } from './chain/chainIndex.js';
import { ledger } from './chain/ledger.js';
import { NIGHT, freeTransfer, paidTransfer, signedClaim } from './faucetTransactions.js';
import { log } from './log.js';

/** @typedef {import('./chain/records.js').BlockRecord} BlockRecord */
/** @typedef {import('./chain/records.js').TransactionRecord} TransactionRecord */
/** @typedef {import('./faucetTransactions.js').FaucetKey} FaucetKey */
/** @typedef {import('@midnight-ntwrk/ledger-v8').Utxo} LedgerUtxo */
/** @typedef {{ block: BlockRecord, transaction: TransactionRecord }} Gift */
/**
 * @typedef {object} Request
 * @property {string} owner user address, hex
 * @property {bigint[]} coins amounts, one per coin
 * @property {string | undefined} id
 * @property {(answer: Gift) => void} resolve
 * @property {(error: FaucetError) => void} reject
 */

/** The faucet keeps one coin; it mints when that is too small. A billion NIGHT, in STAR. */
const STOCK = 10n ** 15n;
/** The coin that pays the fees, when there are any; it makes more than 800 DUST a second. */
const FEE_COIN = 10n ** 14n;
/** Of one transfer; about seventy would fill a block's limits. */
const MAX_OUTPUTS = 48;
/** Of one request: the transfer's last output is the faucet's change. */
export const MAX_COINS = MAX_OUTPUTS - 1;
const MAX_WAITING = 10_000;

/** The request cannot be served; `status` is the HTTP status. */
export class FaucetError extends Error {
  /**
   * @param {number} status
   * @param {string} message
   */
  constructor(status, message) {
    super(message);
    this.status = status;
  }
}

/**
 * Gives NIGHT away. All requests that wait share one really signed transfer per block, so that no two of them ever
 * reach for the same coin. Its coin is minted and claimed with a real signature. Emits `waiting`.
 * @extends {EventEmitter<{ waiting: [] }>}
 */
export class Faucet extends EventEmitter {
  #chain;
  #seed;
  /** @type {Request[]} */ #waiting = [];
  /** @type {Request[]} */ #served = [];
  /** @type {Map<string, Promise<Gift>>} */ #named = new Map();

  /**
   * @param {import('./chain/chain.js').Chain} chain
   * @param {string | undefined} folder keeps the key's seed, readable by the owner alone
   */
  constructor(chain, folder) {
    super();
    this.#chain = chain;
    this.#seed = folder ? seedFrom(path.join(folder, 'faucet.key')) : randomBytes(32);
  }

  /** Whether another block at once would serve somebody. */
  get waits() {
    return this.#waiting.length > 0 && !this.#chain.fees;
  }

  /**
   * @param {string} owner user address, hex
   * @param {bigint[]} coins amounts in STAR, one per coin
   * @param {string} [id] of the request: one that comes again is not served again
   * @returns {Promise<Gift>} when it is in a block
   */
  async give(owner, coins, id) {
    if (id === undefined) return this.#queue(owner, coins, id);
    const known = this.#chain.index.giftOf(id) ?? this.#named.get(id);
    if (known) return known;
    const gift = this.#queue(owner, coins, id);
    this.#named.set(id, gift);
    try {
      return await gift;
    } finally {
      this.#named.delete(id);
    }
  }

  /**
   * @param {string} owner
   * @param {bigint[]} coins
   * @param {string | undefined} id
   * @returns {Promise<Gift>}
   */
  async #queue(owner, coins, id) {
    if (this.#waiting.length >= MAX_WAITING) throw new FaucetError(503, 'too many requests wait for the faucet');
    if (coins.length > MAX_COINS) throw new FaucetError(400, `coins must be at most ${MAX_COINS}`);
    const { reservePool } = this.#chain.state;
    // Those who wait or are being served come first: what they get may not have left the reserve yet.
    const promised = sumOf(this.#served) + sumOf(this.#waiting);
    const left = reservePool > promised ? reservePool - promised : 0n;
    if (coins.reduce((sum, coin) => sum + coin, 0n) > left) throw new FaucetError(409, `the devnet has no more than ${left} STAR left to give`);
    return new Promise((resolve, reject) => {
      this.#waiting.push({ owner, coins, id, resolve, reject });
      this.emit('waiting');
    });
  }

  /** What the next block is to do for the requests that wait. */
  async prepare() {
    if (this.#waiting.length === 0) return undefined;
    const key = this.#key(this.#chain.faucetKey);
    const purse = this.#purse(key.address);
    return this.#chain.fees ? this.#preparePaid(key, purse) : this.#prepareFree(key, purse);
  }

  /**
   * @param {FaucetKey} key
   * @param {LedgerUtxo[]} purse
   */
  async #prepareFree(key, purse) {
    const batch = this.#take();
    const minted = sumOf(batch) > valueOf(purse) ? this.#mint(key, [this.#stockFor(batch)]) : undefined;
    const coins = [...purse, ...(minted?.coins ?? [])];
    const outputs = outputsOf(batch, key.address, valueOf(coins));
    const transfer = await freeTransfer(key, coins, outputs, this.#chain.clock.now());
    return { mints: minted?.mints ?? [], transactions: [...(minted?.transactions ?? []), transfer], gifts: idsOf(batch) };
  }

  /**
   * With fees on a coin that no registration has touched pays with the DUST that it would have made since it was created.
   * The change goes to a new key, so that the next coins are such coins again. It takes a second after each transfer.
   * @param {FaucetKey} key
   * @param {LedgerUtxo[]} purse
   */
  async #preparePaid(key, purse) {
    const [feeCoin, ...coins] = purse.sort((a, b) => Number(a.value - b.value));
    if (!feeCoin || sumOf(this.#nextBatch()) > valueOf(coins)) {
      return this.#mint(key, [...(feeCoin ? [] : [FEE_COIN]), this.#stockFor(this.#nextBatch())]);
    }
    const now = this.#chain.clock.now();
    const payment = this.#payment(key, feeCoin, now);
    if (!payment) return undefined;
    const faucetKey = this.#chain.faucetKey + 1;
    const { address: feeOwner } = this.#key(faucetKey);
    const batch = this.#take();
    const outputs = outputsOf(batch, feeOwner, valueOf(coins));
    return { mints: [], transactions: [await paidTransfer(key, coins, outputs, now, { feeCoin, feeOwner, payment })], faucetKey, gifts: idsOf(batch) };
  }

  /**
   * @param {FaucetKey} key
   * @param {bigint[]} amounts
   */
  #mint(key, amounts) {
    const claims = amounts.map((amount) => signedClaim(key, amount));
    const total = amounts.reduce((sum, amount) => sum + amount, 0n);
    const mint = { address: key.address, amount: String(total), nonce: randomBytes(32).toString('hex') };
    return { mints: [mint], transactions: claims.map(({ raw }) => raw), coins: claims.map(({ coin }) => coin) };
  }

  /** @param {Request[]} batch */
  #stockFor(batch) {
    const needed = sumOf(batch);
    return needed > STOCK || this.#chain.state.reservePool < STOCK + FEE_COIN ? needed : STOCK;
  }

  /**
   * @param {FaucetKey} key
   * @param {LedgerUtxo} coin
   * @param {number} now milliseconds
   */
  #payment(key, coin, now) {
    const ctime = new Date(Math.floor(now / 1000) * 1000);
    const { utxo, parameters } = this.#chain.state;
    const { generationDecayRate, nightDustRatio } = parameters.dust;
    const made = utxo.lookupMeta(coin)?.ctime ?? ctime;
    const seconds = BigInt(Math.max(0, Math.floor((ctime.getTime() - made.getTime()) / 1000)));
    const grown = seconds * coin.value * generationDecayRate;
    const cap = coin.value * nightDustRatio;
    return grown > 0n ? { ctime, allow: grown < cap ? grown : cap, address: key.dust } : undefined;
  }

  /** @param {string} address */
  #purse(address) {
    return [...this.#chain.state.utxo.filter(address)].filter(({ type }) => type === NIGHT);
  }

  /** @param {BlockRecord} block that carried out what `prepare` gave */
  settle(block) {
    const served = this.#served;
    this.#served = [];
    if (served.length === 0) return;
    const transaction = /** @type {TransactionRecord} */ (givenBy(block));
    if (transaction.status !== 'SUCCESS') log('error', 'faucet.failed', { hash: transaction.hash, reason: transaction.error });
    for (const request of served) {
      if (transaction.status === 'SUCCESS') request.resolve({ block, transaction });
      else request.reject(new FaucetError(500, `the ledger refused the faucet's transfer: ${transaction.error}`));
    }
  }

  /**
   * Answers those whom the last `prepare` was for.
   * @param {string} reason
   */
  fail(reason) {
    log('error', 'faucet.failed', { reason });
    for (const request of this.#served.splice(0)) request.reject(new FaucetError(500, `the ledger refused the faucet's transfer: ${reason}`));
  }

  #take() {
    this.#served = this.#waiting.splice(0, this.#nextBatch().length);
    return this.#served;
  }

  /** As many of the oldest requests as one transaction carries. */
  #nextBatch() {
    let outputs = 1;
    const end = this.#waiting.findIndex(({ coins }) => (outputs += coins.length) > MAX_OUTPUTS);
    return this.#waiting.slice(0, end < 0 ? undefined : end);
  }

  /**
   * @param {number} number of the key
   * @returns {FaucetKey}
   */
  #key(number) {
    const secret = createHmac('sha256', this.#seed).update(`midnight devnet faucet ${number}`).digest();
    const signing = ledger.signingKeyFromBip340(secret);
    const verifying = ledger.signatureVerifyingKey(signing);
    return { signing, verifying, address: ledger.addressFromKey(verifying), dust: ledger.DustSecretKey.fromSeed(secret).publicKey };
  }
}

/** @param {LedgerUtxo[]} coins */
const valueOf = (coins) => coins.reduce((sum, { value }) => sum + value, 0n);

/**
 * What the requests get, and the rest for the faucet.
 * @param {Request[]} batch
 * @param {string} faucet
 * @param {bigint} available
 */
function outputsOf(batch, faucet, available) {
  const outputs = batch.flatMap(({ owner, coins }) => coins.map((value) => ({ owner, value })));
  const change = available - sumOf(batch);
  return change > 0n ? [...outputs, { owner: faucet, value: change }] : outputs;
}

/** @param {Request[]} batch */
const idsOf = (batch) => batch.flatMap(({ id }) => (id === undefined ? [] : [id]));

/** @param {Request[]} batch */
const sumOf = (batch) => batch.reduce((sum, { coins }) => coins.reduce((inner, coin) => inner + coin, sum), 0n);

/**
 * Reads the seed of the faucet's keys, or makes one.
 * @param {string} file
 */
function seedFrom(file) {
  if (fs.existsSync(file)) {
    const seed = Buffer.from(fs.readFileSync(file, 'utf8').trim(), 'hex');
    if (seed.length !== 32) throw new Error(`${file} does not hold 32 bytes of hex`);
    return seed;
  }
  const seed = randomBytes(32);
  fs.writeFileSync(file, `${seed.toString('hex')}\n`, { mode: 0o600, flush: true });
  return seed;
}
