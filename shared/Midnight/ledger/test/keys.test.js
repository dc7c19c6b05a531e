import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { test } from 'node:test';
import { Roles } from '@midnight-ntwrk/wallet-sdk-hd';
import { Role, withKeys } from '../src/keys.js';
import { officialKeys } from '../testing/chain.js';

/** @param {number} n */
const seedOf = (n) => createHash(n % 2 === 0 ? 'sha256' : 'sha512').update(`seed ${n}`).digest();

test('withKeys_300Seeds_EqualsOfficialWallet', () => {
  for (let n = 0; n < 300; n++) {
    const seed = seedOf(n);
    const official = officialKeys(seed);
    withKeys(seed, [Role.night, Role.zswap, Role.dust], ([night, zswap, dust]) => {
      assert.deepEqual(new Uint8Array(/** @type {Buffer} */ (night)), official[Roles.NightExternal]);
      assert.deepEqual(new Uint8Array(/** @type {Buffer} */ (zswap)), official[Roles.Zswap]);
      assert.deepEqual(new Uint8Array(/** @type {Buffer} */ (dust)), official[Roles.Dust]);
    });
  }
});

test('withKeys_AfterUse_KeysAreZero', () => {
  const kept = withKeys(seedOf(1), [Role.night, Role.dust], (keys) => {
    assert.ok(keys.every((key) => key.some((byte) => byte !== 0)));
    return keys;
  });
  assert.ok(kept.every((key) => key.every((byte) => byte === 0)));
});

test('withKeys_UseThrows_KeysAreZero', () => {
  /** @type {Buffer[]} */
  let kept = [];
  assert.throws(() =>
    withKeys(seedOf(1), [Role.night], (keys) => {
      kept = keys;
      throw new Error('stop');
    }),
  );
  assert.ok(kept.length === 1 && kept.every((key) => key.every((byte) => byte === 0)));
});

test('withKeys_WrongLength_BadSeed', () => {
  for (const length of [0, 16, 31, 33, 63, 65]) {
    assert.throws(() => withKeys(new Uint8Array(length), [Role.night], () => {}), { code: 'BAD_SEED' });
  }
});
