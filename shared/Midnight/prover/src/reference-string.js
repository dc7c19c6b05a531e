import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { bls12_381 } from '@noble/curves/bls12-381.js';
import { inverseTransform } from './transform.js';

const { G1 } = bls12_381;
const POINT = 96;
const HEAD = 4;
const TAIL = 2 * 2 * POINT;

/** The largest k whose parameters are within the ledger's own package. */
export const LARGEST = 14;

/**
 * The parameter file for k (`bls_midnight_2p<k>`): k as u32 LE, 2^k powers of the secret in G1, 2^k Lagrange points, then g2 and s·g2.
 * A smaller string begins with the same powers; its Lagrange points follow from them by the inverse Fourier transform over the group.
 * @param {number} k from 0 to 14
 * @param {(share: number) => Promise<void>} progress told what share of the work is done
 * @returns {Promise<Buffer>}
 */
export async function referenceString(k, progress) {
  const whole = await embedded();
  if (k === LARGEST) return whole;
  const size = 2 ** k;
  const powers = whole.subarray(HEAD, HEAD + size * POINT);
  const points = Array.from({ length: size }, (_, index) => G1.Point.fromBytes(powers.subarray(index * POINT, (index + 1) * POINT)));
  const lagrange = await inverseTransform(points, progress);
  const head = Buffer.alloc(HEAD);
  head.writeUInt32LE(k);
  const encoded = lagrange.map((point) => point.toBytes(false));
  return Buffer.concat([head, powers, ...encoded, whole.subarray(whole.length - TAIL)]);
}

/** The string for k=14, found in the ledger's WebAssembly by its first bytes: k and the generator of G1. */
async function embedded() {
  const file = fileURLToPath(new URL('midnight_ledger_wasm_bg.wasm', import.meta.resolve('@midnight-ntwrk/ledger-v8')));
  const wasm = await readFile(file);
  const head = Buffer.alloc(HEAD);
  head.writeUInt32LE(LARGEST);
  const start = wasm.indexOf(Buffer.concat([head, G1.Point.BASE.toBytes(false)]));
  const length = HEAD + 2 * 2 ** LARGEST * POINT + TAIL;
  if (start < 0 || start + length > wasm.length) throw new Error('the ledger package holds no reference string');
  return wasm.subarray(start, start + length);
}
