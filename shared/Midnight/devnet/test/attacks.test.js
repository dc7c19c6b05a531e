import assert from 'node:assert/strict';
import test from 'node:test';
import { coinsOf, devnetFor, fund, newWallet, post } from '../testing/support.js';

const MOST = '24000000000000000';

test('ownRoutes_FromABrowserPage_AreRefused', async (t) => {
  const { indexer, producer, chain } = await devnetFor(t);
  const { bech32: address } = newWallet();
  const { height } = chain.tip;
  // What a page may send without asking first, what a rebound name sends, and what a sandboxed frame sends.
  for (const origin of ['https://evil.example', indexer, 'null']) {
    for (const path of ['/devnet/pause', '/devnet/block', '/devnet/resume', '/devnet/advance', '/faucet']) {
      const bare = await fetch(`${indexer}${path}`, { method: 'POST', headers: { origin } });
      const json = await fetch(`${indexer}${path}`, {
        method: 'POST',
        headers: { origin, 'content-type': 'application/json' },
        body: JSON.stringify({ address, amount: '1', seconds: 60 }),
      });
      assert.deepEqual([bare.status, json.status], [403, 403], `${path} from ${origin}`);
      const preflight = await fetch(`${indexer}${path}`, { method: 'OPTIONS', headers: { origin, 'access-control-request-method': 'POST' } });
      assert.equal(preflight.headers.get('access-control-allow-origin'), null);
    }
  }
  assert.equal(producer.paused, false);
  assert.ok(chain.tip.height <= height + 60, 'no page made blocks');
});

test('faucet_ImpossibleNumbers_AreRefusedAndItGoesOn', async (t) => {
  const { indexer } = await devnetFor(t);
  const wallet = newWallet();
  const { bech32: address } = wallet;
  for (const coins of [48, 1000, 2 ** 31, 5_000_000_000, Number.MAX_SAFE_INTEGER, 1e300, 0.5, -1, '2', [2], null]) {
    assert.equal((await post(`${indexer}/faucet`, { address, amount: MOST, coins })).status, 400, JSON.stringify(coins));
  }
  for (const amount of [2 ** 53, '1e3', ' 1', '1 ', '+1', '0x10', '01', '1.5', '9'.repeat(18), '9'.repeat(20), '9'.repeat(39), '9'.repeat(5000), '١', { toString: 1 }, ['1']]) {
    assert.equal((await post(`${indexer}/faucet`, { address, amount })).status, 400, JSON.stringify(amount));
  }
  await fund(indexer, wallet, 7n);
  assert.deepEqual((await coinsOf(indexer, wallet)).map(({ value }) => value), ['7']);
});

test('faucet_MoreThanItHasInOneBlock_RefusesSomeAndGoesOn', async (t) => {
  const { indexer } = await devnetFor(t);
  const wallet = newWallet();
  const { bech32: address } = wallet;
  const answers = await Promise.all(Array.from({ length: 5 }, () => post(`${indexer}/faucet`, { address, amount: '10000000000000000' })));
  const statuses = answers.map(({ status }) => status).sort();
  assert.deepEqual(statuses, [200, 200, 409, 409, 409]);
  await fund(indexer, wallet, 7n);
  assert.equal((await coinsOf(indexer, wallet)).length, 3);
});

test('ownRoutes_HostileBodies_AreRefused', async (t) => {
  const { indexer } = await devnetFor(t);
  const headers = { 'content-type': 'application/json' };
  for (const body of ['{', '"x"', 'null', '[]', '['.repeat(8000), '{"__proto__":{"seconds":5}}', '{"seconds":1e999}', '{"seconds":"60"}', '{"seconds":-0}', '\u0000']) {
    assert.equal((await fetch(`${indexer}/devnet/advance`, { method: 'POST', headers, body })).status, 400, body.slice(0, 40));
  }
  assert.equal((await fetch(`${indexer}/devnet/advance`, { method: 'POST', headers, body: ' '.repeat(16 * 1024 + 1) })).status, 413);
  for (const path of ['/devnet/__proto__', '/devnet/constructor', '/devnet/', '/Faucet', '//faucet', '/faucet/', '/faucet%2f']) {
    assert.equal((await fetch(`${indexer}${path}`, { method: 'POST' })).status, 404, path);
  }
});
