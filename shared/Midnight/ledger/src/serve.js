import { writeSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { setImmediate as turn } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { FrameError } from './errors.js';
import { FrameReader, MAX_FRAME, writeFrame } from './frames.js';

const MALFORMED = 2;
const BROKEN = 3;

/**
 * @typedef {object} Reply
 * @property {Record<string, unknown>} header
 * @property {Uint8Array} [body]
 * @property {boolean} broken whether the process has to end after it
 */
/**
 * @typedef {object} Program
 * @property {string} name what stands before a line on standard error
 * @property {() => Promise<Record<string, unknown>>} announce loads what the first request needs and says what it is
 * @property {() => Promise<(frame: import('./frames.js').Frame) => Promise<Reply>>} prepare what else is loaded before the first request is read
 * @property {number} [maxFrame] the largest frame, in bytes
 */

/**
 * Answers requests from standard input until it ends, one after the other, and ends the process.
 * @param {Program} program
 * @returns {Promise<never>}
 */
export async function serve({ name, announce, prepare, maxFrame = MAX_FRAME }) {
  silence();
  // A terminal sends Ctrl-C to the children too; this one ends with its standard input, when the host has drained it.
  process.on('SIGINT', () => {});
  try {
    writeFrame({ event: 'ready', ...(await announce()), pid: process.pid });
    process.exit(await answerAll(await prepare(), maxFrame));
  } catch (error) {
    // The reader's end of the pipe is gone: nobody is left to tell.
    if (isClosedPipe(error)) process.exit(0);
    if (error instanceof FrameError) end(MALFORMED, `${name}: ${error.message}`);
    end(BROKEN, `${name}: stopped unexpectedly`);
  }
}

/**
 * @param {string} specifier what `import.meta.resolve` gave for a package
 * @returns {Promise<string>}
 */
export async function versionOf(specifier) {
  return JSON.parse(await readFile(fileURLToPath(new URL('package.json', new URL('.', specifier))), 'utf8')).version;
}

/**
 * @param {(frame: import('./frames.js').Frame) => Promise<Reply>} answer
 * @param {number} maxFrame
 * @returns {Promise<number>} the exit code
 */
async function answerAll(answer, maxFrame) {
  const reader = new FrameReader(undefined, maxFrame);
  for (let frame = reader.next(); frame; frame = reader.next()) {
    const { header, body, broken } = await answer(frame);
    writeFrame(header, body, maxFrame);
    if (broken) return BROKEN;
    // The ledger's objects are freed by callbacks that only run between turns of the event loop.
    await turn();
  }
  return 0;
}

/** A library that writes to the console would break the frames on standard output, or show an argument on standard error. */
function silence() {
  for (const name of /** @type {const} */ (['log', 'info', 'debug', 'warn', 'error', 'trace', 'dir'])) console[name] = () => {};
}

/** @param {unknown} error */
function isClosedPipe(error) {
  return error instanceof Error && 'code' in error && error.code === 'EPIPE';
}

/**
 * @param {number} code
 * @param {string} line
 * @returns {never}
 */
function end(code, line) {
  try {
    writeSync(2, `${line}\n`);
  } finally {
    process.exit(code);
  }
}
