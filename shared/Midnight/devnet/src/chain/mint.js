import { compact } from '../bytes.js';
import { ledger, release } from './ledger.js';

const HEADER = Buffer.from('midnight:system-transaction[v6]:');
const DISTRIBUTE_NIGHT = 1;
const DISTRIBUTE_RESERVE = 5;
const REWARD = 0;

/**
 * Moves NIGHT from the reserve to what an address may claim, by the two system transactions that the ledger's
 * `testingDistributeNight` applies. That call draws a random nonce into the state, so that a replay of the block would not
 * give the same state; here the nonce is part of the block.
 * @param {import('./ledger.js').LedgerState} state
 * @param {import('./records.js').Mint} mint
 * @param {Date} time of the block
 */
export function applyMint(state, { address, amount, nonce }, time) {
  const value = compact(BigInt(amount));
  const reserve = Buffer.from([DISTRIBUTE_RESERVE]);
  const instruction = [Buffer.from([DISTRIBUTE_NIGHT, REWARD]), compact(1n), value, Buffer.from(address, 'hex'), Buffer.from(nonce, 'hex')];
  const released = apply(state, [reserve, value], time);
  const distributed = apply(released, instruction, time);
  release(released);
  return distributed;
}

/**
 * @param {import('./ledger.js').LedgerState} state
 * @param {Uint8Array[]} parts of the system transaction
 * @param {Date} time
 */
function apply(state, parts, time) {
  const transaction = ledger.SystemTransaction.deserialize(Buffer.concat([HEADER, ...parts]));
  const [next] = state.applySystemTx(transaction, time);
  release(transaction);
  return next;
}
