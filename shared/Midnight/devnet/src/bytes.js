import { blake2b } from '@noble/hashes/blake2b';

/** @param {Uint8Array} bytes */
export const toHex = (bytes) => Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('hex');

/**
 * Lower or upper hex, with or without `0x`.
 * @param {string} text
 * @returns {Buffer | undefined} undefined when it is not hex
 */
export function fromHex(text) {
  const digits = text.startsWith('0x') ? text.slice(2) : text;
  return digits.length % 2 === 0 && /^[0-9a-fA-F]*$/.test(digits) ? Buffer.from(digits, 'hex') : undefined;
}

/**
 * BLAKE2b with 32 bytes of output: the hash of Substrate headers and extrinsics.
 * @param {Uint8Array} bytes
 */
export const blake2b256 = (bytes) => Buffer.from(blake2b(bytes, { dkLen: 32 }));

/**
 * SCALE compact integer, as the ledger also writes its field elements.
 * @param {bigint} value at most 536 bits
 */
export function compact(value) {
  if (value < 1n << 6n) return Buffer.from([Number(value) << 2]);
  if (value < 1n << 14n) return little((value << 2n) | 1n, 2);
  if (value < 1n << 30n) return little((value << 2n) | 2n, 4);
  const length = Math.max(4, Math.ceil(value.toString(16).length / 2));
  return Buffer.concat([Buffer.from([((length - 4) << 2) | 3]), little(value, length)]);
}

/**
 * @param {bigint} value
 * @param {number} length bytes
 */
export function little(value, length) {
  return Buffer.from(value.toString(16).padStart(length * 2, '0'), 'hex').reverse();
}

/**
 * Reads a SCALE compact integer.
 * @param {Uint8Array} bytes
 * @param {number} offset
 * @returns {{ value: number, next: number } | undefined} undefined when it is cut short or above 2^53
 */
export function readCompact(bytes, offset) {
  const first = bytes[offset];
  if (first === undefined) return undefined;
  const mode = first & 3;
  const length = mode === 3 ? (first >> 2) + 4 : 1 << mode;
  const start = mode === 3 ? offset + 1 : offset;
  if (start + length > bytes.length || length > 6) return undefined;
  let value = 0;
  for (let i = length - 1; i >= 0; i--) value = value * 256 + (bytes[start + i] ?? 0);
  return { value: mode === 3 ? value : Math.floor(value / 4), next: start + length };
}
