import {
  ClaimRewardsTransaction,
  LedgerParameters,
  LedgerState,
  sampleIntentHash,
  signatureVerifyingKey,
  signData,
  signingKeyFromBip340,
  addressFromKey,
  Transaction,
  TransactionContext,
  WellFormedStrictness,
} from '@midnight-ntwrk/ledger-v8';
import { HDWallet, Roles } from '@midnight-ntwrk/wallet-sdk-hd';

export const NETWORK = 'undeployed';
export const NOW = 1_700_000_000;
export const TTL = NOW + 600;
const date = new Date(NOW * 1000);

/** Where the overall fee price (i128) stands in the serialized initial parameters of ledger 8.1.0. */
const FEE_PRICE = { start: 575, end: 591 };

/** A real ledger that accepts at full strictness; only its fee price is zero, because fees are another part's matter. */
export class Chain {
  #state = withFreeFees(LedgerState.blank(NETWORK));

  /**
   * Gives coins to a wallet through the ledger's own reward claims.
   * @param {Uint8Array} seed
   * @param {bigint[]} amounts
   */
  fund(seed, ...amounts) {
    const key = nightKey(seed);
    for (const amount of amounts) {
      this.#state = this.#state.testingDistributeNight(addressFromKey(key.public), amount, date);
      const claim = ClaimRewardsTransaction.new(NETWORK, amount, key.public, sampleIntentHash(), 'Reward');
      const signed = claim.addSignature(signData(key.secret, claim.dataToSign));
      const result = this.#apply(Transaction.fromRewards(signed));
      if (result.type !== 'success') throw new Error(result.toString());
    }
  }

  /** @param {Uint8Array} bytes a bound transaction */
  submit(bytes) {
    return this.#apply(Transaction.deserialize('signature', 'proof', 'binding', bytes));
  }

  /**
   * A contract's state as an indexer serves it.
   * @param {string} address
   */
  contract(address) {
    const state = this.#state.index(address);
    if (!state) throw new Error('the contract is not deployed');
    return state.serialize();
  }

  get parameters() {
    return this.#state.parameters.serialize();
  }

  /** @param {string} addressHex */
  coins(addressHex) {
    return [...this.#state.utxo.filter(addressHex)].map((coin) => ({
      intentHash: coin.intentHash,
      outputNo: coin.outputNo,
      value: coin.value.toString(),
      token: coin.type,
    }));
  }

  /** @param {string} addressHex */
  values(addressHex) {
    return this.coins(addressHex).map((coin) => coin.value).sort();
  }

  /** @param {Transaction<any, any, any>} transaction */
  #apply(transaction) {
    const verified = transaction.wellFormed(this.#state, new WellFormedStrictness(), date);
    const context = new TransactionContext(this.#state, {
      parentBlockHash: '00'.repeat(32),
      secondsSinceEpoch: BigInt(NOW),
      secondsSinceEpochErr: 30,
      lastBlockTime: BigInt(NOW - 1),
    });
    const [state, result] = this.#state.apply(verified, context);
    this.#state = withFreeFees(state.postBlockUpdate(date));
    return result;
  }
}

/** @param {LedgerState} state */
function withFreeFees(state) {
  const parameters = LedgerParameters.initialParameters().serialize();
  parameters.fill(0, FEE_PRICE.start, FEE_PRICE.end);
  state.parameters = LedgerParameters.deserialize(parameters);
  return state;
}

/**
 * The keys of a seed as the official HD wallet derives them.
 * @param {Uint8Array} seed
 */
export function officialKeys(seed) {
  const wallet = HDWallet.fromSeed(seed);
  if (wallet.type !== 'seedOk') throw new Error('seed');
  const derived = wallet.hdWallet.selectAccount(0).selectRoles([Roles.NightExternal, Roles.Zswap, Roles.Dust]).deriveKeysAt(0);
  if (derived.type !== 'keysDerived') throw new Error('keys');
  return derived.keys;
}

/** @param {Uint8Array} seed */
function nightKey(seed) {
  const secret = signingKeyFromBip340(officialKeys(seed)[Roles.NightExternal]);
  return { secret, public: signatureVerifyingKey(secret) };
}
