import { MidnightBech32m, UnshieldedAddress } from '@midnight-ntwrk/wallet-sdk-address-format';
import { NETWORK } from './chain/ledger.js';

/**
 * @param {string} text bech32m, `mn_addr_undeployed1…`
 * @returns {string | undefined} user address, hex; undefined when it is no unshielded address of this network
 */
export function parseUnshielded(text) {
  // Longer ones are no addresses, and the decoder's time grows with the length.
  if (text.length > 200) return undefined;
  try {
    return Buffer.from(MidnightBech32m.parse(text).decode(UnshieldedAddress, NETWORK).data).toString('hex');
  } catch {
    // The decoder's only way to say that the text is no such address.
    return undefined;
  }
}

/** @param {string} hex user address */
export const formatUnshielded = (hex) => MidnightBech32m.encode(NETWORK, new UnshieldedAddress(Buffer.from(hex, 'hex'))).asString();
