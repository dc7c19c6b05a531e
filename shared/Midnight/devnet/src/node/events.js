import { little } from '../bytes.js';
import { EVENT, PALLET } from './metadata.js';
import { vector } from './scale.js';

/** The storage key of `System.Events`: the xxHash128 of both names. */
export const EVENTS_KEY = '0x26aa394eea5630e07c48ae0c9558cef780d41e5e16056765bc8461851072c9d7';

/**
 * The events of a block, as its metadata describes them: what became of each transaction, in order.
 * @param {import('../chain/records.js').BlockRecord} block
 */
export function eventsOf(block) {
  const records = block.transactions.flatMap(({ hash, status }, index) => {
    const phase = Buffer.concat([Buffer.of(0), little(BigInt(index), 4)]);
    return outcome(hash, status).map((event) => Buffer.concat([phase, event, vector([], Buffer.from)]));
  });
  return `0x${vector(records, (record) => record).toString('hex')}`;
}

/**
 * @param {string} hash
 * @param {import('../chain/records.js').TransactionRecord['status']} status
 */
function outcome(hash, status) {
  if (status === 'FAILURE') return [Buffer.of(PALLET.system, EVENT.extrinsicFailed, 0)];
  const applied = status === 'SUCCESS' ? EVENT.txApplied : EVENT.txPartialSuccess;
  return [Buffer.concat([Buffer.of(PALLET.midnight, applied), Buffer.from(hash, 'hex')]), Buffer.of(PALLET.system, EVENT.extrinsicSuccess)];
}
