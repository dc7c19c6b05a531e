import assert from 'node:assert/strict';
import { pbkdf2Sync, randomBytes } from 'node:crypto';
import { test } from 'node:test';
import {
  addressFromKey,
  createShieldedCoinInfo,
  DustSecretKey,
  sampleCoinPublicKey,
  sampleEncryptionPublicKey,
  sampleUserAddress,
  signatureVerifyingKey,
  signingKeyFromBip340,
  Transaction,
  ZswapOffer,
  ZswapOutput,
  ZswapSecretKeys,
} from '@midnight-ntwrk/ledger-v8';
import {
  DustAddress,
  MidnightBech32m,
  ShieldedAddress,
  ShieldedCoinPublicKey,
  ShieldedEncryptionPublicKey,
  UnshieldedAddress,
} from '@midnight-ntwrk/wallet-sdk-address-format';
import { Roles } from '@midnight-ntwrk/wallet-sdk-hd';
import { MAX_COINS } from '../src/arguments.js';
import { decode } from '../src/decode.js';
import { derive } from '../src/derive.js';
import { NIGHT } from '../src/tokens.js';
import { build, finish } from '../src/transfer.js';
import { Chain, NETWORK, NOW, officialKeys, TTL } from '../testing/chain.js';

/** A wallet with some coins on a chain of its own. @param {...bigint} amounts */
function fundedWallet(...amounts) {
  const chain = new Chain();
  const seed = randomBytes(32);
  const address = derive({ network: NETWORK }, seed).result.unshielded.addressHex;
  chain.fund(seed, ...amounts);
  return { chain, seed, address, coins: chain.coins(address) };
}

/**
 * @param {unknown[]} inputs
 * @param {[string, bigint][]} outputs
 */
function transfer(inputs, outputs) {
  return {
    network: NETWORK,
    ttl: TTL,
    inputs,
    outputs: outputs.map(([owner, value]) => ({ owner, value: value.toString(), token: NIGHT })),
  };
}

test('derive_AnySeed_EqualsOfficialKeysAndAddresses', () => {
  for (const network of [NETWORK, 'preview', 'preprod', 'mainnet']) {
    const seed = randomBytes(32);
    const keys = officialKeys(seed);
    const { unshielded, shielded, dust } = derive({ network }, seed).result;

    const publicKey = signatureVerifyingKey(signingKeyFromBip340(keys[Roles.NightExternal]));
    assert.equal(unshielded.publicKey, publicKey);
    assert.equal(unshielded.addressHex, addressFromKey(publicKey));
    assert.equal(MidnightBech32m.parse(unshielded.address).decode(UnshieldedAddress, network).hexString, unshielded.addressHex);

    const zswap = ZswapSecretKeys.fromSeed(keys[Roles.Zswap]);
    const address = new ShieldedAddress(
      ShieldedCoinPublicKey.fromHexString(zswap.coinPublicKey),
      ShieldedEncryptionPublicKey.fromHexString(zswap.encryptionPublicKey),
    );
    assert.equal(shielded.address, MidnightBech32m.encode(network, address).asString());
    assert.equal(dust.address, DustAddress.encodePublicKey(network, DustSecretKey.fromSeed(keys[Roles.Dust]).publicKey));
  }
});

test('derive_FixedSeed_GivesKnownAddress', () => {
  const { unshielded } = derive({ network: NETWORK }, Buffer.alloc(32, 3)).result;
  assert.equal(unshielded.address, 'mn_addr_undeployed1pu0h0m0kec5yqdvu3tw602h8ty0vm3hs48j0cxzyl26e6vs9rx6s7kd3zl');
});

test('derive_SeedOfMnemonic_GivesAddressOfTheOfficialToolkit', () => {
  // The words "abandon" 23 times and "art", without a passphrase.
  const words = [...Array(23).fill('abandon'), 'art'].join(' ');
  const seed = pbkdf2Sync(words, 'mnemonic', 2048, 64, 'sha512');
  const { unshielded } = derive({ network: 'preview' }, seed).result;
  assert.equal(unshielded.address, 'mn_addr_preview19kxg8sxrsty37elmm6yd68tuy7prryjst2r48eapf2fdtd8z4gpq8xczf2');
});

test('derive_BadNetwork_BadRequest', () => {
  for (const network of [undefined, '', 'a b', 'main0', '_', 'x'.repeat(33), 7]) {
    assert.throws(() => derive({ network }, Buffer.alloc(32, 1)), { code: 'BAD_REQUEST' });
  }
});

test('finish_TransferWithChange_AcceptedAtFullStrictness', async () => {
  const { chain, seed, address, coins } = fundedWallet(10_000_000n);
  const recipient = sampleUserAddress();
  const unproven = build(transfer(coins, [[recipient, 4_000_000n], [address, 6_000_000n]]), seed);
  const bound = await finish(unproven.body);

  assert.equal(unproven.result.proofsRequired, 0);
  assert.equal(chain.submit(bound.body).type, 'success');
  assert.deepEqual(chain.values(recipient), ['4000000']);
  assert.deepEqual(chain.values(address), ['6000000']);
  assert.ok(chain.coins(address).every((coin) => coin.intentHash === unproven.result.intentHash));
});

test('finish_ManyInputsInAnyOrder_AcceptedAtFullStrictness', async () => {
  for (const count of [2, 3, 4, 5, 6, 40]) {
    const { chain, seed, address, coins } = fundedWallet(...Array.from({ length: count }, () => 10n));
    const recipient = sampleUserAddress();
    const total = BigInt(count) * 10n;
    const unproven = build(transfer([...coins].reverse(), [[recipient, total - 1n], [address, 1n]]), seed);
    const bound = await finish(unproven.body);
    assert.equal(chain.submit(bound.body).type, 'success', `${count} inputs`);
    assert.deepEqual(chain.values(recipient), [(total - 1n).toString()]);
    assert.deepEqual(chain.coins(address).map((coin) => coin.intentHash), [unproven.result.intentHash]);
  }
});

test('finish_FewCoins_AlwaysGuaranteed', async () => {
  for (const [inputs, outputs] of /** @type {const} */ ([[1, 1], [1, 4], [2, 3], [3, 2], [4, 1]])) {
    const { chain, seed, coins } = fundedWallet(...Array.from({ length: inputs }, () => 12n));
    /** @type {[string, bigint][]} */
    const payments = Array.from({ length: outputs }, () => [sampleUserAddress(), BigInt((inputs * 12) / outputs)]);
    const bound = await finish(build(transfer(coins, payments), seed).body);
    assert.equal(chain.submit(bound.body).type, 'success');
    const [intent] = [...(Transaction.deserialize('signature', 'proof', 'binding', bound.body).intents?.values() ?? [])];
    assert.ok(intent?.guaranteedUnshieldedOffer && !intent.fallibleUnshieldedOffer);
  }
});

test('finish_LargeTransferOfASpentCoin_TakesNothing', async () => {
  const { chain, seed, coins } = fundedWallet(...Array.from({ length: 8 }, () => 10n));
  const recipient = sampleUserAddress();
  const large = await finish(build(transfer(coins, [[recipient, 80n]]), seed).body);
  const small = await finish(build(transfer(coins.slice(0, 1), [[sampleUserAddress(), 10n]]), seed).body);
  assert.equal(chain.submit(small.body).type, 'success');
  const result = chain.submit(large.body);
  assert.equal(result.type, 'partialSuccess');
  assert.deepEqual(chain.values(recipient), []);
});

test('build_MoreThanABlockHolds_Ledger', () => {
  const coins = Array.from({ length: 400 }, (_, outputNo) => ({ intentHash: 'ab'.repeat(32), outputNo, value: '1', token: NIGHT }));
  assert.throws(() => build(transfer(coins, [[sampleUserAddress(), 400n]]), Buffer.alloc(32, 1)), { code: 'LEDGER' });
});

test('finish_SeveralOutputs_CoinsAreThoseThatDecodeNames', async () => {
  const { chain, seed, address, coins } = fundedWallet(100n);
  const recipients = Array.from({ length: 12 }, () => sampleUserAddress());
  /** @type {[string, bigint][]} */
  const outputs = recipients.map((owner, index) => [owner, BigInt(index + 1)]);
  const bound = await finish(build(transfer(coins, [...outputs, [address, 22n]]), seed).body);
  assert.equal(chain.submit(bound.body).type, 'success');

  const decoded = decode(bound.body).result.unshielded.outputs;
  assert.equal(decoded.length, 13);
  for (const { owner, ...coin } of decoded) assert.deepEqual(chain.coins(owner), [coin]);
});

test('finish_SubmittedTwice_ReplayFails', async () => {
  const { chain, seed, coins } = fundedWallet(5n);
  const bound = await finish(build(transfer(coins, [[sampleUserAddress(), 5n]]), seed).body);
  assert.equal(chain.submit(bound.body).type, 'success');
  assert.equal(chain.submit(bound.body).type, 'failure');
});

test('build_AnotherWalletsSeed_LedgerRefusesTheCoin', async () => {
  const { chain, coins } = fundedWallet(5n);
  const bound = await finish(build(transfer(coins, [[sampleUserAddress(), 5n]]), randomBytes(32)).body);
  assert.equal(chain.submit(bound.body).type, 'failure');
});

test('build_SignatureTampered_LedgerRefuses', async () => {
  const { chain, seed, coins } = fundedWallet(5n);
  const bound = await finish(build(transfer(coins, [[sampleUserAddress(), 5n]]), seed).body);
  const [signature] = [...Transaction.deserialize('signature', 'proof', 'binding', bound.body).intents?.values() ?? []]
    .flatMap((intent) => intent.guaranteedUnshieldedOffer?.signatures ?? []);
  const tampered = Buffer.from(bound.body);
  const at = tampered.indexOf(Buffer.from(/** @type {string} */ (signature), 'hex'));
  assert.ok(at > 0);
  tampered[at + 40] = /** @type {number} */ (tampered[at + 40]) ^ 1;
  assert.throws(() => chain.submit(tampered));
});

test('build_UnequalSums_Unbalanced', () => {
  const { seed, coins } = fundedWallet(10n);
  for (const value of [9n, 11n]) {
    assert.throws(() => build(transfer(coins, [[sampleUserAddress(), value]]), seed), { code: 'UNBALANCED' });
  }
});

test('build_SumsEqualButTokensDiffer_Unbalanced', () => {
  const { seed, coins } = fundedWallet(10n);
  const request = transfer(coins, [[sampleUserAddress(), 10n]]);
  const outputs = request.outputs.map((output) => ({ ...output, token: 'ab'.repeat(32) }));
  assert.throws(() => build({ ...request, outputs }, seed), { code: 'UNBALANCED' });
});

test('build_MalformedArguments_BadRequestNamesTheArgument', () => {
  const coin = { intentHash: 'ab'.repeat(32), outputNo: 0, value: '10', token: NIGHT };
  const good = transfer([coin], [[sampleUserAddress(), 10n]]);
  /** @type {[object, RegExp][]} */
  const cases = [
    [{ network: undefined }, /"network"/],
    [{ ttl: 0 }, /"ttl"/],
    [{ ttl: '5' }, /"ttl"/],
    [{ inputs: [] }, /"inputs"/],
    [{ inputs: {} }, /"inputs"/],
    [{ inputs: [null] }, /"inputs\[0\]"/],
    [{ inputs: [coin, coin] }, /"inputs"/],
    [{ inputs: Array.from({ length: MAX_COINS + 1 }, (_, outputNo) => ({ ...coin, outputNo })) }, /"inputs"/],
    [{ inputs: [{ ...coin, value: '0' }] }, /"inputs\[0\]\.value"/],
    [{ inputs: [{ ...coin, value: '-1' }] }, /"inputs\[0\]\.value"/],
    [{ inputs: [{ ...coin, value: '010' }] }, /"inputs\[0\]\.value"/],
    [{ inputs: [{ ...coin, value: 10 }] }, /"inputs\[0\]\.value"/],
    [{ inputs: [{ ...coin, value: (1n << 128n).toString() }] }, /"inputs\[0\]\.value"/],
    [{ inputs: [{ ...coin, outputNo: -1 }] }, /"inputs\[0\]\.outputNo"/],
    [{ inputs: [{ ...coin, intentHash: 'ab' }] }, /"inputs\[0\]\.intentHash"/],
    [{ inputs: [{ ...coin, token: 'AB'.repeat(32) }] }, /"inputs\[0\]\.token"/],
    [{ outputs: [] }, /"outputs"/],
    [{ outputs: [{ value: '10', owner: 'x', token: NIGHT }] }, /"outputs\[0\]\.owner"/],
  ];
  for (const [change, message] of cases) {
    assert.throws(() => build({ ...good, ...change }, Buffer.alloc(32, 1)), { code: 'BAD_REQUEST', message }, JSON.stringify(change));
  }
});

test('build_NoSeed_BadSeed', () => {
  const coin = { intentHash: 'ab'.repeat(32), outputNo: 0, value: '10', token: NIGHT };
  assert.throws(() => build(transfer([coin], [[sampleUserAddress(), 10n]]), Buffer.alloc(0)), { code: 'BAD_SEED' });
});

test('finish_TransactionThatNeedsAProof_ProofRequired', async () => {
  const output = ZswapOutput.new(createShieldedCoinInfo(NIGHT, 5n), 0, sampleCoinPublicKey(), sampleEncryptionPublicKey());
  const offer = ZswapOffer.fromOutput(output, NIGHT, 5n);
  const bytes = Transaction.fromParts(NETWORK, offer).serialize();
  await assert.rejects(finish(bytes), { code: 'PROOF_REQUIRED' });
});

test('finish_NoTransaction_Ledger', async () => {
  await assert.rejects(finish(Buffer.from('nothing of the kind')), { code: 'LEDGER' });
  await assert.rejects(finish(Buffer.alloc(0)), { code: 'LEDGER' });
});

test('decode_BoundTransfer_TellsWhatItDoes', async () => {
  const { seed, address, coins } = fundedWallet(10n);
  const recipient = sampleUserAddress();
  const bound = await finish(build(transfer(coins, [[recipient, 4n], [address, 6n]]), seed).body);
  const { result } = decode(bound.body);

  assert.equal(result.hash, bound.result.hash);
  assert.deepEqual(result.identifiers, bound.result.identifiers);
  assert.equal(result.networkId, NETWORK);
  assert.equal(result.ttl, TTL);
  assert.deepEqual(result.unshielded.inputs, [{ ...coins[0], owner: address }]);
  assert.deepEqual(result.unshielded.outputs.map(({ owner, value }) => [owner, value]).sort(), [[recipient, '4'], [address, '6']].sort());
});

test('decode_UnprovenOrTruncated_Ledger', async () => {
  const { seed, coins } = fundedWallet(10n);
  const unproven = build(transfer(coins, [[sampleUserAddress(), 10n]]), seed);
  const bound = await finish(unproven.body);
  for (const bytes of [unproven.body, bound.body.subarray(0, bound.body.length - 1), Buffer.concat([bound.body, Buffer.alloc(1)])]) {
    assert.throws(() => decode(bytes), { code: 'LEDGER' });
  }
});

test('build_ExpiredTtl_LedgerRefuses', async () => {
  const { chain, seed, coins } = fundedWallet(10n);
  const bound = await finish(build({ ...transfer(coins, [[sampleUserAddress(), 10n]]), ttl: NOW - 1 }, seed).body);
  assert.throws(() => chain.submit(bound.body));
});
