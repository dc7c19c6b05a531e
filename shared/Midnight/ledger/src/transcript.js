import { badArgument } from './arguments.js';
import { flag, items, object, record, u32 } from './shape.js';
import { aligned, newBudget, state } from './values.js';

const MAX_OPERATIONS = 10_000;
const PLAIN = new Set(['lt', 'eq', 'type', 'size', 'new', 'and', 'or', 'neg', 'log', 'root', 'pop', 'add', 'sub', 'member', 'ckpt']);

/** @typedef {import('@midnight-ntwrk/ledger-v8').AlignedValue} AlignedValue */
/** @typedef {import('@midnight-ntwrk/ledger-v8').Op<AlignedValue>} Op */
/** @typedef {import('./values.js').Budget} Budget */
/** @typedef {import('./values.js').Read} Read */

/**
 * Reads the ledger's operations from JSON: as the ledger's own `Op<AlignedValue>`, with lower hex where that has bytes, a decimal string
 * where it has a bigint, and a list of [key, value] where it has a map.
 * @param {unknown} value
 * @param {string} path
 * @returns {Op[]}
 */
export function readProgram(value, path) {
  const budget = newBudget();
  return items(value, path, MAX_OPERATIONS).map((item, index) => operation(item, `${path}[${index}]`, budget));
}

/**
 * @param {unknown} value
 * @param {string} path
 * @returns {AlignedValue[]}
 */
export function readValues(value, path) {
  const budget = newBudget();
  return items(value, path, MAX_OPERATIONS).map((item, index) => aligned(item, `${path}[${index}]`, budget, 0));
}

/**
 * @param {unknown} value
 * @param {string} path
 * @returns {AlignedValue}
 */
export function readValue(value, path) {
  return aligned(value, path, newBudget(), 0);
}

/** @type {Readonly<Record<string, Readonly<Record<string, Read>>>>} */
const OPERATIONS = Object.freeze({
  noop: { n: u32 },
  popeq: { cached: flag, result: aligned },
  addi: { immediate: u32 },
  subi: { immediate: u32 },
  push: { storage: flag, value: state },
  branch: { skip: u32 },
  jmp: { skip: u32 },
  concat: { cached: flag, n: u32 },
  rem: { cached: flag },
  dup: { n: u32 },
  swap: { n: u32 },
  idx: { cached: flag, pushPath: flag, path: keys },
  ins: { cached: flag, n: u32 },
});

/**
 * @param {unknown} value
 * @param {string} path
 * @param {Budget} budget
 * @returns {Op}
 */
function operation(value, path, budget) {
  if (typeof value === 'string') {
    if (!PLAIN.has(value)) throw badArgument(path, 'an operation of the ledger');
    return /** @type {Op} */ (value);
  }
  const named = object(value, path);
  const [name] = Object.keys(named);
  const fields = name !== undefined && Object.hasOwn(OPERATIONS, name) ? OPERATIONS[name] : undefined;
  if (name === undefined || !fields || Object.keys(named).length !== 1) throw badArgument(path, 'an operation of the ledger');
  const place = `${path}.${name}`;
  const given = record(named[name], place, Object.keys(fields));
  const read = Object.entries(fields).map(([field, reader]) => [field, reader(given[field], `${place}.${field}`, budget, 0)]);
  return /** @type {any} */ ({ [name]: Object.fromEntries(read) });
}

/** @type {Read} */
function keys(value, path, budget) {
  return items(value, path, MAX_OPERATIONS).map((item, index) => {
    const place = `${path}[${index}]`;
    if (object(item, place).tag === 'stack') return record(item, place, ['tag']);
    const { tag, value: key } = record(item, place, ['tag', 'value']);
    if (tag !== 'value') throw badArgument(`${place}.tag`, 'value or stack');
    return { tag, value: aligned(key, `${place}.value`, budget, 0) };
  });
}
