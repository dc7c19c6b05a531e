// The functions of Bicep that the templates use. Another one is an error here until it is added.

import { createHash } from 'node:crypto';
import { idOf, isObject, Runtime, text } from './values.js';

/** @typedef {import('./value.js').Value} Value */
/** @typedef {import('./value.js').Lambda} Lambda */

/** @param {Value[]} args */
const digest = (args) => createHash('sha256').update(args.map(text).join('\0')).digest('hex');

/** @param {Value} value @returns {Value[]} */
function list(value) {
  if (!Array.isArray(value)) {
    throw new Error(`a list is needed, not ${text(value)}`);
  }

  return value;
}

/** @param {Value} value @returns {Lambda} */
function lambda(value) {
  if (typeof value !== 'function') {
    throw new Error('a lambda is needed');
  }

  return /** @type {Lambda} */ (value);
}

/** @param {Value} left @param {Value} right @returns {Value} As union() does: objects are merged in depth, the later value wins; lists are joined without doubles. */
function merge(left, right) {
  if (Array.isArray(left) && Array.isArray(right)) {
    return [...left, ...right.filter((item) => !left.some((other) => text(other) === text(item)))];
  }

  if (!isObject(left) || !isObject(right)) {
    return right;
  }

  /** @type {{ [key: string]: Value }} */
  const merged = { ...left };
  for (const [key, value] of Object.entries(right)) {
    const before = merged[key];
    merged[key] = isObject(before) && isObject(value) ? merge(before, value) : value;
  }

  return merged;
}

/** @param {Value} value */
function size(value) {
  return typeof value === 'string' || Array.isArray(value) ? value.length : isObject(value) ? Object.keys(value).length : 0;
}

/** @param {Value} range @param {Value} bits @param {Value} index */
function subnet(range, bits, index) {
  const [address = '', prefix = '0'] = text(range).split('/');
  const start = address.split('.').reduce((sum, part) => sum * 256 + Number(part), 0);
  const from = start + Number(index) * 2 ** (32 - Number(bits));
  if (from + 2 ** (32 - Number(bits)) > start + 2 ** (32 - Number(prefix))) {
    throw new Error(`the network ${text(range)} has no subnet /${text(bits)} number ${text(index)}`);
  }

  return `${[24, 16, 8, 0].map((shift) => Math.floor(from / 2 ** shift) % 256).join('.')}/${text(bits)}`;
}

/**
 * @param {{ scopeId: string, readText: (file: string) => string, environment: Record<string, string> }} context
 * @returns {Record<string, (...args: Value[]) => Value>}
 */
export function functions(context) {
  return {
    // Thirteen lower-case letters and digits, as in Azure; the values differ from Azure's.
    uniqueString: (...args) => `u${BigInt(`0x${digest(args)}`).toString(36).slice(0, 12)}`,
    guid: (...args) => digest(args).slice(0, 32).replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5'),
    subscription: () => ({ id: '/subscription', subscriptionId: 'subscription', tenantId: new Runtime('tenant') }),
    resourceGroup: () => ({ id: context.scopeId, name: 'group', location: new Runtime('location of the group') }),
    environment: () => ({ suffixes: { storage: 'core.windows.net' }, authentication: { loginEndpoint: 'https://login.microsoftonline.com/' } }),
    subscriptionResourceId: (type, ...names) => `/subscription/providers/${idOf(text(type), names.map(text).join('/'))}`,
    resourceId: (type, ...names) => `${context.scopeId}/providers/${idOf(text(type), names.map(text).join('/'))}`,
    readEnvironmentVariable: (name, other) => context.environment[text(name)] ?? other ?? new Runtime(`the variable ${text(name)}`),
    loadTextContent: (file) => context.readText(text(file)),
    cidrSubnet: subnet,
    // What Azure knows later is taken to be there.
    empty: (value) => value === null || (!(value instanceof Runtime) && size(value) === 0),
    length: size,
    range: (start, count) => Array.from({ length: Number(count) }, (_, index) => Number(start) + index),
    split: (value, separator) => text(value).split(text(separator)),
    fail: (message) => {
      throw new Error(text(message));
    },
    concat: (...args) => (args.every(Array.isArray) ? args.flat() : args.map(text).join('')),
    union: (...args) => args.reduce(merge),
    toLower: (value) => text(value).toLowerCase(),
    take: (value, count) => (Array.isArray(value) ? value.slice(0, Number(count)) : text(value).slice(0, Number(count))),
    contains: (value, part) => (Array.isArray(value) ? value.includes(part) : isObject(value) ? text(part) in value : text(value).includes(text(part))),
    items: (value) => Object.keys(isObject(value) ? value : {}).sort().map((key) => ({ key, value: /** @type {{ [key: string]: Value }} */ (value)[key] ?? null })),
    map: (values, each) => list(values).map((value) => lambda(each)(value)),
    filter: (values, test) => list(values).filter((value) => lambda(test)(value) === true),
    toObject: (values, key, each) => Object.fromEntries(list(values).map((value) => [text(lambda(key)(value)), each === undefined ? value : lambda(each)(value)])),
  };
}
