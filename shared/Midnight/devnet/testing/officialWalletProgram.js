// Opens a wallet by its 24 words in the official wallet, on a devnet: for tests of programs that share the wallet with it. Standard input has one JSON object
// `{ indexer, node, mnemonic, balance, pay?: { to, amount } }`: it waits until the wallet holds the balance, pays, and waits until the payment is in a block. The answer is a
// JSON object on standard output: `{ address, before, payment?: { hash }, after? }` with the wallet's balance and coins, amounts in STAR as text.
import { pbkdf2Sync } from 'node:crypto';
import { text } from 'node:stream/consumers';
import { HDWallet, Roles } from '@midnight-ntwrk/wallet-sdk-hd';
import { openOfficialWallet } from './officialWallet.js';
import { submit } from './support.js';

/** @type {{ indexer: string, node: string, mnemonic: string, balance: string, pay?: { to: string, amount: string } }} */
const { indexer, node, mnemonic, balance, pay } = JSON.parse(await text(process.stdin));
const wallet = await openOfficialWallet(indexer, secretOf(mnemonic));
const before = await wallet.until((state) => state.balance === BigInt(balance));
/** @type {Record<string, unknown>} */
const answer = { address: wallet.address, before };
if (pay) {
  const payment = await wallet.pay(pay.to, BigInt(pay.amount));
  const { error } = await submit(node, payment.raw);
  if (error) throw new Error(JSON.stringify(error));
  answer.payment = { hash: payment.hash };
  answer.after = await wallet.until((state) => state.pending === 0 && state.balance === before.balance - BigInt(pay.amount));
}
await wallet.stop();
process.stdout.write(JSON.stringify(answer, (_key, value) => (typeof value === 'bigint' ? String(value) : value)));

/**
 * The signing key of a wallet's NIGHT: BIP-39 without a passphrase, then the official derivation.
 * @param {string} words
 */
function secretOf(words) {
  const opened = HDWallet.fromSeed(pbkdf2Sync(words, 'mnemonic', 2048, 64, 'sha512'));
  if (opened.type !== 'seedOk') throw new Error('the seed is not one');
  const derived = opened.hdWallet.selectAccount(0).selectRole(Roles.NightExternal).deriveKeyAt(0);
  if (derived.type !== 'keyDerived') throw new Error('the key cannot be derived');
  return derived.key;
}
