import { ledger } from './ledger.js';
import { utxoKey } from './records.js';

/** @typedef {import('./ledger.js').FinalizedTransaction} FinalizedTransaction */
/** @typedef {import('./records.js').Utxo} Utxo */
/** @typedef {Omit<Utxo, 'ctime' | 'registered' | 'createdBy'>} Coin */
/** @typedef {{ spent: Coin[], created: Coin[] }} Moves */
/** @typedef {{ type: 'ContractDeploy' | 'ContractCall' | 'ContractUpdate', address: string, entryPoint?: string }} Action */

/**
 * What a transaction says of itself, before it is applied.
 * @typedef {object} Facts
 * @property {string} hash
 * @property {string[]} identifiers
 * @property {number} ttl earliest end of its intents, seconds; infinite for a claim
 * @property {Moves} guaranteed
 * @property {Map<number, Moves>} fallible by segment
 * @property {Action[]} actions
 * @property {boolean} timeBound whether its validity depends on time or on contracts, so that it is checked again in later blocks
 * @property {string[]} notVerified
 */

/**
 * @param {FinalizedTransaction} transaction
 * @returns {Facts}
 */
export function readFacts(transaction) {
  /** @type {Facts} */
  const facts = {
    hash: transaction.transactionHash(),
    identifiers: transaction.identifiers(),
    ttl: Number.POSITIVE_INFINITY,
    guaranteed: { spent: [], created: [] },
    fallible: new Map(),
    actions: [],
    timeBound: false,
    notVerified: [],
  };
  const { rewards } = transaction;
  if (rewards) facts.guaranteed.created.push(claimedCoin(rewards, facts.identifiers));
  const unproven = new Set();
  for (const [segment, intent] of [...(transaction.intents ?? [])].sort(([a], [b]) => a - b)) {
    facts.ttl = Math.min(facts.ttl, Math.floor(intent.ttl.getTime() / 1000));
    addMoves(facts.guaranteed, intent.guaranteedUnshieldedOffer, intent.intentHash(0));
    if (intent.fallibleUnshieldedOffer) {
      /** @type {Moves} */
      const moves = { spent: [], created: [] };
      addMoves(moves, intent.fallibleUnshieldedOffer, intent.intentHash(segment));
      facts.fallible.set(segment, moves);
    }
    for (const action of intent.actions) facts.actions.push(readAction(action));
    const { dustActions } = intent;
    if (dustActions?.spends.length) unproven.add('the proof of each DUST spend');
    if (facts.actions.some(({ type }) => type === 'ContractCall')) unproven.add('the proof of each contract call');
    facts.timeBound ||= dustActions !== undefined || facts.actions.length > 0;
  }
  facts.notVerified = [...unproven];
  return facts;
}

/**
 * A claim has no intent: the ledger hashes the instruction, and the claim's only identifier carries that hash after a tag byte.
 * @param {import('@midnight-ntwrk/ledger-v8').ClaimRewardsTransaction<import('@midnight-ntwrk/ledger-v8').SignatureEnabled>} claim
 * @param {string[]} identifiers
 * @returns {Coin}
 */
function claimedCoin(claim, identifiers) {
  const intentHash = (identifiers[0] ?? '').slice(2);
  const output = { value: claim.value, owner: ledger.addressFromKey(claim.owner), type: ledger.nativeToken().raw };
  return toCoin(output, intentHash, 0);
}

/**
 * @param {Moves} moves
 * @param {import('@midnight-ntwrk/ledger-v8').UnshieldedOffer<import('@midnight-ntwrk/ledger-v8').SignatureEnabled> | undefined} offer
 * @param {string} intentHash of the outputs
 */
function addMoves(moves, offer, intentHash) {
  if (!offer) return;
  for (const input of offer.inputs) {
    const coin = { value: input.value, type: input.type, owner: ledger.addressFromKey(input.owner) };
    moves.spent.push(toCoin(coin, input.intentHash, input.outputNo));
  }
  moves.created.push(...offer.outputs.map((output, index) => toCoin(output, intentHash, index)));
}

/**
 * @param {import('@midnight-ntwrk/ledger-v8').UtxoOutput} output
 * @param {string} intentHash
 * @param {number} outputIndex
 * @returns {Coin}
 */
function toCoin({ value, owner, type }, intentHash, outputIndex) {
  const initialNonce = ledger.dustInitialNonce(BigInt(outputIndex), intentHash);
  return { owner, tokenType: type, value: String(value), intentHash, outputIndex, initialNonce };
}

/**
 * @param {import('@midnight-ntwrk/ledger-v8').ContractAction<import('@midnight-ntwrk/ledger-v8').Proof>} action
 * @returns {Action}
 */
function readAction(action) {
  if (action instanceof ledger.ContractDeploy) return { type: 'ContractDeploy', address: action.address };
  if (action instanceof ledger.MaintenanceUpdate) return { type: 'ContractUpdate', address: action.address };
  const { entryPoint } = action;
  const text = typeof entryPoint === 'string' ? entryPoint : Buffer.from(entryPoint).toString('utf8');
  return { type: 'ContractCall', address: action.address, entryPoint: text };
}

/**
 * The ledger's own form of a coin, to look it up.
 * @param {Coin} coin
 * @returns {import('@midnight-ntwrk/ledger-v8').Utxo}
 */
export function toLedgerUtxo(coin) {
  return { value: BigInt(coin.value), owner: coin.owner, type: coin.tokenType, intentHash: coin.intentHash, outputNo: coin.outputIndex };
}

/** @param {Coin} coin */
export const keyOf = (coin) => utxoKey(coin.intentHash, coin.outputIndex);
