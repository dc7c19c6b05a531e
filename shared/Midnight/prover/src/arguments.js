import { RequestError } from './errors.js';

const HEX_32 = /^[0-9a-f]{64}$/;
const MAX_K = 25;
const MAX_KEYS = 4096;

/** @typedef {Record<string, unknown>} Arguments */
/** @typedef {{ k: number, path: string, sha256: string }} ParameterFile */

/**
 * @param {Arguments} args
 * @param {string} name
 * @returns {string} 32 bytes in lower hex
 */
export function hex32(args, name) {
  const value = args[name];
  if (typeof value !== 'string' || !HEX_32.test(value)) throw bad(name, '64 lower hex digits');
  return value;
}

/**
 * @param {Arguments} args
 * @param {string} name
 * @param {number} maximum
 * @returns {number}
 */
export function integer(args, name, maximum) {
  const value = args[name];
  if (typeof value !== 'number' || !Number.isSafeInteger(value) || value < 0 || value > maximum) throw bad(name, `an integer from 0 to ${maximum}`);
  return value;
}

/**
 * @param {Arguments} args
 * @returns {bigint | undefined} a field element, sent as 32 bytes little-endian in hex
 */
export function bindingInput(args) {
  if (args.bindingInput === undefined) return undefined;
  const bytes = Buffer.from(hex32(args, 'bindingInput'), 'hex').reverse();
  return BigInt(`0x${bytes.toString('hex')}`);
}

/**
 * @param {Arguments} args
 * @returns {ParameterFile[]} the parameter files that the host has
 */
export function parameterFiles(args) {
  const list = args.parameters ?? [];
  if (!Array.isArray(list) || list.length > MAX_K + 1) throw bad('parameters', 'a list of files');
  return list.map((item) => {
    if (typeof item !== 'object' || item === null || typeof item.path !== 'string') throw bad('parameters', 'a list of {k, path, sha256}');
    return { k: integer(item, 'k', MAX_K), path: item.path, sha256: hex32(item, 'sha256') };
  });
}

/**
 * @param {Arguments} args
 * @returns {Map<string, string>} hashes of key material by key location
 */
export function keyLocations(args) {
  const value = args.keys;
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw bad('keys', 'an object of hashes by key location');
  const entries = Object.entries(value);
  if (entries.length > MAX_KEYS) throw bad('keys', `at most ${MAX_KEYS}`);
  return new Map(entries.map(([location]) => [location, hex32(/** @type {Arguments} */ (value), location)]));
}

/**
 * @param {string} name
 * @param {string} expected
 */
function bad(name, expected) {
  return new RequestError('BAD_REQUEST', `The argument "${name}" must be ${expected}.`);
}
