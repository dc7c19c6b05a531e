// The bound of the benchmark of sustained transfers: what the official ledger does for a transfer, from building it to applying it, in one process
// and one after the other. Usage: node bareLedger.js <wallets> <transfers>; prints {"transfersPerSecond": n}.
import { randomBytes } from 'node:crypto';
import { decodeTransaction, endBlock, genesisState, ledger, NETWORK, noCost } from '../src/chain/ledger.js';
import { freeTransfer } from '../src/faucetTransactions.js';
import { newWallet } from './support.js';

const PER_BLOCK = 10;
const FUNDS = 1_000_000_000n;
const SENT = 10_000n;

const [wallets, transfers] = process.argv.slice(2).map(Number);
let seconds = 1_780_000_000;
let state = genesisState(false);

/** @param {import('@midnight-ntwrk/ledger-v8').VerifiedTransaction} verified */
function apply(verified) {
  const context = new ledger.TransactionContext(state, {
    parentBlockHash: '00'.repeat(32),
    secondsSinceEpoch: BigInt(seconds),
    secondsSinceEpochErr: 30,
    lastBlockTime: BigInt(seconds),
  });
  const [after, result] = state.apply(verified, context);
  if (result.type !== 'success') throw new Error(`${result.type} ${result.error ?? ''}`);
  state = after;
}

/** @param {{ wellFormed: (state: any, strictness: any, at: Date) => any }} transaction */
const verify = (transaction) => transaction.wellFormed(state, new ledger.WellFormedStrictness(), new Date(seconds * 1000));

function nextBlock() {
  state = endBlock(state, new Date(seconds * 1000), noCost(), false);
  seconds += 1;
}

/** @param {import('./support.js').Wallet} wallet */
function fund(wallet) {
  state = state.testingDistributeNight(wallet.address, FUNDS, new Date(seconds * 1000));
  const claim = ledger.ClaimRewardsTransaction.new(NETWORK, FUNDS, wallet.verifying, randomBytes(32).toString('hex'), 'Reward');
  const signed = claim.addSignature(ledger.signData(wallet.signing, claim.dataToSign));
  apply(verify(ledger.Transaction.fromRewards(signed)));
  nextBlock();
}

const owners = Array.from({ length: wallets ?? 20 }, newWallet);
owners.forEach(fund);

const started = performance.now();
for (let i = 0; i < (transfers ?? 400); i += 1) {
  const from = owners[i % owners.length];
  const to = owners[(i + 1) % owners.length];
  if (!from || !to) throw new Error('no wallet');
  const coin = [...state.utxo.filter(from.address)].sort((a, b) => (a.value < b.value ? 1 : -1))[0];
  if (!coin) throw new Error('no coin');
  const key = { ...from, dust: 0n };
  const outputs = [{ owner: to.address, value: SENT }, { owner: from.address, value: coin.value - SENT }];
  const raw = await freeTransfer(key, [coin], outputs, seconds * 1000);
  apply(verify(decodeTransaction(raw)));
  if (i % PER_BLOCK === PER_BLOCK - 1) nextBlock();
}
const elapsed = (performance.now() - started) / 1000;
process.stdout.write(`${JSON.stringify({ transfersPerSecond: (transfers ?? 400) / elapsed })}\n`);
