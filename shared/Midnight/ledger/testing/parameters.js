import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { bls12_381 } from '@noble/curves/bls12-381.js';

/** The reference string for 2^14 rows is a part of the ledger's own WebAssembly. */
const LARGEST = 14;
const G1 = 96;
const G2 = 192;

/**
 * The structured reference string of a small k in the official layout: k, the powers of tau in G1, their Lagrange form, g2 and tau·g2.
 * @param {number} k
 * @returns {Uint8Array}
 */
export function parameters(k) {
  const large = embedded();
  const rows = 1 << k;
  const monomial = large.subarray(4, 4 + rows * G1);
  const points = Array.from({ length: rows }, (_, row) => bls12_381.G1.Point.fromBytes(monomial.subarray(row * G1, (row + 1) * G1)));
  const lagrange = Buffer.concat(inverseTransform(points, k).map((point) => point.toBytes(false)));
  const head = Buffer.alloc(4);
  head.writeUInt32LE(k);
  return Buffer.concat([head, monomial, lagrange, large.subarray(large.length - 2 * G2)]);
}

function embedded() {
  const wasm = readFileSync(fileURLToPath(new URL('midnight_ledger_wasm_bg.wasm', import.meta.resolve('@midnight-ntwrk/ledger-v8'))));
  const generator = Buffer.from(bls12_381.G1.Point.BASE.toBytes(false));
  const head = Buffer.concat([Buffer.from([LARGEST, 0, 0, 0]), generator]);
  const start = wasm.indexOf(head);
  if (start < 0) throw new Error('the ledger holds no reference string');
  return wasm.subarray(start, start + 4 + 2 * (1 << LARGEST) * G1 + 2 * G2);
}

/**
 * The inverse discrete Fourier transform over G1: what is known by coefficients becomes known by values at the roots of unity.
 * @param {any[]} points
 * @param {number} k
 */
function inverseTransform(points, k) {
  const { Fr } = bls12_381.fields;
  const size = points.length;
  const root = Fr.inv(Fr.pow(7n, (Fr.ORDER - 1n) >> BigInt(k)));
  const values = points.map((_, index) => points[reversed(index, k)]);
  for (let half = 1; half < size; half *= 2) {
    const step = Fr.pow(root, BigInt(size / (2 * half)));
    for (let start = 0; start < size; start += 2 * half) {
      let factor = 1n;
      for (let at = start; at < start + half; at += 1) {
        const turned = factor === 1n ? values[at + half] : values[at + half].multiply(factor);
        values[at + half] = values[at].subtract(turned);
        values[at] = values[at].add(turned);
        factor = Fr.mul(factor, step);
      }
    }
  }
  const share = Fr.inv(BigInt(size));
  return values.map((point) => point.multiply(share));
}

/**
 * @param {number} index
 * @param {number} bits
 */
function reversed(index, bits) {
  let result = 0;
  for (let bit = 0; bit < bits; bit += 1) result |= ((index >> bit) & 1) << (bits - 1 - bit);
  return result;
}
