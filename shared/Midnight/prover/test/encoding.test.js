import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseCheckResult } from '@midnight-ntwrk/ledger-v8';
import { checkedSkips, compact, versionedProof } from '../src/encoding.js';
import { sentence } from '../src/errors.js';

test('checkedSkips_AnyValues_ReadByTheOfficialLedger', () => {
  const numbers = [0n, 1n, 63n, 64n, 16383n, 16384n, (1n << 30n) - 1n, 1n << 30n, 1n << 32n, 1n << 40n, (1n << 64n) - 1n];
  for (const skips of [[], [undefined], numbers, [...numbers, undefined], Array(100).fill(undefined)]) {
    assert.deepEqual(parseCheckResult(checkedSkips(skips)), skips);
  }
});

test('compact_BigInteger_HasNoLeadingZero', () => {
  assert.deepEqual([...compact(1n << 30n)], [3, 0, 0, 0, 0x40]);
  assert.deepEqual([...compact(1n << 32n)], [7, 0, 0, 0, 0, 1]);
});

test('versionedProof_NoProof_Throws', () => {
  assert.throws(() => versionedProof(Buffer.from('midnight:proof[v4]:abc')), /no proof/);
});

test('sentence_MessageThatRepeatsAValue_LosesIt', () => {
  const said = [
    ['Bit bound failed: 3405691582 is not 8-bit', 'Bit bound failed.'],
    ['Failed equality constraint: 77 != 78', 'Failed equality constraint.'],
    ["expected header tag 'midnight:x:', got 'secret'", 'Expected header tag.'],
    ['Elliptic curve point not on curve: (1, 2)', 'Elliptic curve point not on curve.'],
    ['Expected 3 inputs, received 5', 'Expected 3 inputs, received 5.'],
    ['340569158234 is a witness', 'The prover refused the request.'],
    ['', 'The prover refused the request.'],
  ];
  for (const [message, expected] of said) assert.equal(sentence(new Error(message)), expected);
});
