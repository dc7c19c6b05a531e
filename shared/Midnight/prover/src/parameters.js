import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { RequestError } from './errors.js';
import { MAX_PARAMETERS } from './limits.js';

/** @type {Map<number, Buffer>} those used last stand last */
const kept = new Map();

/**
 * The parameter files of one request: each is read and checked when the prover asks for it, and kept.
 * @param {import('./arguments.js').ParameterFile[]} files
 */
export class Parameters {
  #files;
  /** @type {RequestError | undefined} why the prover did not get a file */
  failure;
  /** @type {number | undefined} the largest k that the prover asked for */
  k;

  /** @param {import('./arguments.js').ParameterFile[]} files */
  constructor(files) {
    this.#files = files;
  }

  /**
   * @param {number} k
   * @returns {Buffer}
   */
  get(k) {
    this.k = Math.max(k, this.k ?? 0);
    try {
      const bytes = kept.get(k) ?? this.#read(k);
      keep(k, bytes);
      return bytes;
    } catch (error) {
      if (error instanceof RequestError) this.failure = error;
      throw error;
    }
  }

  /** @param {number} k */
  #read(k) {
    const file = this.#files.find((candidate) => candidate.k === k);
    if (!file) throw new RequestError('MISSING_PARAMETERS', `The parameters for k=${k} are wanted.`, { k });
    let bytes;
    try {
      bytes = readFileSync(file.path);
    } catch {
      throw new RequestError('MISSING_PARAMETERS', `The parameters for k=${k} cannot be read.`, { k });
    }
    const hash = createHash('sha256').update(bytes).digest('hex');
    if (hash !== file.sha256) throw new RequestError('DAMAGED_PARAMETERS', `The parameters for k=${k} are not the published ones.`, { k });
    return bytes;
  }
}

/**
 * @param {number} k
 * @param {Buffer} bytes
 */
function keep(k, bytes) {
  kept.delete(k);
  kept.set(k, bytes);
  let total = 0;
  for (const { length } of kept.values()) total += length;
  for (const [oldest, { length }] of kept) {
    if (total <= MAX_PARAMETERS || oldest === k) break;
    kept.delete(oldest);
    total -= length;
  }
}
