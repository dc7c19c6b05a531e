import { readFileSync } from 'node:fs';
import { prove } from '@midnight-ntwrk/zkir-v2';
import { cell as ledgerCell, deployment, PROGRAM } from '@midnightos/devnet/testing/contract.js';
import { fixture } from '@midnightos/devnet/testing/fixtures.js';
import { referenceString } from '@midnightos/prover/src/reference-string.js';
import { NETWORK, TTL } from './chain.js';

const verifier = fixture('fallible.verifier').file;

/** Why tests with the test circuit cannot run; false when they can. */
export const { skip } = fixture('fallible.prover');

export const keys = skip
  ? { proverKey: Buffer.alloc(0), verifierKey: Buffer.alloc(0), ir: Buffer.alloc(0) }
  : { proverKey: readFileSync(fixture('fallible.prover').file), verifierKey: readFileSync(verifier), ir: readFileSync(fixture('fallible.bzkir').file) };

/**
 * A value of the ledger's as the worker takes it: bytes in hex.
 * @param {unknown} value
 */
const plain = (value) => JSON.parse(JSON.stringify(value, (_, part) => (part instanceof Uint8Array ? Buffer.from(part).toString('hex') : part)));

/**
 * One value of `length` bytes, zero or small, as the worker takes it.
 * @param {number} length
 * @param {number} value
 */
export const cell = (length, value) => plain(ledgerCell(length, value));

/** What the circuit `count` does to the contract's state. */
export const TRANSCRIPT = Object.freeze(plain(PROGRAM));

/**
 * Deploys a contract with the circuit `count`.
 * @param {import('./chain.js').Chain} chain
 * @returns {Promise<string>} its address
 */
export async function deploy(chain) {
  const { raw, address } = await deployment(verifier, new Date(TTL * 1000));
  const result = chain.submit(raw);
  if (result.type !== 'success') throw new Error(result.toString());
  return address;
}

/**
 * The arguments and the body of the operation `call`.
 * @param {import('./chain.js').Chain} chain
 * @param {string[]} addresses
 * @param {{ plan?: Record<string, unknown>, entryPoint?: string, verifierKey?: Uint8Array, ir?: Uint8Array, state?: Uint8Array }} [other]
 */
export function callOf(chain, addresses, other = {}) {
  const parts = addresses.flatMap((address) => [
    other.state ?? chain.contract(address),
    Buffer.from(JSON.stringify(other.plan ?? { transcript: TRANSCRIPT })),
    other.verifierKey ?? keys.verifierKey,
    other.ir ?? keys.ir,
  ]);
  return request(
    { network: NETWORK, ttl: TTL, calls: addresses.map((address) => ({ address, entryPoint: other.entryPoint ?? 'count' })) }, [chain.parameters, ...parts]);
}

/**
 * @param {Record<string, unknown>} args
 * @param {Uint8Array[]} parts
 */
export function request(args, parts) {
  return { args: { ...args, parts: parts.map((part) => part.length) }, body: Buffer.concat(parts) };
}

/** @type {Uint8Array | undefined} */
let small;

/**
 * Answers a proof server's `/prove` with a real proof, by the official prover.
 * @param {Uint8Array} payload
 */
export async function answer(payload) {
  small ??= await referenceString(6, async () => {});
  const { preimage, bindingInput } = readPayload(Buffer.from(payload));
  const proof = Buffer.from(await prove(preimage, { lookupKey: async () => keys, getParams: async () => /** @type {Uint8Array} */ (small) }, bindingInput));
  const head = Buffer.from('midnight:proof[v5]:');
  return Buffer.concat([Buffer.from('midnight:proof-versioned:'), Buffer.from([1]), proof.subarray(head.length)]);
}

/**
 * Takes the request apart from behind: the keys' lengths are known.
 * @param {Buffer} payload
 */
function readPayload(payload) {
  const head = Buffer.from('midnight:(proof-preimage-versioned,option(proving-data),option(fr-bls)):');
  if (!payload.subarray(0, head.length).equals(head)) throw new Error('not a request to prove');
  const atProver = payload.indexOf(keys.proverKey.subarray(0, 64)) - compact(keys.proverKey.length) - 1;
  const binding = payload.subarray(payload.indexOf(keys.ir) + keys.ir.length);
  if (binding[0] !== 1) throw new Error('no binding input');
  return {
    preimage: Buffer.concat([Buffer.from('midnight:proof-preimage:'), payload.subarray(head.length + 1, atProver)]),
    bindingInput: BigInt(`0x${Buffer.from(binding.subarray(2)).reverse().toString('hex')}`),
  };
}

/** @param {number} length the bytes of its SCALE-compact form */
function compact(length) {
  return length < 1 << 6 ? 1 : length < 1 << 14 ? 2 : 4;
}
