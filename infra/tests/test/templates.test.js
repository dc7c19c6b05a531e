import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { test } from 'node:test';
import { checkIsolation } from '../src/isolation.js';
import { files, load } from '../src/load.js';
import { checkModules } from '../src/modules.js';
import { checkLimits } from '../src/names.js';
import { checkOrder } from '../src/order.js';
import { plans } from '../src/plans.js';
import { checkRoles } from '../src/roles.js';
import { checkDeployed, checkTexts } from '../src/secrets.js';
import { checkSettings } from '../src/settings.js';
import { read } from '../src/syntax.js';
import { checkNames, checkValues, extract } from '../src/types.js';

const templates = await load();
const all = plans(templates);
const root = new URL('../../../', import.meta.url);

for (const path of files()) {
  test(`${basename(path)} is read without an error`, async () => {
    await read(path, readFileSync(path, 'utf8'));
  });
}

test('every type, version and property is in the extract of the type index', () => {
  assert.deepEqual(checkNames(templates), []);
});

test('the extract has no type that is not used any more', () => {
  const used = new Set([...all.values()].flatMap(({ resources }) => resources.map((resource) => `${resource.type}@${resource.version}`)));
  assert.deepEqual(Object.keys(extract.resources).filter((type) => !used.has(type)), []);
});

test('modules and files of parameters pass what is declared', () => {
  assert.deepEqual(checkModules(templates), []);
});

test('what is only named waits for what it names, and what Azure takes one by one comes so', () => {
  assert.deepEqual(checkOrder(templates), []);
});

test('no template holds, asks for or gives out a secret', () => {
  assert.deepEqual(checkTexts(templates), []);
});

for (const [name, { resources, outputs }] of all) {
  test(`${name}: values are allowed and nothing that is required is missing`, () => {
    assert.deepEqual(checkValues(resources), []);
  });

  test(`${name}: nothing that is deployed holds a secret or lets in by a key`, () => {
    assert.deepEqual(checkDeployed(resources, outputs), []);
  });

  test(`${name}: every role is the least that is needed, on the least that is possible`, () => {
    assert.deepEqual(checkRoles(resources), []);
  });

  test(`${name}: names keep to Azure's limits`, () => {
    assert.deepEqual(checkLimits(resources), []);
  });

  test(`${name}: every setting is read by something`, () => {
    assert.deepEqual(checkSettings(resources), []);
  });
}

for (const name of ['enterprise.bicepparam', 'a private door', 'an HSM of its own']) {
  test(`${name}: whatever holds data is reached by its private endpoint only`, () => {
    assert.deepEqual(checkIsolation(all.get(name)?.resources ?? []), []);
  });
}

for (const name of ['a plan for each container', 'enterprise.bicepparam']) {
  test(`${name}: the prover shares neither machines nor a subnet with the flows`, () => {
    const [flows, prover] = ['flows', 'prover'].map((app) => all.get(name)?.resources.find(({ type, name: own }) => type === 'Microsoft.Web/sites' && own.startsWith(`func-${app}-`))?.body.properties);
    const [one, other] = /** @type {any[]} */ ([flows, prover]);
    assert.notEqual(String(one.serverFarmId), String(other.serverFarmId));
    assert.ok(one.virtualNetworkSubnetId === null || one.virtualNetworkSubnetId !== other.virtualNetworkSubnetId);
  });
}

for (const name of ['saas.bicepparam', 'a door of its own']) {
  test(`${name}: the API takes requests from its own Front Door alone`, () => {
    const site = all.get(name)?.resources.find(({ type, name: own }) => type === 'Microsoft.Web/sites' && own.startsWith('func-api-'));
    const { ipSecurityRestrictionsDefaultAction, ipSecurityRestrictions } = /** @type {any} */ (site?.body.properties).siteConfig;
    assert.equal(ipSecurityRestrictionsDefaultAction, 'Deny');
    assert.match(String(ipSecurityRestrictions[0].headers['x-azure-fdid']), /profiles\/afd-\w+\.properties\.frontDoorId/);
  });
}

test('the keys of wallets and payloads are RSA in an HSM, for wrapping alone, and that of tokens for signing alone', () => {
  const keys = all.get('saas.bicepparam')?.resources.filter(({ type }) => type === 'Microsoft.KeyVault/vaults/keys').map(({ body }) => body) ?? [];
  const facts = keys.map(({ name, properties }) => [name, /** @type {any} */ (properties).kty, /** @type {any} */ (properties).keyOps]);
  assert.deepEqual(facts, [
    ['wallets', 'RSA-HSM', ['wrapKey', 'unwrapKey']],
    ['payloads', 'RSA-HSM', ['wrapKey', 'unwrapKey']],
    ['tokens', 'EC-HSM', ['sign', 'verify']],
  ]);
});

test('every directory that may sign in is a setting of its own, as the configuration reads a list', () => {
  const settings = all.get('everything that may be set')?.resources.find(({ type, name }) => type === 'Microsoft.Web/sites/config' && name.startsWith('func-api-'))?.body.properties;
  const found = Object.entries(/** @type {Record<string, unknown>} */ (settings)).filter(([name]) => name.startsWith('AzureAd__'));
  assert.deepEqual(Object.fromEntries(found), {
    AzureAd__Instance: 'https://login.microsoftonline.com/',
    AzureAd__ClientId: '00000000-0000-0000-0000-000000000000',
    AzureAd__TenantId: 'organizations',
    AzureAd__AllowedTenants__0: '00000000-0000-0000-0000-000000000001',
    AzureAd__AllowedTenants__1: '00000000-0000-0000-0000-000000000002',
  });
});

test('the scripts of azure.yaml are there and read outputs that are there', () => {
  const yaml = readFileSync(new URL('azure.yaml', root), 'utf8');
  const scripts = [...yaml.matchAll(/infra\/scripts\/[\w.-]+/g)].map(([path]) => path);
  assert.ok(scripts.length >= 2);
  const outputs = [...(all.get('main.bicepparam')?.outputs ? Object.keys(all.get('main.bicepparam')?.outputs ?? {}) : [])];
  for (const script of scripts) {
    assert.ok(existsSync(new URL(script, root)), script);
    const names = [...readFileSync(new URL(script, root), 'utf8').matchAll(/\$(?:env:)?(AZURE_(?:CONTAINER|RESOURCE)\w+|\w+_APP)\b/g)].map(([, name]) => name ?? '');
    assert.deepEqual([...new Set(names)].filter((name) => !outputs.includes(name)), [], script);
  }
});

test('the workflows use no stored secret', () => {
  for (const name of ['build', 'deploy']) {
    assert.doesNotMatch(readFileSync(new URL(`.github/workflows/${name}.yml`, root), 'utf8'), /\$\{\{\s*secrets\./);
  }
});

test('the deployment from GitHub is given every variable that azd would read', () => {
  const text = (/** @type {string} */ path) => readFileSync(new URL(path, root), 'utf8');
  const read = [...text('infra/bicep/main.bicepparam').matchAll(/readEnvironmentVariable\('(\w+)'/g)].map(([, name]) => name ?? '');
  const given = [...text('.github/workflows/deploy.yml').matchAll(/^ {2}(\w+): \$\{\{ vars\.\1\b/gm)].map(([, name]) => name);
  // The images are those that run now, or the ones just built.
  assert.ok(read.length > 8);
  assert.deepEqual(read.filter((name) => !given.includes(name) && !['FLOWS_IMAGE', 'PROVER_IMAGE'].includes(name)), []);
});

test('the workbook is JSON', () => {
  assert.equal(JSON.parse(readFileSync(new URL('infra/bicep/modules/workbook.json', root), 'utf8')).version, 'Notebook/1.0');
});
