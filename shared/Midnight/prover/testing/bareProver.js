// The bound of the benchmark of proofs: zkir-v2 alone, with its keys and parameters in memory. Usage: node bareProver.js <proofs>;
// prints {"began": ms, "ended": ms, "milliseconds": [one for each proof]} by the machine's clock; two proofs before that are not counted.
import { prove } from '@midnight-ntwrk/zkir-v2';
import { referenceString } from '../src/reference-string.js';
import { circuit, deployedContract, preimageOf } from './call.js';

const WARM_UP = 2;

const proofs = Number(process.argv[2] ?? 10);
const keys = circuit();
/** @type {Map<number, Uint8Array>} */
const parameters = new Map();
const provider = {
  lookupKey: async () => keys,
  getParams: async (/** @type {number} */ k) => {
    const known = parameters.get(k) ?? await referenceString(k, async () => {});
    parameters.set(k, known);
    return known;
  },
};
const preimage = await preimageOf((await deployedContract()).call());
for (let i = 0; i < WARM_UP; i += 1) await prove(preimage, provider);

/** @type {number[]} */
const milliseconds = [];
const began = performance.timeOrigin + performance.now();
for (let i = 0; i < proofs; i += 1) {
  const at = performance.now();
  await prove(preimage, provider, BigInt(i));
  milliseconds.push(performance.now() - at);
}
process.stdout.write(JSON.stringify({ began, ended: performance.timeOrigin + performance.now(), milliseconds }));
