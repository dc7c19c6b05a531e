const PROOF = Buffer.from('midnight:proof[v5]:');
const VERSIONED_PROOF = Buffer.from('midnight:proof-versioned:\u0001', 'latin1');
const CHECKED = Buffer.from('midnight:vec(option(u64)):');

/**
 * The proof as the official server answers it: the variant 1 (V2) stands before the same body.
 * @param {Uint8Array} proof as zkir-v2 answers it
 * @returns {Buffer}
 */
export function versionedProof(proof) {
  if (PROOF.compare(proof, 0, PROOF.length) !== 0) throw new Error('zkir-v2 answered something that is no proof');
  return Buffer.concat([VERSIONED_PROOF, proof.subarray(PROOF.length)]);
}

/**
 * The answer of a check as the official server gives it: a vector of optional u64, integers and lengths in SCALE-compact.
 * @param {(bigint | undefined)[]} skips
 * @returns {Buffer}
 */
export function checkedSkips(skips) {
  const items = skips.map((skip) => (skip === undefined ? Buffer.of(0) : Buffer.concat([Buffer.of(1), compact(skip)])));
  return Buffer.concat([CHECKED, compact(BigInt(skips.length)), ...items]);
}

/**
 * SCALE-compact: the two lowest bits say how many bytes follow (docs.substrate.io, "Compact/general integers").
 * @param {bigint} value from 0 to 2^64 - 1
 * @returns {Buffer}
 */
export function compact(value) {
  if (value < 1n << 6n) return littleEndian(value << 2n, 1);
  if (value < 1n << 14n) return littleEndian((value << 2n) | 1n, 2);
  if (value < 1n << 30n) return littleEndian((value << 2n) | 2n, 4);
  const length = Math.max(4, Math.ceil(value.toString(16).length / 2));
  return Buffer.concat([Buffer.of(((length - 4) << 2) | 3), littleEndian(value, length)]);
}

/**
 * @param {bigint} value
 * @param {number} length
 */
function littleEndian(value, length) {
  const bytes = Buffer.alloc(length);
  for (let index = 0; index < length; index += 1) bytes[index] = Number((value >> BigInt(8 * index)) & 255n);
  return bytes;
}
