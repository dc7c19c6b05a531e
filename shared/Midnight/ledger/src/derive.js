import { addressFromKey, DustSecretKey, signatureVerifyingKey, signingKeyFromBip340, ZswapSecretKeys } from '@midnight-ntwrk/ledger-v8';
import {
  DustAddress,
  MidnightBech32m,
  ShieldedAddress,
  ShieldedCoinPublicKey,
  ShieldedEncryptionPublicKey,
  UnshieldedAddress,
} from '@midnight-ntwrk/wallet-sdk-address-format';
import { network } from './arguments.js';
import { ledgerCall } from './errors.js';
import { Role, withKeys } from './keys.js';

/**
 * The addresses of a wallet on a network.
 * @param {import('./arguments.js').Arguments} args `network`
 * @param {Uint8Array} seed
 */
export function derive(args, seed) {
  const networkId = network(args);
  return withKeys(seed, [Role.night, Role.zswap, Role.dust], ([night, zswap, dust]) =>
    ledgerCall(() => ({
      result: {
        unshielded: unshielded(networkId, /** @type {Buffer} */ (night)),
        shielded: { address: shieldedAddress(networkId, /** @type {Buffer} */ (zswap)) },
        dust: { address: dustAddress(networkId, /** @type {Buffer} */ (dust)) },
      },
    })),
  );
}

/**
 * @param {string} networkId
 * @param {Buffer} key
 */
function unshielded(networkId, key) {
  const publicKey = signatureVerifyingKey(signingKeyFromBip340(key));
  const addressHex = addressFromKey(publicKey);
  const address = MidnightBech32m.encode(networkId, new UnshieldedAddress(Buffer.from(addressHex, 'hex'))).asString();
  return { address, addressHex, publicKey };
}

/**
 * @param {string} networkId
 * @param {Buffer} key
 */
function shieldedAddress(networkId, key) {
  const keys = ZswapSecretKeys.fromSeed(key);
  try {
    const coin = ShieldedCoinPublicKey.fromHexString(keys.coinPublicKey);
    const encryption = ShieldedEncryptionPublicKey.fromHexString(keys.encryptionPublicKey);
    return MidnightBech32m.encode(networkId, new ShieldedAddress(coin, encryption)).asString();
  } finally {
    keys.clear();
  }
}

/**
 * @param {string} networkId
 * @param {Buffer} key
 */
function dustAddress(networkId, key) {
  const secret = DustSecretKey.fromSeed(key);
  try {
    return DustAddress.encodePublicKey(networkId, secret.publicKey);
  } finally {
    secret.clear();
  }
}
