import { readSync, writeSync } from 'node:fs';
import { FrameError } from './errors.js';

/** The largest frame, without its first length field, in bytes, unless a reader or a writer is told another bound. */
export const MAX_FRAME = 16 * 1024 * 1024;
/** The largest JSON header, in bytes: room for a few thousand coins. */
export const MAX_HEADER = 1024 * 1024;

const PREFIX = 8;
const SHARED = 64 * 1024;

/**
 * @typedef {object} Frame
 * @property {Record<string, unknown>} header
 * @property {Buffer} body a view of the reader's buffer, valid until the next read; whoever uses it may overwrite it
 * @property {() => void} wipe overwrites the whole frame with zeros
 */

/**
 * Reads frames with blocking calls into a buffer of its own. The usual stream would leave copies of every seed in the
 * buffers of Node's pool, which nobody can overwrite.
 */
export class FrameReader {
  #shared = Buffer.alloc(SHARED);
  #prefix = Buffer.alloc(PREFIX);
  #read;
  #maxFrame;

  /**
   * @param {(target: Buffer, offset: number, length: number) => number} [read] reads some bytes, 0 at the end
   * @param {number} [maxFrame] the largest frame, in bytes
   */
  constructor(read = readStandardInput, maxFrame = MAX_FRAME) {
    this.#read = read;
    this.#maxFrame = maxFrame;
  }

  /**
   * @returns {Frame | undefined} undefined when the input ended
   * @throws {FrameError} when the bytes are no frame; nothing was allocated for a length out of bounds
   */
  next() {
    if (!this.#fill(this.#prefix)) return undefined;
    const length = this.#prefix.readUInt32BE(0);
    const headerLength = this.#prefix.readUInt32BE(4);
    if (length < 4 || length > this.#maxFrame) throw new FrameError('frame length out of bounds');
    if (headerLength > length - 4 || headerLength > MAX_HEADER) throw new FrameError('header length out of bounds');

    const size = length - 4;
    const frame = size <= SHARED ? this.#shared.subarray(0, size) : Buffer.allocUnsafeSlow(size);
    if (!this.#fill(frame)) return undefined;
    return {
      header: parseHeader(frame.subarray(0, headerLength)),
      body: frame.subarray(headerLength),
      wipe: () => void frame.fill(0),
    };
  }

  /**
   * @param {Buffer} target
   * @returns {boolean} false when the input ended first
   */
  #fill(target) {
    for (let filled = 0; filled < target.length;) {
      const count = this.#read(target, filled, target.length - filled);
      if (count === 0) return false;
      filled += count;
    }
    return true;
  }
}

/**
 * @param {Record<string, unknown>} header
 * @param {Uint8Array} [body]
 * @param {number} [maxFrame] the largest frame, in bytes
 * @returns {Buffer}
 */
export function encodeFrame(header, body, maxFrame = MAX_FRAME) {
  const json = JSON.stringify(header);
  const headerLength = Buffer.byteLength(json);
  const size = PREFIX + headerLength + (body?.length ?? 0);
  if (size - 4 > maxFrame) throw new FrameError('answer too large');
  const frame = Buffer.allocUnsafe(size);
  frame.writeUInt32BE(size - 4, 0);
  frame.writeUInt32BE(headerLength, 4);
  frame.write(json, PREFIX, 'utf8');
  if (body) frame.set(body, PREFIX + headerLength);
  return frame;
}

/**
 * Writes a frame to standard output and returns when all of it is written.
 * @param {Record<string, unknown>} header
 * @param {Uint8Array} [body]
 * @param {number} [maxFrame] the largest frame, in bytes
 */
export function writeFrame(header, body, maxFrame = MAX_FRAME) {
  const frame = encodeFrame(header, body, maxFrame);
  for (let written = 0; written < frame.length;) {
    written += retry(() => writeSync(1, frame, written, frame.length - written));
  }
}

/**
 * @param {Buffer} bytes
 * @returns {Record<string, unknown>}
 */
function parseHeader(bytes) {
  let header;
  try {
    header = JSON.parse(bytes.toString('utf8'));
  } catch {
    throw new FrameError('header is not JSON');
  }
  if (typeof header !== 'object' || header === null || Array.isArray(header)) throw new FrameError('header is not an object');
  if (!Number.isSafeInteger(header.id) || header.id < 0) throw new FrameError('header has no id');
  return header;
}

/**
 * @param {Buffer} target
 * @param {number} offset
 * @param {number} length
 */
function readStandardInput(target, offset, length) {
  try {
    return retry(() => readSync(0, target, offset, length, null));
  } catch (error) {
    // Windows reports the end of a pipe as an error.
    if (codeOf(error) === 'EOF') return 0;
    throw error;
  }
}

const pause = new Int32Array(new SharedArrayBuffer(4));

/**
 * A parent may hand over a pipe that does not block; then the call is repeated after a millisecond.
 * @param {() => number} call
 */
function retry(call) {
  for (;;) {
    try {
      return call();
    } catch (error) {
      if (codeOf(error) !== 'EAGAIN') throw error;
      Atomics.wait(pause, 0, 0, 1);
    }
  }
}

/** @param {unknown} error */
function codeOf(error) {
  return error instanceof Error && 'code' in error ? error.code : undefined;
}
