import fs from 'node:fs';
import { check } from '@midnight-ntwrk/zkir-v2';
import { NETWORK, ledger } from '../src/chain/ledger.js';
import { NO_PROOFS } from '../src/faucetTransactions.js';

const EMPTY = { value: [], alignment: [] };

/**
 * One value of `length` bytes, zero or small.
 * @param {number} length
 * @param {number} value
 * @returns {import('@midnight-ntwrk/ledger-v8').AlignedValue}
 */
export const cell = (length, value) => ({
  value: [value === 0 ? new Uint8Array(0) : Uint8Array.of(value)],
  alignment: [{ tag: 'atom', value: { tag: 'bytes', length } }],
});
const key = (/** @type {number} */ index) => ({ tag: /** @type {const} */ ('value'), value: cell(1, index) });

/**
 * Deployment of a contract with the test circuit `count`.
 * @param {string} verifierFile
 * @param {Date} ttl
 */
export async function deployment(verifierFile, ttl) {
  const operation = new ledger.ContractOperation();
  operation.verifierKey = fs.readFileSync(verifierFile);
  const state = new ledger.ContractState();
  state.setOperation('count', operation);
  let data = ledger.StateValue.newArray();
  for (const length of [8, 1, 8]) data = data.arrayPush(ledger.StateValue.newCell(cell(length, 0)));
  state.data = new ledger.ChargedState(data);
  state.maintenanceAuthority = new ledger.ContractMaintenanceAuthority([], 1, 0n);
  const deploy = new ledger.ContractDeploy(state);
  const intent = ledger.Intent.new(ttl).addDeploy(deploy);
  const transaction = ledger.Transaction.fromParts(NETWORK, undefined, undefined, intent);
  const bound = (await transaction.prove(NO_PROOFS, ledger.CostModel.initialCostModel())).bind();
  return { raw: bound.serialize(), hash: bound.transactionHash(), address: deploy.address, operation };
}

/**
 * A call of `count` without its proof.
 * @param {import('../src/chain/ledger.js').LedgerState} state
 * @param {string} address
 * @param {import('@midnight-ntwrk/ledger-v8').ContractOperation} operation
 * @param {Date} ttl
 */
export function unprovenCall(state, address, operation, ttl) {
  const contract = state.index(address);
  if (!contract) throw new Error('the contract is not deployed');
  const context = new ledger.QueryContext(new ledger.ChargedState(contract.data.state), address);
  const call = new ledger.PrePartitionContractCall(
    address, 'count', operation, new ledger.PreTranscript(context, PROGRAM), [], EMPTY, EMPTY, ledger.communicationCommitmentRandomness(), 'count');
  return ledger.Transaction.fromParts(NETWORK).addCalls({ tag: 'specific', value: 1 }, [call], state.parameters, ttl);
}

/**
 * A call of `count`, checked by its real circuit; its proof is whatever `proof` is.
 * @param {import('../src/chain/ledger.js').LedgerState} state
 * @param {string} address
 * @param {import('@midnight-ntwrk/ledger-v8').ContractOperation} operation
 * @param {Uint8Array} proof
 * @param {{ ir: string, prover: string, verifier: string }} files
 * @param {Date} ttl
 */
export async function countCall(state, address, operation, proof, files, ttl) {
  const transaction = unprovenCall(state, address, operation, ttl);
  const keys = { ir: fs.readFileSync(files.ir), proverKey: fs.readFileSync(files.prover), verifierKey: fs.readFileSync(files.verifier) };
  const noParameters = () => Promise.reject(new Error('a check needs no parameters'));
  const provider = {
    check: (/** @type {Uint8Array} */ preimage) => check(preimage, { lookupKey: async () => keys, getParams: noParameters }),
    prove: async () => proof,
  };
  const bound = (await transaction.prove(provider, ledger.CostModel.initialCostModel())).bind();
  return { raw: bound.serialize(), hash: bound.transactionHash() };
}

/** @type {import('@midnight-ntwrk/ledger-v8').Op<import('@midnight-ntwrk/ledger-v8').AlignedValue>[]} */
export const PROGRAM = [
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
];
