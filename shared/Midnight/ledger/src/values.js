import { badArgument } from './arguments.js';
import { bytes, items, object, pairs, record, u32, u8 } from './shape.js';

const MAX_ITEMS = 10_000;
const MAX_VALUES = 100_000;
const MAX_DEPTH = 24;
const MAX_ELEMENTS = 16;

/** @typedef {{ values: number }} Budget how many more values may come */
/** @typedef {(value: unknown, path: string, budget: Budget, depth: number) => any} Read */

/** @returns {Budget} */
export function newBudget() {
  return { values: MAX_VALUES };
}

/** @type {Read} */
export function state(value, path, budget, depth) {
  spend(budget, path, depth);
  const { tag, content } = object(value, path);
  const place = `${path}.content`;
  if (tag === 'null') return record(value, path, ['tag']);
  record(value, path, ['tag', 'content']);
  switch (tag) {
    case 'cell':
      return { tag, content: aligned(content, place, budget, depth + 1) };
    case 'array':
      return { tag, content: items(content, place, MAX_ELEMENTS).map((item, index) => state(item, `${place}[${index}]`, budget, depth + 1)) };
    case 'map':
      return {
        tag,
        content: new Map(pairs(content, place).map(([key, held], index) => [
          aligned(key, `${place}[${index}][0]`, budget, depth + 1), state(held, `${place}[${index}][1]`, budget, depth + 1)])),
      };
    case 'boundedMerkleTree':
      return { tag, content: tree(content, place, budget) };
    default:
      throw badArgument(`${path}.tag`, 'null, cell, map, array or boundedMerkleTree');
  }
}

/**
 * A tree's height and its leaves: `[height, [["<index>", "<hash>"], …]]`.
 * @param {unknown} value
 * @param {string} path
 * @param {Budget} budget
 */
function tree(value, path, budget) {
  const [height, leaves, ...more] = items(value, path, 2);
  if (more.length > 0) throw badArgument(path, 'a height and leaves');
  const read = pairs(leaves, `${path}[1]`).map(([index, hash], at) => {
    const place = `${path}[1][${at}]`;
    spend(budget, place, 0);
    if (typeof index !== 'string' || !/^(?:0|[1-9][0-9]{0,18})$/.test(index)) throw badArgument(`${place}[0]`, 'a decimal string');
    return /** @type {const} */ ([BigInt(index), [bytes(hash, `${place}[1]`), undefined]]);
  });
  return [u8(height, `${path}[0]`), new Map(read)];
}

/** @type {Read} */
export function aligned(value, path, budget, depth) {
  const given = record(value, path, ['value', 'alignment']);
  return {
    value: items(given.value, `${path}.value`, MAX_ITEMS).map((atom, index) => {
      spend(budget, path, depth);
      return bytes(atom, `${path}.value[${index}]`);
    }),
    alignment: alignment(given.alignment, `${path}.alignment`, budget, depth),
  };
}

/** @type {Read} */
function alignment(value, path, budget, depth) {
  return items(value, path, MAX_ITEMS).map((segment, index) => {
    const place = `${path}[${index}]`;
    spend(budget, place, depth);
    const given = record(segment, place, ['tag', 'value']);
    if (given.tag === 'atom') return { tag: 'atom', value: atom(given.value, `${place}.value`) };
    if (given.tag !== 'option') throw badArgument(`${place}.tag`, 'atom or option');
    return {
      tag: 'option',
      value: items(given.value, `${place}.value`, MAX_ITEMS).map((option, at) => alignment(option, `${place}.value[${at}]`, budget, depth + 1)),
    };
  });
}

/**
 * @param {unknown} value
 * @param {string} path
 */
function atom(value, path) {
  const { tag, length } = object(value, path);
  if (tag === 'compress' || tag === 'field') return record(value, path, ['tag']);
  if (tag !== 'bytes') throw badArgument(`${path}.tag`, 'compress, field or bytes');
  record(value, path, ['tag', 'length']);
  return { tag, length: u32(length, `${path}.length`) };
}

/**
 * @param {Budget} budget
 * @param {string} path
 * @param {number} depth
 */
function spend(budget, path, depth) {
  budget.values -= 1;
  if (budget.values < 0 || depth > MAX_DEPTH) throw badArgument(path, `nested less than ${MAX_DEPTH} deep, with at most ${MAX_VALUES} values in all`);
}
