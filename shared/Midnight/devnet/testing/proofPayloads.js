// Bodies for a proof server, written by the official ledger for a call of the test circuit: the reference for our own reader and writer.
// Usage: node proofPayloads.js; prints a JSON object of base64 texts.
import fs from 'node:fs';
import { check } from '@midnight-ntwrk/zkir-v2';
import { NETWORK, decodeTransaction, genesisState, ledger } from '../src/chain/ledger.js';
import { deployment, unprovenCall } from './contract.js';
import { fixture } from './fixtures.js';

const TIME = new Date(1_780_000_000_000);
const TTL = new Date(TIME.getTime() + 600_000);
const NOT_A_PROOF = Buffer.concat([Buffer.from('midnight:proof[v5]:'), Buffer.from([0])]);
const verifier = fixture('fallible.verifier').file;
const keys = { proverKey: fs.readFileSync(fixture('fallible.prover').file), verifierKey: fs.readFileSync(verifier), ir: fs.readFileSync(fixture('fallible.bzkir').file) };

const deploy = await deployment(verifier, TTL);
const blank = genesisState(false);
const seconds = BigInt(TIME.getTime() / 1000);
const context = new ledger.TransactionContext(blank, { parentBlockHash: '00'.repeat(32), secondsSinceEpoch: seconds, secondsSinceEpochErr: 30, lastBlockTime: seconds });
const strictness = new ledger.WellFormedStrictness();
strictness.enforceBalancing = false;
const [deployed] = blank.apply(decodeTransaction(deploy.raw).wellFormed(blank, strictness, TIME), context);
const call = unprovenCall(deployed, deploy.address, deploy.operation, TTL);

/** @type {{ preimage: Uint8Array, location: string, binding: bigint }[]} */
const proofs = [];
const noParameters = () => Promise.reject(new Error('a check needs no parameters'));
await call.prove({
  check: (preimage) => check(preimage, { lookupKey: async () => keys, getParams: noParameters }),
  prove: async (preimage, location, binding) => {
    proofs.push({ preimage, location, binding: binding ?? 0n });
    return NOT_A_PROOF;
  },
}, ledger.CostModel.initialCostModel());
const [proof] = proofs;
if (!proof) throw new Error('the call asked for no proof');
const { preimage, binding } = proof;
const nothing = ledger.Transaction.fromParts(NETWORK);
const bodies = {
  network: new TextEncoder().encode(NETWORK),
  preimage,
  binding: new TextEncoder().encode(binding.toString(16)),
  transaction: call.serialize(),
  prove: ledger.createProvingPayload(preimage, undefined, keys),
  proveBound: ledger.createProvingPayload(preimage, binding, keys),
  proveBuiltIn: ledger.createProvingPayload(preimage, 0n),
  check: ledger.createCheckPayload(preimage, keys.ir),
  checkBuiltIn: ledger.createCheckPayload(preimage),
  proveTransaction: ledger.createProvingTransactionPayload(call, new Map([['count', keys], ['b', keys]])),
  proveNothing: ledger.createProvingTransactionPayload(nothing, new Map()),
};
process.stdout.write(JSON.stringify(Object.fromEntries(Object.entries(bodies).map(([name, body]) => [name, Buffer.from(body).toString('base64')]))));
