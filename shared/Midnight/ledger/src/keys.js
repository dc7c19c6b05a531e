import { createECDH, createHmac } from 'node:crypto';
import { RequestError } from './errors.js';

/** The lengths of a seed, in bytes: plain, or made of a mnemonic (BIP-39). BIP-32 would take any from 16 to 64. */
const SEED_LENGTHS = [32, 64];

/**
 * Roles of Midnight's key tree `m/44'/2400'/account'/role/index` (wallet-sdk-hd 3.0.2, `Roles`).
 * @typedef {0 | 2 | 3} Role
 */
export const Role = Object.freeze({ night: /** @type {0} */ (0), dust: /** @type {2} */ (2), zswap: /** @type {3} */ (3) });

const HARDENED = 0x80000000;
const PURPOSE = 44;
const COIN_TYPE = 2400;
const ACCOUNT = 0;
const INDEX = 0;
/** The order of secp256k1 (SEC 2, 2.4.1). */
const ORDER = Buffer.from('fffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141', 'hex');

/**
 * Derives the secret keys of some roles, lends them to a function and overwrites them and everything between when it returns.
 *
 * This is BIP-32 on the platform's native HMAC and curve. The official HD wallet gives the same keys (the tests compare), but
 * leaves six private keys for each role on the heap and takes six times as long: it computes fingerprints that nobody asks for.
 *
 * @template T
 * @param {Uint8Array} seed
 * @param {readonly Role[]} roles
 * @param {(keys: Buffer[]) => T} use gets one 32-byte key for each role, in order
 * @returns {T}
 */
export function withKeys(seed, roles, use) {
  if (!SEED_LENGTHS.includes(seed.length)) throw new RequestError('BAD_SEED', 'The body must be a seed of 32 or 64 bytes.');
  /** @type {Buffer[]} */
  const nodes = [];
  /** @param {Buffer} node */
  const keep = (node) => (nodes.push(node), node);
  try {
    const master = keep(createHmac('sha512', 'Bitcoin seed').update(seed).digest());
    if (!isKey(secretOf(master))) throw unusable();
    const purpose = keep(child(master, PURPOSE + HARDENED));
    const coin = keep(child(purpose, COIN_TYPE + HARDENED));
    const account = keep(child(coin, ACCOUNT + HARDENED));
    return use(roles.map((role) => secretOf(keep(child(keep(child(account, role)), INDEX)))));
  } finally {
    for (const node of nodes) node.fill(0);
  }
}

/**
 * BIP-32, `CKDpriv`. A node is the 32 bytes of its secret key followed by the 32 bytes of its chain code.
 * @param {Buffer} parent
 * @param {number} index
 * @returns {Buffer}
 */
function child(parent, index) {
  const data = Buffer.alloc(37);
  try {
    if (index >= HARDENED) secretOf(parent).copy(data, 1);
    else publicKey(secretOf(parent)).copy(data, 0);
    data.writeUInt32BE(index, 33);
    const node = createHmac('sha512', parent.subarray(32)).update(data).digest();
    // BIP-32 calls such a key invalid; it happens once in 2^127 derivations.
    if (compare(secretOf(node), ORDER) >= 0) throw unusable();
    addModuloOrder(secretOf(node), secretOf(parent));
    if (!isKey(secretOf(node))) throw unusable();
    return node;
  } finally {
    data.fill(0);
  }
}

/** @param {Buffer} node */
function secretOf(node) {
  return node.subarray(0, 32);
}

/** @param {Buffer} secret */
function publicKey(secret) {
  const curve = createECDH('secp256k1');
  curve.setPrivateKey(secret);
  return /** @type {Buffer} */ (/** @type {unknown} */ (curve.getPublicKey(null, 'compressed')));
}

/** @param {Buffer} secret */
function isKey(secret) {
  return secret.some((byte) => byte !== 0) && compare(secret, ORDER) < 0;
}

/**
 * target = (target + other) mod the curve's order, byte by byte: a bigint could not be overwritten afterwards.
 * @param {Buffer} target
 * @param {Buffer} other
 */
function addModuloOrder(target, other) {
  let carry = 0;
  for (let i = 31; i >= 0; i--) {
    const sum = byteAt(target, i) + byteAt(other, i) + carry;
    target[i] = sum & 0xff;
    carry = sum >> 8;
  }
  if (carry === 0 && compare(target, ORDER) < 0) return;
  let borrow = 0;
  for (let i = 31; i >= 0; i--) {
    const difference = byteAt(target, i) - byteAt(ORDER, i) - borrow;
    target[i] = difference & 0xff;
    borrow = difference < 0 ? 1 : 0;
  }
}

/**
 * @param {Buffer} bytes
 * @param {number} index
 */
function byteAt(bytes, index) {
  return /** @type {number} */ (bytes[index]);
}

/**
 * @param {Buffer} left
 * @param {Buffer} right
 */
function compare(left, right) {
  return Buffer.compare(left, right);
}

function unusable() {
  return new RequestError('BAD_SEED', 'The seed gives no usable key.');
}
