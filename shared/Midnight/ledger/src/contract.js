import {
  ChargedState,
  communicationCommitmentRandomness,
  ContractState,
  LedgerParameters,
  PrePartitionContractCall,
  PreTranscript,
  QueryContext,
  Transaction,
} from '@midnight-ntwrk/ledger-v8';
import { badArgument, hex32, list, network, timeToLive } from './arguments.js';
import { RequestError } from './errors.js';
import { readParts } from './parts.js';
import { wantedProofs } from './proofs.js';
import { readProgram, readValue, readValues } from './transcript.js';
import { untrusted } from './untrusted.js';

/** The most calls of one transaction. */
const MAX_CALLS = 16;
/** The segment of the intent that the calls are put into. */
const SEGMENT = 1;
const PARTS_OF_A_CALL = 4;
const ENTRY_POINT = /^[\x21-\x7e]{1,128}$/;
const RANDOMNESS = /^(?:[0-9a-f]{2}){1,40}$/;
const EMPTY = Object.freeze({ value: [], alignment: [] });

/** @typedef {import('./arguments.js').Arguments} Arguments */
/** @typedef {{ address: string, entryPoint: string, location: string, state: Uint8Array, plan: Record<string, unknown>, verifierKey: Uint8Array, ir: Uint8Array }} Call */

/**
 * Builds a transaction of contract calls, not proven yet. It holds no coins and no signature: what a call may do is up to its circuit.
 * @param {Arguments} args `network`, `ttl`, `calls [{address, entryPoint}]`, `parts`
 * @param {Uint8Array} body the ledger's parameters, then for each call: the contract's state, the plan as JSON, verifier key, IR
 */
export async function call(args, body) {
  const networkId = network(args);
  const ttl = timeToLive(args);
  const wanted = list(args, 'calls', readCall);
  if (wanted.length > MAX_CALLS) throw badArgument('calls', `a list of 1 to ${MAX_CALLS} items`);
  const [parameters, ...rest] = readParts(args, body, 1 + wanted.length * PARTS_OF_A_CALL);
  const calls = wanted.map((one, index) => withParts(one, index, rest.slice(index * PARTS_OF_A_CALL, (index + 1) * PARTS_OF_A_CALL)));
  const bytes = await untrusted(async () => {
    const rules = LedgerParameters.deserialize(/** @type {Uint8Array} */ (parameters));
    const transaction = Transaction.fromParts(networkId).addCalls({ tag: 'specific', value: SEGMENT }, calls.map(prepare), rules, ttl);
    refuseCoins(transaction);
    return transaction.serialize();
  });
  // The circuits are tried on what they will prove: a witness that does not satisfy one is known now, not after minutes of proving.
  const proofs = await wantedProofs(bytes, new Map(calls.map(({ location, ir }) => [location, ir])));
  return { result: { proofsRequired: proofs.length }, body: bytes };
}

/**
 * @param {Arguments} item
 * @param {string} path
 */
function readCall(item, path) {
  const entryPoint = item.entryPoint;
  if (typeof entryPoint !== 'string' || !ENTRY_POINT.test(entryPoint)) throw badArgument(`${path}.entryPoint`, '1 to 128 visible ASCII characters');
  return { address: hex32(item, 'address', `${path}.address`), entryPoint };
}

/**
 * @param {{ address: string, entryPoint: string }} wanted
 * @param {number} index
 * @param {Uint8Array[]} parts
 * @returns {Call}
 */
function withParts(wanted, index, parts) {
  const [state, plan, verifierKey, ir] = /** @type {[Uint8Array, Uint8Array, Uint8Array, Uint8Array]} */ (parts);
  return { ...wanted, location: locationOf(index), state, plan: parsePlan(plan), verifierKey, ir };
}

/**
 * How a call's key is named in the proof request; the keys themselves go with it.
 * @param {number} index
 */
export function locationOf(index) {
  return `call/${index}`;
}

/** @param {Call} wanted */
function prepare(wanted) {
  const { plan } = wanted;
  const program = readProgram(plan.transcript, 'transcript');
  const outputs = readValues(plan.privateTranscriptOutputs ?? [], 'privateTranscriptOutputs');
  const input = readValue(plan.input ?? EMPTY, 'input');
  const output = readValue(plan.output ?? EMPTY, 'output');
  const randomness = readRandomness(plan.communicationRandomness);
  const contract = ContractState.deserialize(wanted.state);
  const operation = findOperation(contract, wanted);
  const context = new QueryContext(new ChargedState(contract.data.state), wanted.address);
  return new PrePartitionContractCall(
    wanted.address, wanted.entryPoint, operation, new PreTranscript(context, program), outputs, input, output, randomness, wanted.location);
}

/**
 * The chain takes only proofs for the verifier key that the contract has.
 * @param {ContractState} contract
 * @param {Call} wanted
 */
function findOperation(contract, wanted) {
  const operation = contract.operations().includes(wanted.entryPoint) ? contract.operation(wanted.entryPoint) : undefined;
  if (!operation) throw new RequestError('ENTRY_POINT', 'The contract has no such entry point.');
  if (!operation.verifierKey || Buffer.compare(operation.verifierKey, wanted.verifierKey) !== 0) {
    throw new RequestError('VERIFIER_KEY', 'The verifier key is not that of the contract.');
  }
  return operation;
}

/** @param {Uint8Array} json */
function parsePlan(json) {
  let plan;
  try {
    plan = JSON.parse(Buffer.from(json.buffer, json.byteOffset, json.byteLength).toString('utf8'));
  } catch {
    throw badArgument('plan', 'JSON');
  }
  if (typeof plan !== 'object' || plan === null || Array.isArray(plan)) throw badArgument('plan', 'an object');
  return plan;
}

/** @param {unknown} value */
function readRandomness(value) {
  if (value === undefined || value === null) return communicationCommitmentRandomness();
  if (typeof value !== 'string' || !RANDOMNESS.test(value)) throw badArgument('communicationRandomness', 'lower hex digits as the ledger writes them');
  return value;
}

/**
 * No coin goes with these calls, so one that takes or gives coins can never be balanced.
 * @param {import('@midnight-ntwrk/ledger-v8').UnprovenTransaction} transaction
 */
function refuseCoins(transaction) {
  const moved = [0, SEGMENT].flatMap((segment) => [...transaction.imbalances(segment).values()]);
  if (moved.some((amount) => amount !== 0n)) throw new RequestError('UNBALANCED', 'The call takes or gives coins; only calls without coins can be made.');
}
