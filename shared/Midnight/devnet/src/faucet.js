import { createHmac, randomBytes } from 'node:crypto';
import { EventEmitter } from 'node:events';
import fs from 'node:fs';
import path from 'node:path';
import { NETWORK, ledger } from './chain/ledger.js';
import { log } from './log.js';

/** @typedef {import('./chain/records.js').BlockRecord} BlockRecord */
/** @typedef {import('./chain/records.js').TransactionRecord} TransactionRecord */
/**
 * @typedef {object} Request
 * @property {string} owner user address, hex
 * @property {bigint[]} coins amounts, one per coin
 * @property {(answer: { block: BlockRecord, transaction: TransactionRecord }) => void} resolve
 * @property {(error: FaucetError) => void} reject
 */

/** The faucet keeps one coin; it mints when that is too small. A billion NIGHT, in STAR. */
const STOCK = 10n ** 15n;
const MAX_OUTPUTS = 64;
/** The ledger lets a transaction of this size take 15 ms to dismiss, which a sixth or seventh guaranteed output exceeds. */
const GUARANTEED_OUTPUTS = 5;
const MAX_WAITING = 10_000;
const TTL_SECONDS = 600;
const NO_PROOFS = {
  check: () => Promise.reject(new Error('an unshielded transfer needs no proof')),
  prove: () => Promise.reject(new Error('an unshielded transfer needs no proof')),
};

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

  /**
   * @param {import('./chain/chain.js').Chain} chain
   * @param {string | undefined} folder keeps the key's seed, readable by the owner alone
   */
  constructor(chain, folder) {
    super();
    this.#chain = chain;
    this.#seed = folder ? seedFrom(path.join(folder, 'faucet.key')) : randomBytes(32);
  }

  get waits() {
    return this.#waiting.length > 0;
  }

  /**
   * @param {string} owner user address, hex
   * @param {bigint[]} coins amounts in STAR, one per coin
   * @returns {Promise<{ block: BlockRecord, transaction: TransactionRecord }>} when it is in a block
   */
  give(owner, coins) {
    if (this.#waiting.length >= MAX_WAITING) throw new FaucetError(503, 'too many requests wait for the faucet');
    if (coins.length > MAX_OUTPUTS - 1) throw new FaucetError(400, `coins must be at most ${MAX_OUTPUTS - 1}`);
    const { reservePool } = this.#chain.state;
    if (coins.reduce((sum, coin) => sum + coin, 0n) > reservePool) throw new FaucetError(409, `the devnet has no more than ${reservePool} STAR left to give`);
    return new Promise((resolve, reject) => {
      this.#waiting.push({ owner, coins, resolve, reject });
      this.emit('waiting');
    });
  }

  /** What the next block is to do for the requests that wait. */
  async prepare() {
    this.#served = this.#takeBatch();
    if (this.#served.length === 0) return undefined;
    const outputs = this.#served.flatMap(({ owner, coins }) => coins.map((value) => ({ owner, value })));
    const total = outputs.reduce((sum, { value }) => sum + value, 0n);
    const key = this.#key(this.#chain.faucetKey);
    const purse = [...this.#chain.state.utxo.filter(key.address)].filter(({ type }) => type === ledger.nativeToken().raw);
    const mints = [];
    const transactions = [];
    if (purse.reduce((sum, { value }) => sum + value, 0n) < total) {
      const amount = total > STOCK ? total : minimum(STOCK, this.#chain.state.reservePool);
      const claim = claimOf(key, amount);
      mints.push({ address: key.address, amount });
      transactions.push(claim.raw);
      purse.push(claim.coin);
    }
    transactions.push(await this.#transfer(key, purse, outputs, total));
    return { mints, transactions };
  }

  /** @param {BlockRecord} block that carried out what `prepare` gave */
  settle(block) {
    const served = this.#served;
    this.#served = [];
    if (served.length === 0) return;
    const position = block.mints.length === 0 ? 0 : 1;
    const transaction = /** @type {TransactionRecord} */ (block.transactions[position]);
    if (transaction.status !== 'SUCCESS') log('error', 'faucet.failed', { hash: transaction.hash, reason: transaction.error });
    for (const request of served) {
      if (transaction.status === 'SUCCESS') request.resolve({ block, transaction });
      else request.reject(new FaucetError(500, `the ledger refused the faucet's transfer: ${transaction.error}`));
    }
  }

  #takeBatch() {
    let outputs = 1;
    let count = 0;
    for (const { coins } of this.#waiting) {
      if (outputs + coins.length > MAX_OUTPUTS) break;
      outputs += coins.length;
      count += 1;
    }
    return this.#waiting.splice(0, count);
  }

  /**
   * @param {{ signing: string, verifying: string, address: string }} key
   * @param {import('@midnight-ntwrk/ledger-v8').Utxo[]} purse
   * @param {{ owner: string, value: bigint }[]} outputs
   * @param {bigint} total
   */
  async #transfer(key, purse, outputs, total) {
    const type = ledger.nativeToken().raw;
    const change = purse.reduce((sum, { value }) => sum + value, 0n) - total;
    const all = change > 0n ? [...outputs, { owner: key.address, value: change }] : outputs;
    const inputs = purse.map(({ value, intentHash, outputNo }) => ({ value, intentHash, outputNo, type, owner: key.verifying }));
    const intent = ledger.Intent.new(new Date(this.#chain.clock.now() + TTL_SECONDS * 1000));
    const part = all.length <= GUARANTEED_OUTPUTS ? 'guaranteedUnshieldedOffer' : 'fallibleUnshieldedOffer';
    intent[part] = ledger.UnshieldedOffer.new(inputs, all.map((output) => ({ ...output, type })), []);
    const signature = ledger.signData(key.signing, intent.signatureData(1));
    intent[part] = intent[part]?.addSignatures(inputs.map(() => signature));
    const transaction = ledger.Transaction.fromParts(NETWORK, undefined, undefined, intent);
    return (await transaction.prove(NO_PROOFS, ledger.CostModel.initialCostModel())).bind().serialize();
  }

  /** @param {number} number of the key */
  #key(number) {
    const secret = createHmac('sha256', this.#seed).update(`midnight devnet faucet ${number}`).digest();
    const signing = ledger.signingKeyFromBip340(secret);
    const verifying = ledger.signatureVerifyingKey(signing);
    return { signing, verifying, address: ledger.addressFromKey(verifying) };
  }
}

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

/**
 * @param {{ signing: string, verifying: string, address: string }} key
 * @param {bigint} amount
 */
function claimOf(key, amount) {
  const nonce = randomBytes(32).toString('hex');
  const claim = ledger.ClaimRewardsTransaction.new(NETWORK, amount, key.verifying, nonce, 'Reward');
  const signed = claim.addSignature(ledger.signData(key.signing, claim.dataToSign));
  const transaction = ledger.Transaction.fromRewards(signed);
  const intentHash = /** @type {string} */ (transaction.identifiers()[0]).slice(2);
  const coin = { value: amount, owner: key.address, type: ledger.nativeToken().raw, intentHash, outputNo: 0 };
  return { raw: asProven(transaction.serialize()), coin };
}

/**
 * A claim holds no proof, so that its bytes before and after proving differ in the type named by the header alone; the
 * npm ledger offers no call for that step.
 * @param {Uint8Array} raw
 */
function asProven(raw) {
  const unproven = Buffer.from('midnight:transaction[v9](signature[v1],proof-preimage,');
  const proven = Buffer.from('midnight:transaction[v9](signature[v1],proof,');
  if (!Buffer.from(raw.subarray(0, unproven.length)).equals(unproven)) throw new Error('the ledger writes claims in an unknown form');
  return Uint8Array.from(Buffer.concat([proven, raw.subarray(unproven.length)]));
}

/**
 * @param {bigint} a
 * @param {bigint} b
 */
const minimum = (a, b) => (a < b ? a : b);
