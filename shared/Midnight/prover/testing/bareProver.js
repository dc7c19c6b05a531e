// The bound of the benchmark of proofs: zkir-v2 alone, with its keys and parameters in memory. Usage: node bareProver.js <proofs> [folder];
// the folder holds another request than the test circuit's: preimage, prover, verifier, ir and bls_midnight_2p<k>.
// Prints {"began": ms, "ended": ms, "milliseconds": [one for each proof]} by the machine's clock; the proofs that warm it up are not counted.
import fs from 'node:fs';
import path from 'node:path';
import { prove } from '@midnight-ntwrk/zkir-v2';
import { referenceString } from '../src/reference-string.js';
import { circuit, deployedContract, preimageOf } from './call.js';

const proofs = Number(process.argv[2] ?? 10);
const folder = process.argv[3];
const read = (/** @type {string} */ name) => fs.readFileSync(path.join(/** @type {string} */ (folder), name));
const keys = folder ? { proverKey: read('prover'), verifierKey: read('verifier'), ir: read('ir') } : circuit();
const preimage = folder ? read('preimage') : await preimageOf((await deployedContract()).call());
// A larger proof is so long that what a first one costs more does not matter.
const warmUp = folder ? 0 : 2;

/** @type {Map<number, Uint8Array>} */
const parameters = new Map();
const provider = {
  lookupKey: async () => keys,
  getParams: async (/** @type {number} */ k) => {
    const known = parameters.get(k) ?? (folder ? read(`bls_midnight_2p${k}`) : await referenceString(k, async () => {}));
    parameters.set(k, known);
    return known;
  },
};
for (let i = 0; i < warmUp; i += 1) await prove(preimage, provider);

/** @type {number[]} */
const milliseconds = [];
const began = performance.timeOrigin + performance.now();
for (let i = 0; i < proofs; i += 1) {
  const at = performance.now();
  await prove(preimage, provider, BigInt(i));
  milliseconds.push(performance.now() - at);
}
process.stdout.write(JSON.stringify({ began, ended: performance.timeOrigin + performance.now(), milliseconds }));
