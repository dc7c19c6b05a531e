import { badArgument } from './arguments.js';

/** The longest list that is read. */
const MAX_ITEMS = 10_000;
const BYTES = /^(?:[0-9a-f]{2})*$/;

/**
 * @param {unknown} value
 * @param {string} path
 * @returns {Uint8Array}
 */
export function bytes(value, path) {
  if (typeof value !== 'string' || !BYTES.test(value)) throw badArgument(path, 'bytes in lower hex');
  return new Uint8Array(Buffer.from(value, 'hex'));
}

/**
 * @param {unknown} value
 * @param {string} path
 */
export function flag(value, path) {
  if (typeof value !== 'boolean') throw badArgument(path, 'true or false');
  return value;
}

/**
 * @param {unknown} value
 * @param {string} path
 */
export function u32(value, path) {
  return upTo(value, path, 0xffffffff);
}

/**
 * @param {unknown} value
 * @param {string} path
 */
export function u8(value, path) {
  return upTo(value, path, 0xff);
}

/**
 * @param {unknown} value
 * @param {string} path
 * @param {number} maximum
 */
function upTo(value, path, maximum) {
  if (typeof value !== 'number' || !Number.isInteger(value) || value < 0 || value > maximum) throw badArgument(path, `an integer from 0 to ${maximum}`);
  return value;
}

/**
 * @param {unknown} value
 * @param {string} path
 * @returns {[unknown, unknown][]}
 */
export function pairs(value, path) {
  return items(value, path, MAX_ITEMS).map((pair, index) => {
    const both = items(pair, `${path}[${index}]`, 2);
    if (both.length !== 2) throw badArgument(`${path}[${index}]`, 'a key and a value');
    return /** @type {[unknown, unknown]} */ (both);
  });
}

/**
 * @param {unknown} value
 * @param {string} path
 * @param {number} most
 * @returns {unknown[]}
 */
export function items(value, path, most) {
  if (!Array.isArray(value) || value.length > most) throw badArgument(path, `a list of at most ${most} items`);
  return value;
}

/**
 * @param {unknown} value
 * @param {string} path
 * @returns {Record<string, unknown>}
 */
export function object(value, path) {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw badArgument(path, 'an object');
  return /** @type {Record<string, unknown>} */ (value);
}

/**
 * @param {unknown} value
 * @param {string} path
 * @param {string[]} fields
 */
export function record(value, path, fields) {
  const given = object(value, path);
  if (Object.keys(given).length !== fields.length || !fields.every((field) => Object.hasOwn(given, field))) {
    throw badArgument(path, `an object with ${fields.join(' and ')}`);
  }
  return given;
}
