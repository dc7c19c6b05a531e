import { createHash } from 'node:crypto';
import fs from 'node:fs';
import net from 'node:net';
import os from 'node:os';
import path from 'node:path';

const PAUSE_MS = 50;

/**
 * Keeps a second devnet off a data folder: two writers would ruin its block log. The lock is a listening local socket, which the operating
 * system takes back from a process that dies, however it dies.
 *
 * @param {string | undefined} folder undefined = nothing to lock
 * @param {number} patienceMs how long another process may go on holding it
 * @param {() => Promise<boolean>} [whileHeld] asked now and then while another holds it; true = it may, for however long
 * @returns {Promise<() => Promise<void>>} gives the lock back
 * @throws when another process holds it
 */
export async function lockFolder(folder, patienceMs, whileHeld = () => Promise.resolve(false)) {
  if (folder === undefined) return async () => {};
  fs.mkdirSync(folder, { recursive: true, mode: 0o700 });
  const address = socketFor(fs.realpathSync(folder));
  const giveUpAt = performance.now() + patienceMs;
  for (;;) {
    const server = await listen(address);
    if (server) return () => new Promise((resolve) => server.close(() => resolve()));
    if (!(await answers(address))) {
      // Left behind by a process that was killed.
      if (!ABSTRACT) fs.rmSync(address, { force: true });
    } else if ((await whileHeld()) || performance.now() < giveUpAt) {
      await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
    } else {
      throw new Error(`the data folder ${folder} is in use by another devnet`);
    }
  }
}

/** Linux has names for sockets that vanish with their process, so that nobody who clears up after the dead can clear away the living. Node knows them since libuv 1.46. */
const ABSTRACT = process.platform === 'linux' && Number(process.versions.uv?.split('.')[1]) >= 46;

// A name of its own for each folder, short enough for a socket (104 bytes on some systems).
function socketFor(/** @type {string} */ folder) {
  const name = `midnight-devnet-${createHash('sha256').update(folder).digest('hex').slice(0, 24)}`;
  if (ABSTRACT) return `\0${name}`;
  return process.platform === 'win32' ? `\\\\.\\pipe\\${name}` : path.join(os.tmpdir(), `${name}.sock`);
}

/**
 * @param {string} address
 * @returns {Promise<net.Server | undefined>} undefined when the address is taken
 */
function listen(address) {
  return new Promise((resolve, reject) => {
    const server = net.createServer((socket) => socket.destroy());
    server.once('error', (/** @type {NodeJS.ErrnoException} */ error) => (error.code === 'EADDRINUSE' ? resolve(undefined) : reject(error)));
    server.listen(address, () => {
      server.unref();
      resolve(server);
    });
  });
}

/** @param {string} address */
function answers(address) {
  return new Promise((resolve) => {
    const socket = net.connect(address);
    socket.once('connect', () => {
      socket.destroy();
      resolve(true);
    });
    // Only these say that nobody listens: a holder that stands still, or another user's, is alive.
    socket.once('error', (/** @type {NodeJS.ErrnoException} */ error) => resolve(error.code !== 'ECONNREFUSED' && error.code !== 'ENOENT'));
  });
}
