import { compact } from '../bytes.js';

/** A SCALE integer in its compact form. */
export const number = (/** @type {number} */ value) => compact(BigInt(value));

/** A SCALE string: its length in bytes, then UTF-8. */
export const text = (/** @type {string} */ value) => bytes(Buffer.from(value));

/**
 * A SCALE byte vector.
 * @param {Uint8Array} value
 */
export const bytes = (value) => Buffer.concat([number(value.length), value]);

/**
 * A SCALE vector: the number of items, then each.
 * @template T
 * @param {readonly T[]} items
 * @param {(item: T) => Uint8Array} encode
 */
export const vector = (items, encode) => Buffer.concat([number(items.length), ...items.map(encode)]);

/**
 * A SCALE option: 0, or 1 and the value.
 * @template T
 * @param {T | undefined} value
 * @param {(value: T) => Uint8Array} encode
 */
export const option = (value, encode) => (value === undefined ? Buffer.of(0) : Buffer.concat([Buffer.of(1), encode(value)]));
