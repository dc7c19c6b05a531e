import { bls12_381 } from '@noble/curves/bls12-381.js';

const Point = bls12_381.G1.Point;
const { Fp, Fr } = bls12_381.fields;

/** @typedef {InstanceType<typeof Point>} Point */

// The scalar field has 2^32 as the largest power of two in r - 1, and 7 generates its multiplicative group.
const TWO_ADICITY = 32n;
const ROOT = Fr.pow(7n, (Fr.ORDER - 1n) >> TWO_ADICITY);

// The endomorphism (x, y) -> (βx, y) is the multiplication by λ = z² - 1 for the curve's parameter z, and λ² + λ + 1 = r: each scalar
// is a + bλ with halves of 128 bits.
const LAMBDA = 0xd201000000010000n ** 2n - 1n;
const HALF_BITS = 128;
const BETA = cubeRoot();

const PAUSE = 256;

/**
 * The inverse Fourier transform over G1: from points p_i to (1/n) Σ ω^(-ij) p_i.
 * @param {Point[]} points a power of two of them
 * @param {(share: number) => Promise<void>} progress told what share of the work is done
 * @returns {Promise<Point[]>}
 */
export async function inverseTransform(points, progress) {
  const size = points.length;
  const bits = Math.log2(size);
  const total = (size / 2) * bits + size;
  let done = 0;
  const step = async () => {
    done += 1;
    if (done % PAUSE === 0 || done === total) await progress(done / total);
  };
  const values = points.map((_, index) => /** @type {Point} */ (points[reversed(index, bits)]));
  for (let half = 1; half < size; half *= 2) {
    const root = Fr.inv(Fr.pow(ROOT, (1n << TWO_ADICITY) / BigInt(2 * half)));
    for (let offset = 0, twiddle = 1n; offset < half; offset += 1, twiddle = Fr.mul(twiddle, root)) {
      for (let low = offset; low < size; low += 2 * half) {
        butterfly(values, low, low + half, twiddle);
        await step();
      }
    }
  }
  const share = Fr.inv(BigInt(size));
  for (let index = 0; index < size; index += 1) {
    values[index] = multiply(/** @type {Point} */ (values[index]), share);
    await step();
  }
  return values;
}

/**
 * @param {Point[]} values
 * @param {number} low
 * @param {number} high
 * @param {bigint} twiddle
 */
function butterfly(values, low, high, twiddle) {
  const first = /** @type {Point} */ (values[low]);
  const second = multiply(/** @type {Point} */ (values[high]), twiddle);
  values[low] = first.add(second);
  values[high] = first.subtract(second);
}

/**
 * Not in constant time: everything here is public.
 * @param {Point} point
 * @param {bigint} scalar
 * @returns {Point}
 */
function multiply(point, scalar) {
  if (scalar === 1n || point.is0()) return point;
  const high = scalar / LAMBDA;
  const low = scalar % LAMBDA;
  const turned = new Point(Fp.mul(point.X, BETA), point.Y, point.Z);
  const sums = [Point.ZERO, point, turned, point.add(turned)];
  let result = Point.ZERO;
  for (let bit = BigInt(HALF_BITS); bit >= 0n; bit -= 1n) {
    result = result.double();
    const which = Number((low >> bit) & 1n) + 2 * Number((high >> bit) & 1n);
    if (which) result = result.add(/** @type {Point} */ (sums[which]));
  }
  return result;
}

/** Of the two primitive cube roots of one in the base field, the one that belongs to λ. */
function cubeRoot() {
  const generator = Point.BASE;
  const expected = generator.multiplyUnsafe(LAMBDA);
  for (let base = 2n; ; base += 1n) {
    const root = Fp.pow(base, (Fp.ORDER - 1n) / 3n);
    if (Fp.mul(generator.X, root) === expected.toAffine().x) return root;
  }
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
