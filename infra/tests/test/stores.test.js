// The stores that are deployed are those that the code names: a table, queue or container that only one side knows is found here, not by an app that fails.

import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { load } from '../src/load.js';
import { plans } from '../src/plans.js';
import { allowed } from '../src/roles.js';

const shared = fileURLToPath(new URL('../../../shared', import.meta.url));
const resources = plans(await load()).get('saas.bicepparam')?.resources ?? [];

/** @param {string} type @returns {string[]} The names of what is deployed of a type. */
const deployed = (type) => resources.filter((resource) => resource.type === type).map(({ name }) => name.split('/').at(-1) ?? '').sort();

/** @param {string} folder @param {RegExp} pattern Its first group is a name. @returns {string[]} */
function named(folder, pattern) {
  const files = readdirSync(join(shared, folder), { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.cs') && !/(^|[\\/])(obj|bin)[\\/]/.test(name));
  return names(files.map((name) => readFileSync(join(shared, folder, name), 'utf8')).join('\n'), pattern);
}

/** @param {string} text @param {RegExp} pattern */
const names = (text, pattern) => [...new Set([...text.matchAll(pattern)].map(([, name]) => name ?? ''))].sort();

const services = readFileSync(join(shared, 'Azure/Tables/TablesServices.cs'), 'utf8');

/** The parts of the directory, each with the one app that is composed without it. */
const parts = [...services.matchAll(/app is PlatformApp\.(\w+) \? null : Directory\(provider, "(\w+)"\)/g)].map(([, app, table]) => ({ table: table ?? '', without: (app ?? '').toLowerCase() }));

const [, proverLeases = '', leases = ''] = /app is PlatformApp\.Prover \? "(\w+)" : "(\w+)"/.exec(services) ?? [];

test('tables', () => {
  const code = [...named('Azure/Tables', /new\(service, ?"(\w+)"/g), ...parts.map(({ table }) => table), proverLeases, leases].sort();
  assert.deepEqual(code, deployed('Microsoft.Storage/storageAccounts/tableServices/tables'));
});

for (const app of ['api', 'flows', 'prover']) {
  test(`the directory and the leases of ${app} are those that it has a right on`, () => {
    const composed = [...parts.filter(({ without }) => without !== app).map(({ table }) => table), app === 'prover' ? proverLeases : leases];
    const rights = allowed.filter(({ app: own, on }) => own === app && /^tables\/(?!counters|idempotency)/.test(on)).map(({ on }) => on.replace('tables/', ''));
    assert.deepEqual(composed.sort(), rights.sort());
  });
}

test('queues', () => {
  assert.deepEqual(named('Azure/Messaging', /const string Queue = "([\w-]+)"/g), deployed('Microsoft.ServiceBus/namespaces/queues'));
});

test('containers of documents', () => {
  const options = readFileSync(join(shared, 'Azure/Documents/CosmosOptions.cs'), 'utf8');
  const section = names(options, /const string Section = "(\w+)"/g);
  assert.deepEqual(names(options, /public const string \w+ = "(\w+)"/g).filter((name) => !section.includes(name)), deployed('Microsoft.DocumentDB/databaseAccounts/sqlDatabases/containers'));
});

test('containers of blobs, but for those of hosts and of the embedded edition\'s keys', () => {
  const code = [...named('Core', /const string Container = "([\w-]+)"/g), ...named('Custody/Wallets', /(?:const string Container = |BlobName Blob\(.*, )"([\w-]+)"/g)].sort();
  assert.deepEqual(code, deployed('Microsoft.Storage/storageAccounts/blobServices/containers').filter((name) => name !== 'packages'));
});
