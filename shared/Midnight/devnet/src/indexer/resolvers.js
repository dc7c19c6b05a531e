import { GraphQLError } from 'graphql';
import { parseUnshielded } from '../address.js';
import { follow } from './follow.js';
import { readBytes32, resolveHeight, transactionsAt } from './inputs.js';

/** @typedef {import('../chain/chain.js').Chain} Chain */
/** @typedef {import('./inputs.js').BlockOffset} BlockOffset */
/** @typedef {import('./inputs.js').TransactionOffset} TransactionOffset */
/** @typedef {{ chain: Chain, views: import('./views.js').Views }} Context */

/** As the official indexer's default. */
const PROGRESS_INTERVAL_MS = 30_000;

export const queries = {
  /**
   * @param {{ offset?: BlockOffset | null }} args
   * @param {Context} context
   */
  block({ offset }, { chain, views }) {
    if (offset?.hash !== undefined) return views.block(chain.index.heightOf(readBytes32(offset.hash, 'invalid block hash')) ?? -1);
    return views.block(offset?.height ?? chain.tip.height);
  },

  /**
   * Of several with one hash the last comes first.
   * @param {{ offset: TransactionOffset }} args
   * @param {Context} context
   */
  transactions({ offset }, { chain, views }) {
    const ids = transactionsAt(chain.index, offset);
    return (offset.hash === undefined ? [...ids] : ids.toReversed()).map((id) => views.transaction(id));
  },

  /**
   * The last action of the contract, in all or in the block or transaction of the offset.
   * @param {{ address: string, offset?: { blockOffset?: BlockOffset, transactionOffset?: TransactionOffset } | null }} args
   * @param {Context} context
   */
  contractAction({ address, offset }, { chain, views }) {
    const actions = chain.index.actionsOf(readBytes32(address, 'invalid address'));
    const matches = actionFilter(chain, offset);
    const found = actions.findLast(matches);
    return found ? views.action(found) : null;
  },
};

/**
 * @param {Chain} chain
 * @param {{ blockOffset?: BlockOffset, transactionOffset?: TransactionOffset } | null | undefined} offset
 * @returns {(action: { transaction: number, height: number }) => boolean}
 */
function actionFilter(chain, offset) {
  if (offset?.blockOffset) {
    const { hash, height } = offset.blockOffset;
    const wanted = hash === undefined ? height : chain.index.heightOf(readBytes32(hash, 'invalid offset'));
    return (action) => action.height === wanted;
  }
  if (offset?.transactionOffset) {
    const ids = transactionsAt(chain.index, offset.transactionOffset);
    const wanted = offset.transactionOffset.hash === undefined ? ids : ids.slice(0, 1);
    return (action) => wanted.includes(action.transaction);
  }
  return () => true;
}

/** @type {Record<string, (args: any, context: Context) => AsyncIterable<unknown>>} */
export const subscriptions = {
  /** From the offset's block on, or from the last one, itself included. */
  blocks({ offset }, { chain, views }) {
    let height = resolveHeight(chain, offset);
    return follow(chain, () => (height <= chain.tip.height ? views.block(height++) : undefined));
  },

  /** From the given id on, itself included; events are counted from 1 over both groups. */
  zswapLedgerEvents: ({ id }, context) => followEvents('zswap', id, context),
  dustLedgerEvents: ({ id }, context) => followEvents('dust', id, context),

  contractActions({ address, offset }, { chain, views }) {
    const contract = readBytes32(address, 'invalid address');
    const from = resolveHeight(chain, offset);
    let next = chain.index.actionsOf(contract).filter((action) => action.height < from).length;
    return follow(chain, () => {
      const action = chain.index.actionsOf(contract)[next];
      if (!action) return undefined;
      next += 1;
      return views.action(action);
    });
  },

  /** Past transactions from the given id on (itself included), then the progress, then what comes; progress again every 30 s. */
  unshieldedTransactions({ address, transactionId }, { chain, views }) {
    const owner = parseUnshielded(address);
    if (owner === undefined) throw new GraphQLError('invalid address');
    let next = transactionId ?? 0;
    let progressAt = 0;
    const step = () => {
      const id = chain.index.nextOfOwner(owner, next);
      if (id !== undefined) {
        next = id + 1;
        return views.unshieldedTransaction(id, owner);
      }
      if (performance.now() < progressAt) return undefined;
      progressAt = performance.now() + PROGRESS_INTERVAL_MS;
      return { __typename: 'UnshieldedTransactionsProgress', highestTransactionId: chain.index.lastOfOwner(owner) };
    };
    return follow(chain, step, PROGRESS_INTERVAL_MS);
  },
};

/**
 * @param {'zswap' | 'dust'} group
 * @param {number | null | undefined} from
 * @param {Context} context
 */
function followEvents(group, from, { chain, views }) {
  let next = from ?? 1;
  return follow(chain, () => {
    const place = chain.index.nextEvent(group, next);
    if (!place) return undefined;
    next = place.id + 1;
    return views.event(group, place);
  });
}
