import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { referenceString } from '../src/reference-string.js';
import { PIN_6, sha256 } from '../testing/worker.js';

const program = fileURLToPath(new URL('../src/derive-parameters.js', import.meta.url));

// The published ones (base-crypto/src/data_provider.rs).
const PINS = Object.entries({
  0: '59b30b3114a34ccbbfb599376e178fb8d9b3366cae2174c2f1da20e75847f823',
  1: 'bbe04fe3c70d0c138447cb086b4baddc30cb8bb2a004114bc02e6f739516280e',
  5: '0a1c9229f315fc1868ff25f668fb83aec4d09f4f23a706b5197c692c619d72c6',
  6: PIN_6,
  14: 'fc253016885ec830e97808c9ec920bb5cab5c21af590380a6cb5eb0538e2b244',
});

test('referenceString_SeveralK_EqualThePublishedOnes', async () => {
  for (const [k, pin] of PINS) assert.equal(sha256(await referenceString(Number(k), async () => {})), pin, `k=${k}`);
});

test('referenceString_Progress_RisesToTheWhole', async () => {
  /** @type {number[]} */
  const shares = [];
  await referenceString(6, async (share) => void shares.push(share));
  assert.deepEqual(shares, shares.toSorted((a, b) => a - b));
  assert.equal(shares.at(-1), 1);
});

/** @param {string[]} args */
function derive(...args) {
  return spawn(process.execPath, [program, ...args], { stdio: ['pipe', 'ignore', 'pipe'] });
}

test('deriveParameters_File_IsWritten', async (t) => {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'prover-test-'));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  const file = path.join(folder, 'two');
  const [code] = await once(derive('2', file), 'close');
  assert.equal(code, 0);
  assert.equal(sha256(readFileSync(file)), '80e15568fa1a0117db893239be7fa5e34a6bcc3a8c3bfa7709534b9cb88eb6c1');
});

test('deriveParameters_InputCloses_EndsBeforeItIsDone', async () => {
  const child = derive('13', path.join(os.tmpdir(), 'never-written'));
  child.stdin.end();
  assert.deepEqual(await once(child, 'close'), [1, null]);
});

test('deriveParameters_LargerThanThePackageHolds_Refused', async () => {
  const [code] = await once(derive('15', 'never-written'), 'close');
  assert.equal(code, 2);
});
