import { badArgument } from './arguments.js';

/**
 * The parts of a body that holds several, one after the other; `parts` says how long each is.
 * @param {import('./arguments.js').Arguments} args
 * @param {Uint8Array} body
 * @param {number} [count] how many there must be; any number without it
 * @returns {Uint8Array[]} views of the body
 */
export function readParts(args, body, count) {
  const lengths = args.parts;
  const expected = count === undefined ? 'a list of lengths' : `a list of ${count} lengths`;
  if (!Array.isArray(lengths) || (count !== undefined && lengths.length !== count)) throw badArgument('parts', expected);
  let offset = 0;
  const parts = lengths.map((length) => {
    if (!Number.isSafeInteger(length) || length < 0 || length > body.length - offset) throw badArgument('parts', 'lengths that fill the body');
    return body.subarray(offset, (offset += length));
  });
  if (offset !== body.length) throw badArgument('parts', 'lengths that fill the body');
  return parts;
}
