import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { Worker } from '@midnightos/ledger/testing/worker.js';
import { hashOf } from '../src/keys.js';
import { referenceString } from '../src/reference-string.js';

const main = fileURLToPath(new URL('../src/main.js', import.meta.url));

/** SHA-256 of the published parameters for the small circuit (base-crypto/src/data_provider.rs). */
export const PIN_6 = 'cf2ad6be7d0fedf5bec2aaa35f6be4aca33053d74268fdf5aa54fcb2891ea6df';

/**
 * A proving worker that ends with the test.
 * @param {import('node:test').TestContext} t
 */
export async function provingWorker(t) {
  const worker = new Worker(main);
  t.after(() => worker.stop());
  const { header } = await worker.frame();
  return { worker, ready: header };
}

/**
 * Hands a worker the keys of a circuit.
 * @param {Worker} worker
 * @param {import('../src/keys.js').KeyMaterial} material
 * @returns {Promise<string>} their hash
 */
export async function putKeys(worker, material) {
  const hash = hashOf(material);
  const lengths = { proverKey: material.proverKey.length, verifierKey: material.verifierKey.length };
  const { header } = await worker.ask({ op: 'keys', hash, ...lengths }, Buffer.concat([material.proverKey, material.verifierKey, material.ir]));
  if (!header.ok) throw new Error(header.error.message);
  return hash;
}

/**
 * The parameters for the small circuit in a file that goes away with the test.
 * @param {import('node:test').TestContext} t
 * @param {(bytes: Buffer) => Buffer} [change]
 */
export async function parameterFile(t, change = (bytes) => bytes) {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'prover-test-'));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  const file = path.join(folder, 'bls_midnight_2p6');
  writeFileSync(file, change(await referenceString(6, async () => {})));
  return [{ k: 6, path: file, sha256: PIN_6 }];
}

/** @param {Uint8Array} bytes */
export const sha256 = (bytes) => createHash('sha256').update(bytes).digest('hex');
