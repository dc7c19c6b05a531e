import assert from 'node:assert/strict';
import test from 'node:test';
import { startProcess } from '../testing/childProcess.js';
import { coinsOf, devnetFor, newWallet, post, tempFolder } from '../testing/support.js';

test('faucet_SameRequestIdTogetherAndAfterwards_PaysOnce', async (t) => {
  const devnet = await devnetFor(t);
  const wallet = newWallet();
  const wish = { address: wallet.bech32, amount: '7', requestId: 'rent' };
  const together = await Promise.all([post(`${devnet.indexer}/faucet`, wish), post(`${devnet.indexer}/faucet`, wish)]);
  const afterwards = await post(`${devnet.indexer}/faucet`, wish);
  for (const { status, body } of together) assert.deepEqual({ status, body }, afterwards);
  assert.deepEqual((await coinsOf(devnet.indexer, wallet)).map(({ value }) => value), ['7']);
});

test('faucet_SameRequestIdAfterAKill_PaysOnce', async (t) => {
  const data = tempFolder(t);
  const wallet = newWallet();
  const wish = { address: wallet.bech32, amount: '7', requestId: 'rent' };
  const first = await startProcess(t, ['--data', data]);
  const paid = await post(`${first.ready.indexer}/faucet`, wish);
  first.child.kill('SIGKILL');
  await first.exited;
  const second = await startProcess(t, ['--data', data]);
  assert.deepEqual(await post(`${second.ready.indexer}/faucet`, wish), paid);
  assert.deepEqual((await coinsOf(second.ready.indexer, wallet)).map(({ value }) => value), ['7']);
});

test('faucet_RequestIdThatIsNone_IsRefused', async (t) => {
  const devnet = await devnetFor(t);
  const wish = { address: newWallet().bech32, amount: '7' };
  for (const requestId of ['', 'a b', 7, 'x'.repeat(256)]) {
    assert.equal((await post(`${devnet.indexer}/faucet`, { ...wish, requestId })).status, 400);
  }
});
