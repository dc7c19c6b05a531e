import { compact, fromHex, readCompact } from '../bytes.js';
import { extrinsicHash } from '../chain/chain.js';
import { badFormat } from '../chain/refusal.js';

/** Unsigned extrinsic of format 4, pallet 5 (Midnight), call 0 (`send_mn_transaction`). */
const CALL = Buffer.from([0x04, 0x05, 0x00]);

/**
 * Takes the transaction out of an unsigned extrinsic: compact(length) `04 05 00` compact(n) and n bytes.
 * @param {unknown} parameter of the JSON-RPC call
 * @returns {{ raw: Uint8Array, key: string }} key is the extrinsic's hash
 * @throws {import('../chain/refusal.js').Refusal}
 */
export function readExtrinsic(parameter) {
  const bytes = typeof parameter === 'string' ? fromHex(parameter) : undefined;
  if (!bytes) throw badFormat('not a hex string');
  const outer = readCompact(bytes, 0);
  if (!outer || outer.next + outer.value !== bytes.length) throw badFormat('the length prefix does not match');
  if (!bytes.subarray(outer.next, outer.next + 3).equals(CALL)) throw badFormat('not an unsigned Midnight.send_mn_transaction (04 05 00)');
  const inner = readCompact(bytes, outer.next + 3);
  if (!inner || inner.next + inner.value !== bytes.length) throw badFormat("the transaction's length does not match");
  return { raw: Uint8Array.from(bytes.subarray(inner.next)), key: extrinsicHash(bytes) };
}

/**
 * The extrinsic that carries a transaction.
 * @param {Uint8Array} raw
 */
export function writeExtrinsic(raw) {
  const call = Buffer.concat([CALL, compact(BigInt(raw.length)), raw]);
  return Buffer.concat([compact(BigInt(call.length)), call]);
}
