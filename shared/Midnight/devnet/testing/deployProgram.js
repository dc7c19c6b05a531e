// Deploys contracts with the test circuit `count` on a devnet: for tests of programs that call them. Standard input has one JSON object `{ node, verifier, count }`: the node's
// address, the file of the verifier key, how many. The answer on standard output: `{ addresses, transcript }`, the transcript as the ledger worker takes it.
import { text } from 'node:stream/consumers';
import { deployment, PROGRAM } from './contract.js';
import { submit } from './support.js';

/** @type {{ node: string, verifier: string, count: number }} */
const { node, verifier, count } = JSON.parse(await text(process.stdin));
const addresses = [];
for (let made = 0; made < count; made += 1) {
  const { raw, address } = await deployment(verifier, new Date(Date.now() + 3_000_000));
  const { error } = await submit(node, raw);
  if (error) throw new Error(JSON.stringify(error));
  addresses.push(address);
}
const hex = (/** @type {string} */ _key, /** @type {unknown} */ value) => (value instanceof Uint8Array ? Buffer.from(value).toString('hex') : value);
process.stdout.write(JSON.stringify({ addresses, transcript: PROGRAM }, hex));
