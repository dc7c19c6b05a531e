import { GraphQLError } from 'graphql';
import { formatUnshielded } from '../address.js';
import { toHex } from '../bytes.js';
import { PROTOCOL_VERSION, release } from '../chain/ledger.js';
import { utxoKey } from '../chain/records.js';
import { readBytes32 } from './inputs.js';

/** @typedef {import('../chain/chain.js').Chain} Chain */
/** @typedef {import('../chain/records.js').Utxo} Utxo */
/** @typedef {import('../chain/records.js').ContractActionRecord} ContractActionRecord */
/** @typedef {import('../chain/records.js').LedgerEvent} LedgerEvent */

/**
 * GraphQL objects of one request. Fields that need another record are functions, so that only what is asked for is read.
 */
export class Views {
  #chain;
  /** @type {Set<string>} what the ledger did not verify of the transactions that were shown */ notVerified = new Set();

  /** @param {Chain} chain */
  constructor(chain) {
    this.#chain = chain;
  }

  /** @param {number} height */
  block(height) {
    const stored = this.#chain.index.blockAt(height);
    if (!stored) return null;
    const { block } = stored;
    return {
      __typename: 'Block',
      hash: block.hash,
      height,
      protocolVersion: PROTOCOL_VERSION,
      timestamp: block.timestamp,
      author: null,
      zswapMerkleTreeRoot: block.zswapRoot,
      ledgerParameters: () => this.#chain.index.parametersAt(height),
      zswapEndIndex: block.zswapEnd,
      dustCommitmentEndIndex: block.dustCommitmentEnd,
      dustGenerationEndIndex: block.dustGenerationEnd,
      dustCommitmentMerkleTreeRoot: block.dustCommitmentRoot,
      dustGenerationMerkleTreeRoot: block.dustGenerationRoot,
      parent: () => this.block(height - 1),
      transactions: () => block.transactions.map(({ id }) => this.transaction(id)),
      // The devnet has no governance: these are what the official indexer gives for a chain without any.
      systemParameters: { dParameter: { numPermissionedCandidates: 0, numRegisteredCandidates: 0 }, termsAndConditions: null },
      contractZswapState: (/** @type {{ address: string }} */ { address }) => this.#contractZswapState(height, address),
    };
  }

  /**
   * @param {number} height
   * @param {string} address
   */
  #contractZswapState(height, address) {
    const contract = readBytes32(address, 'invalid address');
    if (!this.#chain.index.actionsOf(contract).some((action) => action.height <= height)) return null;
    if (height !== this.#chain.tip.height) {
      throw new GraphQLError('ledger state for this block is no longer available, query a more recent block');
    }
    const { zswap } = this.#chain.state;
    const filtered = zswap.filter(contract);
    const hex = toHex(filtered.serialize());
    release(zswap, filtered);
    return hex;
  }

  /** @param {number} id */
  transaction(id) {
    const { transaction: record, stored } = this.#chain.index.transaction(id);
    for (const part of record.notVerified) this.notVerified.add(part);
    return {
      __typename: 'RegularTransaction',
      id,
      hash: record.hash,
      protocolVersion: PROTOCOL_VERSION,
      raw: () => toHex(stored.bytes.subarray(record.offset, record.offset + record.length)),
      transactionResult: {
        status: record.status,
        segments: record.segments?.map(([segment, success]) => ({ id: segment, success })) ?? null,
      },
      identifiers: record.identifiers,
      zswapMerkleTreeRoot: record.zswapRoot,
      merkleTreeRoot: record.zswapRoot,
      zswapStartIndex: record.zswap[0],
      startIndex: record.zswap[0],
      zswapEndIndex: record.zswap[1],
      endIndex: record.zswap[1],
      dustCommitmentStartIndex: record.dustCommitment[0],
      dustCommitmentEndIndex: record.dustCommitment[1],
      dustGenerationStartIndex: record.dustGeneration[0],
      dustGenerationEndIndex: record.dustGeneration[1],
      fee: record.fee,
      fees: { paidFees: record.fee, estimatedFees: record.fee },
      block: () => this.block(stored.block.height),
      contractActions: () => record.actions.map((action) => this.#action(action, id)),
      unshieldedCreatedOutputs: () => record.created.map((utxo) => this.utxo(utxo)),
      unshieldedSpentOutputs: () => record.spent.map((utxo) => this.utxo(utxo)),
      zswapLedgerEvents: () => record.zswapEvents.map((event) => this.#event('zswap', event)),
      dustLedgerEvents: () => record.dustEvents.map((event) => this.#event('dust', event)),
    };
  }

  /**
   * Created and spent coins of an address in a transaction.
   * @param {number} id
   * @param {string} owner
   */
  unshieldedTransaction(id, owner) {
    const { transaction } = this.#chain.index.transaction(id);
    const own = (/** @type {Utxo[]} */ utxos) => utxos.filter((utxo) => utxo.owner === owner).map((utxo) => this.utxo(utxo));
    return {
      __typename: 'UnshieldedTransaction',
      transaction: () => this.transaction(id),
      createdUtxos: () => own(transaction.created),
      spentUtxos: () => own(transaction.spent),
    };
  }

  /** @param {Utxo} stored */
  utxo(stored) {
    const key = utxoKey(stored.intentHash, stored.outputIndex);
    const utxo = stored.ctime > 0 ? stored : this.#original(stored, key);
    return {
      owner: formatUnshielded(utxo.owner),
      tokenType: utxo.tokenType,
      value: utxo.value,
      intentHash: utxo.intentHash,
      outputIndex: utxo.outputIndex,
      ctime: utxo.ctime,
      initialNonce: utxo.initialNonce,
      registeredForDustGeneration: utxo.registered,
      createdAtTransaction: () => this.transaction(utxo.createdBy),
      spentAtTransaction: () => {
        const spender = this.#chain.index.spenderOf(key);
        return spender === undefined ? null : this.transaction(spender);
      },
    };
  }

  /**
   * A spent coin is stored short; its time and registration stand with the transaction that created it.
   * @param {Utxo} spent
   * @param {string} key
   */
  #original(spent, key) {
    const { transaction } = this.#chain.index.transaction(spent.createdBy);
    const found = transaction.created.find((utxo) => utxoKey(utxo.intentHash, utxo.outputIndex) === key);
    if (!found) throw new Error(`transaction ${spent.createdBy} did not create ${key}`);
    return found;
  }

  /**
   * @param {'zswap' | 'dust'} group
   * @param {LedgerEvent} event
   */
  #event(group, event) {
    return {
      __typename: event.type,
      id: event.id,
      raw: event.raw,
      maxId: this.#chain.index.lastEvent(group),
      protocolVersion: PROTOCOL_VERSION,
      output: { nonce: event.nonce },
    };
  }

  /**
   * @param {'zswap' | 'dust'} group
   * @param {{ id: number, transaction: number }} place
   */
  event(group, place) {
    const { transaction } = this.#chain.index.transaction(place.transaction);
    const events = group === 'zswap' ? transaction.zswapEvents : transaction.dustEvents;
    const event = events.find(({ id }) => id === place.id);
    if (!event) throw new Error(`no ${group} event has the id ${place.id}`);
    return this.#event(group, event);
  }

  /** @param {{ id: number, transaction: number }} place */
  action(place) {
    const { transaction } = this.#chain.index.transaction(place.transaction);
    const action = transaction.actions.find(({ id }) => id === place.id);
    if (!action) throw new Error(`no contract action has the id ${place.id}`);
    return this.#action(action, place.transaction);
  }

  /**
   * @param {ContractActionRecord} action
   * @param {number} transaction
   */
  #action(action, transaction) {
    return {
      __typename: action.type,
      address: action.address,
      state: action.state,
      zswapState: action.zswapState,
      entryPoint: action.entryPoint,
      transaction: () => this.transaction(transaction),
      unshieldedBalances: action.balances,
      deploy: () => this.#deployOf(action.address),
      // Ledger 8 has no contract events; the official indexer gives an empty list for it too.
      contractEvents: [],
    };
  }

  /**
   * The first action of a contract is its deployment.
   * @param {string} address
   * @returns {unknown}
   */
  #deployOf(address) {
    const first = this.#chain.index.actionsOf(address)[0];
    const deploy = first ? this.action(first) : undefined;
    if (deploy?.__typename !== 'ContractDeploy') throw new GraphQLError(`no contract deploy for contract call address ${address}`);
    return deploy;
  }
}
