import { createHash } from 'node:crypto';
import { hex32, integer } from './arguments.js';
import { RequestError } from './errors.js';
import { MAX_FRAME } from './limits.js';

/** @typedef {{ proverKey: Uint8Array, verifierKey: Uint8Array, ir: Uint8Array }} KeyMaterial */

/** @type {Map<string, KeyMaterial>} by content hash; the host decides what is dropped */
const held = new Map();

/**
 * @param {import('./arguments.js').Arguments} args
 * @param {Uint8Array} body the three parts, one behind the other
 */
export function put(args, body) {
  const hash = hex32(args, 'hash');
  const proverKey = integer(args, 'proverKey', MAX_FRAME);
  const verifierKey = integer(args, 'verifierKey', MAX_FRAME);
  if (proverKey + verifierKey > body.length) throw new RequestError('BAD_REQUEST', 'The key material is shorter than its parts.');
  // The frame is overwritten after the answer.
  const bytes = Uint8Array.from(body);
  const material = {
    proverKey: bytes.subarray(0, proverKey),
    verifierKey: bytes.subarray(proverKey, proverKey + verifierKey),
    ir: bytes.subarray(proverKey + verifierKey),
  };
  if (hashOf(material) !== hash) throw new RequestError('BAD_REQUEST', 'The key material is not what its hash says.');
  held.set(hash, material);
}

/** @param {import('./arguments.js').Arguments} args */
export function drop(args) {
  held.delete(hex32(args, 'hash'));
}

/**
 * @param {string} hash
 * @returns {KeyMaterial}
 */
export function get(hash) {
  const material = held.get(hash);
  if (!material) throw new RequestError('MISSING_KEYS', 'The key material is not here.', { hash });
  return material;
}

/**
 * SHA-256 over the three parts, each behind its length in 8 bytes little-endian.
 * @param {KeyMaterial} material
 * @returns {string}
 */
export function hashOf({ proverKey, verifierKey, ir }) {
  const hash = createHash('sha256');
  for (const part of [proverKey, verifierKey, ir]) {
    const length = Buffer.alloc(8);
    length.writeBigUInt64LE(BigInt(part.length));
    hash.update(length).update(part);
  }
  return hash.digest('hex');
}
