import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import {
  ChargedState, ContractDeploy, ContractMaintenanceAuthority, ContractOperation, ContractState, CostModel, Intent, StateValue, Transaction,
} from '@midnight-ntwrk/ledger-v8';
import { prove } from '@midnight-ntwrk/zkir-v2';
import { NETWORK, TTL } from './chain.js';
import { parameters } from './parameters.js';

/** Folder with the official data for tests: beside the repository, or where MIDNIGHT_FIXTURES points. */
const FOLDER = process.env.MIDNIGHT_FIXTURES ?? fileURLToPath(new URL('../../../../../shared/midnight', import.meta.url));
const file = (/** @type {string} */ name) => path.join(FOLDER, name);

/** Why tests with the test circuit cannot run; false when they can. */
export const skip = existsSync(file('fallible.prover')) ? false : `${file('fallible.prover')} is not there (set MIDNIGHT_FIXTURES)`;

export const keys = skip
  ? { proverKey: Buffer.alloc(0), verifierKey: Buffer.alloc(0), ir: Buffer.alloc(0) }
  : { proverKey: readFileSync(file('fallible.prover')), verifierKey: readFileSync(file('fallible.verifier')), ir: readFileSync(file('fallible.bzkir')) };

/**
 * One value of `length` bytes, zero or small, as the worker takes it.
 * @param {number} length
 * @param {number} value
 */
export const cell = (length, value) => ({
  value: [value === 0 ? '' : value.toString(16).padStart(2, '0')],
  alignment: [{ tag: 'atom', value: { tag: 'bytes', length } }],
});
const key = (/** @type {number} */ index) => ({ tag: 'value', value: cell(1, index) });

/** What the circuit `count` does to the contract's state. */
export const TRANSCRIPT = Object.freeze([
  { idx: { cached: false, pushPath: true, path: [key(0)] } },
  { addi: { immediate: 1 } },
  { ins: { cached: true, n: 1 } },
  'ckpt',
  { dup: { n: 0 } },
  { idx: { cached: false, pushPath: false, path: [key(1)] } },
  { popeq: { cached: false, result: cell(1, 0) } },
  { push: { storage: false, value: { tag: 'cell', content: cell(1, 1) } } },
  { push: { storage: true, value: { tag: 'cell', content: cell(1, 1) } } },
  { ins: { cached: false, n: 1 } },
  { idx: { cached: false, pushPath: true, path: [key(2)] } },
  { addi: { immediate: 1 } },
  { ins: { cached: true, n: 1 } },
]);

/**
 * Deploys a contract with the circuit `count`.
 * @param {import('./chain.js').Chain} chain
 * @returns {Promise<string>} its address
 */
export async function deploy(chain) {
  const operation = new ContractOperation();
  operation.verifierKey = keys.verifierKey;
  const state = new ContractState();
  state.setOperation('count', operation);
  let data = StateValue.newArray();
  for (const length of [8, 1, 8]) data = data.arrayPush(StateValue.newCell({ value: [new Uint8Array(0)], alignment: [{ tag: 'atom', value: { tag: 'bytes', length } }] }));
  state.data = new ChargedState(data);
  state.maintenanceAuthority = new ContractMaintenanceAuthority([], 1, 0n);
  const deployment = new ContractDeploy(state);
  const intent = Intent.new(new Date(TTL * 1000)).addDeploy(deployment);
  const noProof = () => Promise.reject(new Error('a deployment needs no proof'));
  const proven = await Transaction.fromParts(NETWORK, undefined, undefined, intent).prove({ check: noProof, prove: noProof }, CostModel.initialCostModel());
  const result = chain.submit(proven.bind().serialize());
  if (result.type !== 'success') throw new Error(result.toString());
  return deployment.address;
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
  small ??= parameters(6);
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
