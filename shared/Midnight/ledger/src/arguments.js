import { RequestError } from './errors.js';

/** The most coins that one request may name on either side. */
export const MAX_COINS = 1024;
/** The largest amount the ledger can hold (u128), in atomic units. */
export const MAX_AMOUNT = (1n << 128n) - 1n;

const HEX_32 = /^[0-9a-f]{64}$/;
const AMOUNT = /^[1-9][0-9]{0,38}$/;
// The address format allows letters, the digits 1 to 9 and hyphens in the network's part of an address.
const NETWORK = /^[a-z][a-z1-9-]{0,31}$/;
// The last second that a JavaScript date can hold.
const MAX_SECONDS = 8_640_000_000_000;

/** @typedef {Record<string, unknown>} Arguments */

/**
 * @param {string} name
 * @param {string} expected
 * @returns {RequestError}
 */
export function badArgument(name, expected) {
  return new RequestError('BAD_REQUEST', `The argument "${name}" must be ${expected}.`);
}

/**
 * @param {Arguments} args
 * @param {string} name
 * @param {string} [path] how the argument is called in the error
 * @returns {string} 32 bytes in lower hex
 */
export function hex32(args, name, path = name) {
  const value = args[name];
  if (typeof value !== 'string' || !HEX_32.test(value)) throw badArgument(path, '64 lower hex digits');
  return value;
}

/**
 * @param {Arguments} args
 * @param {string} name
 * @param {string} path
 * @returns {bigint} atomic units, positive
 */
export function amount(args, name, path) {
  const value = args[name];
  const parsed = typeof value === 'string' && AMOUNT.test(value) ? BigInt(value) : 0n;
  if (parsed === 0n || parsed > MAX_AMOUNT) throw badArgument(path, 'a positive decimal string of atomic units below 2^128');
  return parsed;
}

/**
 * @param {Arguments} args
 * @param {string} name
 * @param {number} minimum
 * @param {number} maximum
 * @param {string} [path]
 * @returns {number}
 */
export function integer(args, name, minimum, maximum, path = name) {
  const value = args[name];
  if (typeof value !== 'number' || !Number.isSafeInteger(value) || value < minimum || value > maximum) {
    throw badArgument(path, `an integer from ${minimum} to ${maximum}`);
  }
  return value;
}

/**
 * @param {Arguments} args
 * @returns {string} the network's id, as the ledger and addresses spell it
 */
export function network(args) {
  const value = args.network;
  if (typeof value !== 'string' || !NETWORK.test(value)) throw badArgument('network', 'a network id such as "undeployed" or "mainnet"');
  return value;
}

/**
 * @param {Arguments} args
 * @returns {Date} the time to live, sent as unix seconds
 */
export function timeToLive(args) {
  return new Date(integer(args, 'ttl', 1, MAX_SECONDS) * 1000);
}

/**
 * @template T
 * @param {Arguments} args
 * @param {string} name
 * @param {(item: Arguments, path: string) => T} read
 * @returns {T[]}
 */
export function list(args, name, read) {
  const value = args[name];
  if (!Array.isArray(value) || value.length === 0 || value.length > MAX_COINS) {
    throw badArgument(name, `a list of 1 to ${MAX_COINS} items`);
  }
  return value.map((item, index) => {
    const path = `${name}[${index}]`;
    if (typeof item !== 'object' || item === null || Array.isArray(item)) throw badArgument(path, 'an object');
    return read(item, path);
  });
}
