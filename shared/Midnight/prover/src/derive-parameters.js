// Derives the parameter file for one k from the string within the ledger's package. Usage: node derive-parameters.js <k> <file>
// Prints a JSON line {"share": 0.25} as it goes on; ends with its standard input, and with 0 when the whole file is written.
import { writeFile } from 'node:fs/promises';
import { setImmediate as turn } from 'node:timers/promises';
import { LARGEST, referenceString } from './reference-string.js';

const EVERY = 1000;

const [k, file] = process.argv.slice(2);
const wanted = Number(k);
if (!file || !Number.isInteger(wanted) || wanted < 0 || wanted > LARGEST) {
  process.stderr.write(`usage: derive-parameters.js <k from 0 to ${LARGEST}> <file>\n`);
  process.exit(2);
}

process.on('SIGINT', () => {});
process.stdin.on('end', () => process.exit(1)).resume();

let told = performance.now();
const bytes = await referenceString(wanted, async (share) => {
  if (performance.now() - told >= EVERY) {
    told = performance.now();
    process.stdout.write(`${JSON.stringify({ share })}\n`);
  }
  await turn();
});
await writeFile(file, bytes);
process.exit(0);
