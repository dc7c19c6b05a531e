import { randomBytes } from 'node:crypto';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { createClient } from 'graphql-ws';
import { WebSocket } from 'ws';
import { formatUnshielded } from '../src/address.js';
import { NETWORK, ledger } from '../src/chain/ledger.js';
import { startDevnet } from '../src/devnet.js';
import { NO_PROOFS } from '../src/faucetTransactions.js';
import { writeExtrinsic } from '../src/node/extrinsic.js';

export const NIGHT = ledger.nativeToken().raw;
export { NO_PROOFS };

/** @typedef {{ signing: string, verifying: string, address: string, bech32: string }} Wallet */
/** @typedef {{ value: string, intentHash: string, outputIndex: number, tokenType: string }} Coin */

/** @returns {Wallet} */
export function newWallet() {
  const signing = ledger.sampleSigningKey();
  const verifying = ledger.signatureVerifyingKey(signing);
  const address = ledger.addressFromKey(verifying);
  return { signing, verifying, address, bech32: formatUnshielded(address) };
}

/** A folder that goes away with the test. */
export function tempFolder(/** @type {import('node:test').TestContext} */ t) {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'devnet-test-'));
  t.after(() => fs.rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/**
 * A devnet on free ports that stops with the test.
 * @param {import('node:test').TestContext} t
 * @param {Partial<import('../src/options.js').DevnetOptions>} [options]
 */
export async function devnetFor(t, options = {}) {
  const defaults = { data: undefined, indexerPort: 0, nodePort: 0, blockTimeMs: 1000, blockMode: /** @type {const} */ ('instant'), fees: false, host: '127.0.0.1' };
  const devnet = await startDevnet({ ...defaults, ...options }, (error) => {
    throw error;
  });
  let stopped = false;
  const stop = async () => {
    if (!stopped) await devnet.stop();
    stopped = true;
  };
  t.after(stop);
  return { ...devnet, stop };
}

/**
 * @param {string} url
 * @param {unknown} body
 */
export async function post(url, body) {
  const response = await fetch(url, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) });
  return { status: response.status, body: /** @type {any} */ (await response.json()) };
}

/**
 * @param {string} indexer
 * @param {string} query
 * @param {Record<string, unknown>} [variables]
 */
export async function query(indexer, query, variables) {
  return (await post(`${indexer}/api/v4/graphql`, { query, variables })).body;
}

/**
 * @param {string} node
 * @param {string} method
 * @param {unknown[]} params
 */
export async function rpc(node, method, params = []) {
  return (await post(node, { jsonrpc: '2.0', id: 1, method, params })).body;
}

/**
 * @param {string} node
 * @param {Uint8Array} raw
 */
export const submit = (node, raw) => rpc(node, 'author_submitExtrinsic', [extrinsic(raw)]);

/** @param {Uint8Array} raw */
export const extrinsic = (raw) => `0x${writeExtrinsic(raw).toString('hex')}`;

/**
 * @param {string} indexer
 * @param {Wallet} wallet
 * @param {string | bigint} amount
 */
export async function fund(indexer, wallet, amount) {
  const { status, body } = await post(`${indexer}/faucet`, { address: wallet.bech32, amount: String(amount) });
  if (status !== 200) throw new Error(JSON.stringify(body));
  return body;
}

/**
 * Coins of a wallet as the indexer's subscription tells them, up to its progress.
 * @param {string} indexer
 * @param {Wallet} wallet
 */
export async function coinsOf(indexer, wallet) {
  const fields = 'value intentHash outputIndex tokenType';
  const text = `subscription($a: UnshieldedAddress!) { unshieldedTransactions(address: $a) {
    __typename ... on UnshieldedTransaction { createdUtxos { ${fields} } spentUtxos { ${fields} } } } }`;
  /** @type {Map<string, Coin>} */
  const coins = new Map();
  for await (const { unshieldedTransactions: event } of subscribe(indexer, text, { a: wallet.bech32 })) {
    if (event.__typename === 'UnshieldedTransactionsProgress') break;
    for (const coin of event.createdUtxos) coins.set(`${coin.intentHash}:${coin.outputIndex}`, coin);
    for (const coin of event.spentUtxos) coins.delete(`${coin.intentHash}:${coin.outputIndex}`);
  }
  return [...coins.values()];
}

/**
 * @param {string} indexer
 * @param {string} text
 * @param {Record<string, unknown>} [variables]
 * @returns {AsyncGenerator<any>}
 */
export async function* subscribe(indexer, text, variables) {
  const client = createClient({ url: `${indexer.replace('http', 'ws')}/api/v4/graphql/ws`, webSocketImpl: WebSocket, retryAttempts: 0 });
  try {
    for await (const { data, errors } of client.iterate({ query: text, variables })) {
      if (errors) throw new Error(errors.map(({ message }) => message).join('; '));
      yield data;
    }
  } finally {
    await client.dispose();
  }
}

/**
 * A really signed transfer of a coin: `amount` to `to`, the rest back.
 * @param {Wallet} from
 * @param {Coin} coin
 * @param {string} to user address, hex
 * @param {bigint} amount
 * @param {{ ttl?: Date, signer?: Wallet }} [options]
 */
export async function transfer(from, coin, to, amount, { ttl = new Date(Date.now() + 600_000), signer = from } = {}) {
  const value = BigInt(coin.value);
  const outputs = [{ owner: to, value: amount, type: NIGHT }];
  if (value > amount) outputs.push({ owner: from.address, value: value - amount, type: NIGHT });
  const intent = ledger.Intent.new(ttl);
  const input = { value, owner: from.verifying, type: NIGHT, intentHash: coin.intentHash, outputNo: coin.outputIndex };
  const offer = ledger.UnshieldedOffer.new([input], outputs, []);
  intent.guaranteedUnshieldedOffer = offer;
  intent.guaranteedUnshieldedOffer = offer.addSignatures([ledger.signData(signer.signing, intent.signatureData(1))]);
  const transaction = ledger.Transaction.fromParts(NETWORK, undefined, undefined, intent);
  const bound = (await transaction.prove(NO_PROOFS, ledger.CostModel.initialCostModel())).bind();
  return { raw: bound.serialize(), hash: bound.transactionHash(), identifiers: bound.identifiers() };
}

/**
 * Waits until a transaction is in a block.
 * @param {import('../src/chain/chain.js').Chain} chain
 * @param {string} hash
 */
export async function included(chain, hash) {
  for (;;) {
    const id = chain.index.idsByHash(hash).at(-1);
    if (id !== undefined) return chain.index.transaction(id).transaction;
    await new Promise((resolve) => chain.once('block', resolve));
  }
}

export const randomHex = (/** @type {number} */ bytes) => randomBytes(bytes).toString('hex');
