import { writeSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { setImmediate as turn } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { FrameError } from './errors.js';
import { FrameReader, writeFrame } from './frames.js';

const MALFORMED = 2;
const BROKEN = 3;

silence();
// A terminal sends Ctrl-C to the children too; this one ends with its standard input, when the host has drained it.
process.on('SIGINT', () => {});
try {
  process.exitCode = await serve();
} catch (error) {
  // The reader's end of the pipe is gone: nobody is left to tell.
  if (isClosedPipe(error)) process.exit(0);
  if (error instanceof FrameError) end(MALFORMED, `ledger worker: ${error.message}`);
  end(BROKEN, 'ledger worker: stopped unexpectedly');
}
process.exit();

/** @returns {Promise<number>} the exit code */
async function serve() {
  await import('@midnight-ntwrk/ledger-v8');
  writeFrame({ event: 'ready', ledger: await ledgerVersion(), pid: process.pid });
  // Loaded after the announcement: the address format and the first calls cost as much again as the ledger itself.
  const [{ answer }, { warmUp }] = await Promise.all([import('./operations.js'), import('./warm-up.js')]);
  await warmUp();
  const reader = new FrameReader();
  for (let frame = reader.next(); frame; frame = reader.next()) {
    const { header, body, broken } = await answer(frame);
    writeFrame(header, body);
    if (broken) return BROKEN;
    // The ledger's objects are freed by callbacks that only run between turns of the event loop.
    await turn();
  }
  return 0;
}

async function ledgerVersion() {
  const folder = new URL('.', import.meta.resolve('@midnight-ntwrk/ledger-v8'));
  return JSON.parse(await readFile(fileURLToPath(new URL('package.json', folder)), 'utf8')).version;
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
