import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import test from 'node:test';
import { Chain } from '../src/chain/chain.js';
import { ChainClock } from '../src/chain/clock.js';
import { lockFolder } from '../src/folderLock.js';
import { startProcess } from '../testing/childProcess.js';
import { coinsOf, devnetFor, fund, newWallet, query, submit, tempFolder, transfer } from '../testing/support.js';

test('process_KilledWhileBlocksAreMade_KeepsEveryAnsweredTransaction', async (t) => {
  const data = tempFolder(t);
  const wallets = Array.from({ length: 8 }, newWallet);
  /** @type {Map<string, string>} */
  const answered = new Map();
  let tip = '';
  for (let round = 0; round < 3; round++) {
    const { child, ready, exited } = await startProcess(t, ['--data', data]);
    if (tip) assert.ok((await query(ready.indexer, `{ block(offset: { hash: "${tip}" }) { height } }`)).data.block, 'the chain goes on');
    for (const [hash, block] of answered) {
      const { data: found } = await query(ready.indexer, `{ transactions(offset: { hash: "${hash}" }) { block { hash } } }`);
      assert.deepEqual(found.transactions, [{ block: { hash: block } }]);
    }
    const calls = wallets.map((wallet) => keepFunding(ready.indexer, wallet, answered));
    // Killed as soon as a number of answers came, in the midst of the others.
    while (answered.size < (round + 1) * 10) await new Promise((resolve) => setImmediate(resolve));
    child.kill('SIGKILL');
    await exited;
    await Promise.all(calls);
    tip = [...answered.values()].at(-1) ?? '';
  }
  const { ready, child, exited } = await startProcess(t, ['--data', data]);
  const values = (await Promise.all(wallets.map((wallet) => coinsOf(ready.indexer, wallet)))).flat();
  assert.ok(values.length >= answered.size, 'no answered coin is missing');
  child.kill('SIGTERM');
  assert.deepEqual(await exited, [0, null]);
});

/**
 * Asks the faucet one by one until the process is gone.
 * @param {string} indexer
 * @param {import('../testing/support.js').Wallet} wallet
 * @param {Map<string, string>} answered
 */
async function keepFunding(indexer, wallet, answered) {
  for (;;) {
    const given = await fund(indexer, wallet, 1000n).catch(() => undefined);
    if (!given) return;
    answered.set(given.transactionHash, given.blockHash);
  }
}

test('process_KilledBeforeEachSnapshot_WritesOneWithWhatItReplayed', async (t) => {
  const data = tempFolder(t);
  const wallet = newWallet();
  for (const transactions of [120, 100]) {
    const { child, ready, exited } = await startProcess(t, ['--data', data]);
    for (let number = 0; number < transactions; number++) await fund(ready.indexer, wallet, 1n);
    child.kill('SIGKILL');
    await exited;
  }
  assert.ok(fs.readdirSync(data).some((name) => name.endsWith('.snapshot')), 'a start does not replay the whole chain for ever');
});

test('chain_TornLastRecord_IsDropped', async (t) => {
  const data = tempFolder(t);
  const chain = await Chain.open({ fees: false, data });
  await chain.produce();
  const { hash } = chain.tip;
  const whole = fs.statSync(path.join(data, 'blocks.log')).size;
  await chain.produce();
  chain.close();
  for (const cut of [1, 13, 40]) {
    fs.truncateSync(path.join(data, 'blocks.log'), whole + cut);
    const again = await Chain.open({ fees: false, data });
    assert.equal(again.tip.hash, hash);
    await again.produce();
    again.close();
  }
});

test('chain_DamagedInTheMiddle_RefusesToStart', async (t) => {
  const data = tempFolder(t);
  const chain = await Chain.open({ fees: false, data });
  for (let i = 0; i < 3; i++) await chain.produce();
  chain.close();
  const file = path.join(data, 'blocks.log');
  const bytes = fs.readFileSync(file);
  bytes.writeUInt8(bytes.readUInt8(200) ^ 1, 200);
  fs.writeFileSync(file, bytes);
  await assert.rejects(() => Chain.open({ fees: false, data }), /damaged/);
  assert.equal(fs.statSync(file).size, bytes.length, 'nothing is cut off');
});

test('chain_WithoutSnapshot_ReplaysToTheSameState', async (t) => {
  const data = tempFolder(t);
  const first = await devnetFor(t, { data });
  const wallet = newWallet();
  for (const amount of [10n, 20n, 30n]) await fund(first.indexer, wallet, amount);
  const [coin] = await coinsOf(first.indexer, wallet);
  const payment = await transfer(wallet, /** @type {import('../testing/support.js').Coin} */ (coin), newWallet().address, 4n);
  await submit(first.node, payment.raw);
  await fund(first.indexer, newWallet(), 1n);
  await first.stop();
  const state = Buffer.from(first.chain.state.serialize());
  for (const name of fs.readdirSync(data)) if (name.endsWith('.snapshot')) fs.rmSync(path.join(data, name));
  const chain = await Chain.open({ fees: false, data });
  const replayed = Buffer.from(chain.state.serialize());
  chain.close();
  assert.equal(chain.tip.hash, first.chain.tip.hash);
  assert.ok(replayed.equals(state));
});

test('chain_OtherFeeMode_IsRefused', async (t) => {
  const data = tempFolder(t);
  (await Chain.open({ fees: false, data })).close();
  await assert.rejects(() => Chain.open({ fees: true, data }), /--fees off/);
});

test('blockTime_ClockSetBack_NeverGoesBack', async (t) => {
  const data = tempFolder(t);
  let now = 2_000_000_000_000;
  const open = () => Chain.open({ fees: false, data, wall: () => now });
  let chain = await open();
  const times = [chain.tip.timestamp];
  for (const jump of [10, -3_600_000, 5]) {
    now += jump;
    times.push((await chain.produce()).timestamp);
  }
  chain.close();
  now -= 86_400_000;
  chain = await open();
  times.push((await chain.produce()).timestamp);
  now += 1000;
  times.push((await chain.produce()).timestamp);
  chain.close();
  for (let i = 1; i < times.length; i++) assert.ok(Number(times[i]) > Number(times[i - 1]), times.join(' '));
  assert.ok(Number(times.at(-1)) - Number(times.at(-2)) >= 1000, 'time goes on at the usual pace after a jump');
});

test('ChainClock_Advance_MovesAhead', () => {
  const clock = new ChainClock(0, () => 1000);
  clock.advance(500);
  assert.equal(clock.now(), 1500);
});

test('startDevnet_FolderOfARunningDevnet_IsRefusedUntilThatEnds', async (t) => {
  const data = tempFolder(t);
  const { child, exited } = await startProcess(t, ['--data', data]);
  await assert.rejects(devnetFor(t, { data }), /in use by another devnet/);
  child.kill('SIGKILL');
  await exited;
  const { stop } = await devnetFor(t, { data });
  await stop();
});

test('lockFolder_HeldByAnother_WaitsForAsLongAsItMay', async (t) => {
  const data = tempFolder(t);
  const unlock = await lockFolder(data, 0);
  const next = lockFolder(data, 20_000);
  await assert.rejects(lockFolder(data, 0), /in use by another devnet/);
  await unlock();
  await (await next)();
});

test('process_FolderOfAnotherHostsDevnet_StandsByAndTakesItsPlaceOnItsPorts', async (t) => {
  const data = tempFolder(t);
  const hosts = [];
  for (let host = 0; host < 3; host++) hosts.push(await startProcess(t, ['--data', data, '--exit-with-stdin']));
  const { indexer, node } = hosts[0]?.ready;
  for (const { ready } of hosts) assert.deepEqual([ready.indexer, ready.node], [indexer, node]);

  const wallet = newWallet();
  let given = 0;
  for (const { child, exited } of hosts) {
    await patiently(() => fund(indexer, wallet, 1000n));
    given++;
    assert.equal((await coinsOf(indexer, wallet)).length, given);
    child.kill('SIGKILL');
    await exited;
  }
  await assert.rejects(fund(indexer, wallet, 1000n), 'nobody is left');
});

/**
 * @template T
 * @param {() => Promise<T>} attempt fails while nobody has taken over yet
 * @returns {Promise<T>}
 */
async function patiently(attempt) {
  for (;;) {
    const result = await attempt().catch(() => undefined);
    if (result !== undefined) return result;
    await new Promise((resolve) => setImmediate(resolve));
  }
}

test('process_FolderOfAnotherHostsDevnetThatEnds_TakesItsPlace', async (t) => {
  const data = tempFolder(t);
  const first = await startProcess(t, ['--data', data, '--exit-with-stdin']);
  const second = await startProcess(t, ['--data', data, '--exit-with-stdin']);
  first.child.stdin.end();
  assert.deepEqual(await first.exited, [0, null]);
  await patiently(() => fund(second.ready.indexer, newWallet(), 5n));
  second.child.stdin.end();
  assert.deepEqual(await second.exited, [0, null]);
});

test('process_StandardInputClosesWhileItWaitsForTheFolder_Ends', async (t) => {
  const data = tempFolder(t);
  const unlock = await lockFolder(data, 0);
  const { exited } = await startProcess(t, ['--data', data, '--exit-with-stdin'], { withoutHost: true });
  assert.deepEqual(await exited, [0, null]);
  await unlock();
});

test('process_StandardInputCloses_EndsCleanly', async (t) => {
  const { child, ready, exited } = await startProcess(t, ['--exit-with-stdin']);
  assert.equal(ready.event, 'ready');
  child.stdin.end();
  assert.deepEqual(await exited, [0, null]);
});

test('process_LiveNetworkOrBadOption_IsRefusedWithItsName', async (t) => {
  for (const [option, value] of [['--network', 'mainnet'], ['--block-time', '0'], ['--fees', 'maybe'], ['--indexer-port', '99999']]) {
    const { exited, errors } = await startProcess(t, [String(option), String(value)]);
    assert.deepEqual(await exited, [2, null]);
    assert.ok(errors().includes(String(option)), errors());
  }
});
