import { createHash } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';

const PREFIX = 'state-';
const SUFFIX = '.snapshot';
/** SHA-256 of the rest, then the block's hash (32 bytes), then the serialized ledger state. */
const HASHES = 64;

/**
 * Writes the ledger state after a block. The file appears whole or not at all; the two newest are kept.
 * @param {string} folder
 * @param {number} height
 * @param {string} blockHash hex
 * @param {Uint8Array} state
 */
export function writeSnapshot(folder, height, blockHash, state) {
  const body = Buffer.concat([Buffer.from(blockHash, 'hex'), state]);
  const target = path.join(folder, `${PREFIX}${String(height).padStart(12, '0')}${SUFFIX}`);
  const fd = fs.openSync(`${target}.tmp`, 'w', 0o600);
  try {
    fs.writeSync(fd, createHash('sha256').update(body).digest());
    fs.writeFileSync(fd, body);
    fs.fsyncSync(fd);
  } finally {
    fs.closeSync(fd);
  }
  fs.renameSync(`${target}.tmp`, target);
  syncFolder(folder);
  for (const old of list(folder).slice(2)) fs.rmSync(path.join(folder, old.name), { force: true });
}

/**
 * The newest snapshot whose block is part of the chain.
 * @param {string} folder
 * @param {(height: number) => string | undefined} hashAt hash of the chain's block at a height
 * @returns {{ height: number, state: Buffer } | undefined}
 */
export function readSnapshot(folder, hashAt) {
  for (const { name, height } of list(folder)) {
    const bytes = fs.readFileSync(path.join(folder, name));
    const body = bytes.subarray(32);
    const whole = bytes.length > HASHES && createHash('sha256').update(body).digest().equals(bytes.subarray(0, 32));
    if (whole && body.subarray(0, 32).toString('hex') === hashAt(height)) return { height, state: body.subarray(32) };
  }
  return undefined;
}

/**
 * Makes a rename or a new file in the folder outlive a loss of power.
 * @param {string} folder
 */
export function syncFolder(folder) {
  // Windows gives no handle on a folder; there the file system's own journal has to do.
  if (process.platform === 'win32') return;
  const fd = fs.openSync(folder, 'r');
  fs.fsyncSync(fd);
  fs.closeSync(fd);
}

/** @param {string} folder */
function list(folder) {
  return fs
    .readdirSync(folder)
    .filter((name) => name.startsWith(PREFIX) && name.endsWith(SUFFIX))
    .map((name) => ({ name, height: Number(name.slice(PREFIX.length, -SUFFIX.length)) }))
    .sort((a, b) => b.height - a.height);
}
