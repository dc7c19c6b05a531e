import { EventEmitter, once } from 'node:events';
import { InMemoryTransactionHistoryStorage, NetworkId } from '@midnight-ntwrk/wallet-sdk-abstractions';
import { MidnightBech32m, UnshieldedAddress } from '@midnight-ntwrk/wallet-sdk-address-format';
import { PublicKey, UnshieldedWallet, createKeystore } from '@midnight-ntwrk/wallet-sdk-unshielded-wallet';
import { TransactionHistory } from '@midnight-ntwrk/wallet-sdk-unshielded-wallet/v1';
import { firstValueFrom } from 'rxjs';
import { filter } from 'rxjs/operators';
import { WebSocket } from 'ws';
import { ledger } from '../src/chain/ledger.js';
import { NIGHT, NO_PROOFS } from './support.js';

// The official indexer client takes the one of the platform, which Node has from version 22 on.
globalThis.WebSocket ??= /** @type {any} */ (WebSocket);

// The official wallet counts on iterators' own `toArray`, likewise.
const iterators = Object.getPrototypeOf(Object.getPrototypeOf([][Symbol.iterator]()));
iterators.toArray ??= function toArray() {
  return [...this];
};

/** @typedef {import('@midnight-ntwrk/wallet-sdk-unshielded-wallet').UnshieldedWalletState} State */

/**
 * The official unshielded wallet with its official indexer client, on a devnet.
 * @param {string} indexer
 * @param {Uint8Array} secret signing key
 * @param {string} [serialized] its state of an earlier run
 */
export async function openOfficialWallet(indexer, secret, serialized) {
  const keys = createKeystore(secret, NetworkId.NetworkId.Undeployed);
  const history = new History(TransactionHistory.UnshieldedTransactionHistoryEntrySchema);
  const Wallet = UnshieldedWallet({
    networkId: NetworkId.NetworkId.Undeployed,
    indexerClientConnection: { indexerHttpUrl: `${indexer}/api/v4/graphql` },
    txHistoryStorage: /** @type {any} */ (history),
  });
  const wallet = serialized === undefined ? Wallet.startWithPublicKey(PublicKey.fromKeyStore(keys)) : Wallet.restore(serialized);
  await wallet.start();
  return new OfficialWallet(wallet, keys, history);
}

/**
 * The official history, which says when something is written to it: the wallet does that beside its state.
 * @extends {InMemoryTransactionHistoryStorage<import('@midnight-ntwrk/wallet-sdk-unshielded-wallet').UnshieldedTransactionHistoryEntry, any>}
 */
class History extends InMemoryTransactionHistoryStorage {
  written = new EventEmitter();

  /** @param {import('@midnight-ntwrk/wallet-sdk-unshielded-wallet').UnshieldedTransactionHistoryEntry} entry */
  async upsert(entry) {
    await super.upsert(entry);
    this.written.emit('entry');
  }
}

/** What a program does with the official wallet. */
class OfficialWallet {
  #wallet;
  #keys;
  #history;

  /**
   * @param {import('@midnight-ntwrk/wallet-sdk-unshielded-wallet').UnshieldedWallet} wallet
   * @param {import('@midnight-ntwrk/wallet-sdk-unshielded-wallet').UnshieldedKeystore} keys
   * @param {History} history
   */
  constructor(wallet, keys, history) {
    this.#wallet = wallet;
    this.#keys = keys;
    this.#history = history;
  }

  get address() {
    return this.#keys.getBech32Address().asString();
  }

  /** The state once the wallet has caught up. */
  async synced() {
    return snapshot(await this.#wallet.waitForSyncedState());
  }

  /**
   * The first state that is as wished. The indexer tells its progress every 30 s, so that a wallet counts as synchronised only some time after it is.
   * @param {(state: ReturnType<typeof snapshot>) => boolean} wished
   */
  async until(wished) {
    const state = await firstValueFrom(this.#wallet.state.pipe(filter((one) => wished(snapshot(one)))));
    return snapshot(state);
  }

  /**
   * What it has written down of a transaction, once it has.
   * @param {string} hash
   */
  async history(hash) {
    for (;;) {
      const entry = await this.#history.get(hash);
      if (entry) return entry;
      await once(this.#history.written, 'entry');
    }
  }

  serialize() {
    return this.#wallet.serializeState();
  }

  /**
   * A transfer that the wallet built and signed, as bytes for the network.
   * @param {string} to bech32m
   * @param {bigint} amount STAR
   */
  async pay(to, amount) {
    const receiverAddress = UnshieldedAddress.codec.decode(NetworkId.NetworkId.Undeployed, MidnightBech32m.parse(to));
    const unsigned = await this.#wallet.transferTransaction([{ type: NIGHT, receiverAddress, amount }], new Date(Date.now() + 600_000));
    const signed = await this.#wallet.signUnprovenTransaction(unsigned, (data) => this.#keys.signData(data));
    const bound = (await signed.prove(NO_PROOFS, ledger.CostModel.initialCostModel())).bind();
    return { raw: bound.serialize(), hash: bound.transactionHash(), identifiers: bound.identifiers() };
  }

  stop() {
    return this.#wallet.stop();
  }
}

/** @param {State} state */
function snapshot(state) {
  return {
    balance: state.balances[NIGHT] ?? 0n,
    coins: state.availableCoins.map(({ utxo }) => ({ value: String(utxo.value), intentHash: utxo.intentHash, outputIndex: utxo.outputNo, tokenType: utxo.type })),
    pending: state.pendingCoins.length,
  };
}
