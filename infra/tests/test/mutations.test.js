// Every check is shown a template that is wrong, and has to say so: a check that finds nothing proves nothing.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { checkIsolation } from '../src/isolation.js';
import { folder, load } from '../src/load.js';
import { checkModules } from '../src/modules.js';
import { checkLimits } from '../src/names.js';
import { checkOrder } from '../src/order.js';
import { plans } from '../src/plans.js';
import { allowed, checkRoles, customRoles } from '../src/roles.js';
import { checkDeployed, checkTexts } from '../src/secrets.js';
import { checkSettings } from '../src/settings.js';
import { read } from '../src/syntax.js';
import { checkNames, checkValues } from '../src/types.js';

/** @typedef {import('../src/syntax.js').Template} Template */
/** @typedef {import('../src/evaluate.js').Plan} Plan */
/** @typedef {[name: string, file: string, from: string, to: string, says: RegExp]} Mutation */

/** @param {string} file @param {string} from @param {string} to */
async function changed(file, from, to) {
  const text = readFileSync(join(folder, file), 'utf8');
  assert.ok(text.includes(from), `${file} has no ${from}: the mutation is out of date`);
  return load({ [file]: text.replace(from, to) });
}

/** @param {string} what @param {Mutation[]} mutations @param {(templates: Map<string, Template>) => string[]} check */
function all(what, mutations, check) {
  for (const [name, file, from, to, says] of mutations) {
    test(`${what}: ${name}`, async () => {
      const problems = check(await changed(file, from, to));
      assert.ok(problems.some((problem) => says.test(problem)), `expected ${says}, found: ${problems.join('\n') || 'nothing'}`);
    });
  }
}

/** @param {(plan: Plan) => string[]} check @param {string} plan */
const inPlan = (check, plan = 'enterprise.bicepparam') => (/** @type {Map<string, Template>} */ templates) => check(/** @type {Plan} */ (plans(templates).get(plan)));

test('syntax: a brace is missing', async () => {
  await assert.rejects(read('x.bicep', "param a string\nresource x 'A.B/c@2024-01-01' = {\n  name: a\n"), /x\.bicep:/);
});

test('syntax: a call that the grammar would split is refused', async () => {
  await assert.rejects(read('x.bicep', 'var a = {\n  b: [resourceGroup().id]\n}\n'), /give it a name with var/);
});

test('syntax: an operator binds looser than a member', async () => {
  const template = await read('x.bicep', 'var a = b || c.d ? !e.f : g[h]\n');
  const { value } = /** @type {{ value: any }} */ (template.variables.get('a'));
  assert.equal(value.kind, 'choice');
  assert.deepEqual([value.condition.kind, value.condition.right.kind, value.yes.kind, value.yes.of.kind, value.no.kind], ['binary', 'member', 'unary', 'member', 'index']);
});

test('syntax: a choice stands in the other branch of the one before it', async () => {
  const template = await read('x.bicep', 'var a = b ? c : d ? e : f\nvar g = (b ? c : d) ? e : f\n');
  const [chained, grouped] = ['a', 'g'].map((name) => /** @type {{ value: any }} */ (template.variables.get(name)).value);
  assert.deepEqual([chained.condition.name, chained.no.kind, chained.no.condition.name, grouped.condition.kind], ['b', 'choice', 'd', 'choice']);
});

/** @type {Mutation[]} */
const names = [
  ['a property is misspelt', 'modules/hoststorage.bicep', 'allowSharedKeyAccess', 'allowSharedKeyAcess', /has no allowSharedKeyAcess/],
  ['a property of an object deep inside', 'modules/network.bicep', 'natGateway: {', 'natGateways: {', /has no natGateways/],
  ['a property of a branch that no plan takes', 'modules/frontdoorroute.bicep', 'privateLinkLocation', 'privateLinkPlace', /has no privateLinkPlace/],
  ['a property of a variable', 'modules/api.bicep', "tag: 'ServiceTag'", "label: 'ServiceTag'", /has no label/],
  ['a property of a nested resource', 'modules/api.bicep', 'properties: { allow: false }', 'properties: { allowed: false }', /has no allowed/],
  ['a version that is not there', 'modules/cosmos.bicep', 'databaseAccounts@2025-10-15', 'databaseAccounts@2025-10-16', /2025-10-16 is not in the extract/],
  ['a type that is not there', 'modules/scheduler.bicep', 'schedulers/taskHubs@', 'schedulers/hubs@', /schedulers\/hubs@\S+ is not in the extract/],
];
all('names', names, checkNames);

/** @type {Mutation[]} */
const values = [
  ['a value that Azure does not have', 'modules/vault.bicep', "kty: 'RSA-HSM'", "kty: 'RSA-HMS'", /kty must be one of/],
  ['a text for a number', 'modules/vault.bicep', 'keySize: 3072', "keySize: '3072'", /keySize must be of the type int/],
  ['a required property is missing', 'modules/cosmos.bicep', "    databaseAccountOfferType: 'Standard'\n", '', /needs databaseAccountOfferType/],
  ['a required property of a kind is missing', 'modules/alerts.bicep', "            criterionType: 'StaticThresholdCriterion'\n", '', /needs criterionType/],
];
all('values', values, inPlan(({ resources }) => checkValues(resources)));

/** @type {Mutation[]} */
const modules = [
  ['a parameter is not passed', 'platform.bicep', '    pullers: [principals.flows, principals.prover]\n', '', /does not pass pullers/],
  ['a parameter that is not declared', 'platform.bicep', '    maximum: size.flowsMaximum\n', '    most: size.flowsMaximum\n', /passes most/],
  ['a file of parameters with one that is not declared', 'saas.bicepparam', "param secondRegion", 'param otherRegion', /passes otherRegion/],
  ['a file of parameters without a required one', 'dev.bicepparam', 'param size = dev\n', '', /does not pass size/],
  ['a module that is not there', 'platform.bicep', "'modules/registry.bicep'", "'modules/registrys.bicep'", /which is not there/],
  ['an import that is not there', 'modules/registry.bicep', 'import { roles }', 'import { rolles }', /imports rolles/],
  ['a parameter that nothing reads', 'modules/workbook.bicep', 'param insightsId string', 'param insightsId string\nparam extra string', /does not use extra/],
];
all('modules', modules, checkModules);

/** @type {Mutation[]} */
const order = [
  ['a role on a container that is not there yet', 'modules/cosmos.bicep', '    dependsOn: [container]\n', '', /assignments does not wait for container/],
  ['a role on a table that is not there yet', 'modules/datastorage.bicep', '      role: roles.storageTableDataReader\n    }\n    dependsOn: [table]\n', '      role: roles.storageTableDataReader\n    }\n', /tableReaders does not wait for table/],
  ['roles of an account at once', 'modules/cosmos.bicep', '@batchSize(1)\n', '', /assignments is made at the same time/],
  ['definitions of roles at once', 'modules/cosmos.bicep', '  dependsOn: [writer]\n', '', /reader is made at the same time/],
];
all('order', order, checkOrder);

/** @type {Mutation[]} */
const texts = [
  ['a key is asked for', 'modules/hoststorage.bicep', 'output id string = account.id', 'output id string = account.listKeys().keys[0].value', /hoststorage\.bicep:\d+ holds or asks/],
  ['a connection string with a key', 'platform.bicep', "TASKHUB_NAME: ", "Other: 'AccountName=a;AccountKey=abc'\n        TASKHUB_NAME: ", /holds or asks/],
  ['a default that is a key', 'main.bicep', "param indexer string = ''", "param indexer string = 'k3YxW0rN8tq5Jp1Zs7Vd2Lh9Bm4Cf6Gu0AeXoRiTyQw'", /holds or asks/],
  ['a parameter with a password', 'main.bicep', 'param modelName string', "param modelPassword string = 'x'\nparam modelName string", /modelPassword promises a secret/],
  ['a secure parameter', 'main.bicep', "@description('The region.')", "@description('The region.')\n@secure()", /location is a secret/],
];
all('secrets', texts, checkTexts);

/** @type {Mutation[]} */
const deployed = [
  ['shared keys are on', 'modules/datastorage.bicep', 'allowSharedKeyAccess: false', 'allowSharedKeyAccess: true', /must set allowSharedKeyAccess to false/],
  ['keys of Cosmos DB are on', 'modules/cosmos.bicep', '    disableLocalAuth: true\n', '', /must set disableLocalAuth/],
  ['SAS of Service Bus is on', 'modules/servicebus.bicep', 'disableLocalAuth: true', 'disableLocalAuth: false', /must set disableLocalAuth/],
  ['the registry has an admin', 'modules/registry.bicep', 'adminUserEnabled: false', 'adminUserEnabled: true', /must set adminUserEnabled/],
  ['the vault can be purged', 'modules/vault.bicep', '    enablePurgeProtection: true\n', '', /must set enablePurgeProtection/],
  ['a setting with a key', 'platform.bicep', 'Cosmos__Database: cosmos.outputs.database', "Cosmos__Database: cosmos.outputs.database\n    Model__ApiKey: 'x'", /Model__ApiKey, which promises a secret/],
];
all('deployed', deployed, inPlan(({ resources, outputs }) => checkDeployed(resources, outputs)));

test('deployed: an output with a key of telemetry', async () => {
  const file = 'modules/monitoring.bicep';
  const text = `${readFileSync(join(folder, file), 'utf8')}\noutput code string = insights.properties.InstrumentationKey\n`;
  const platform = readFileSync(join(folder, 'platform.bicep'), 'utf8').replace('output registryName string = registry.outputs.name', 'output registryName string = monitoring.outputs.code');
  const { resources, outputs } = /** @type {Plan} */ (plans(await load({ [file]: text, 'platform.bicep': platform })).get('dev.bicepparam'));
  assert.match(checkDeployed(resources, outputs).join('\n'), /the output AZURE_CONTAINER_REGISTRY_NAME gives out/);
});

/** @type {Mutation[]} */
const roles = [
  ['the API may open wallets', 'modules/vault.bicep', 'principalId: principals.flows', 'principalId: principals.api', /not allowed: api: Key Vault Crypto Service Encryption User on keys\/wallets/],
  ['a role on the whole vault', 'modules/vault.bicep', 'scope: wallets', 'scope: vault', /not allowed: flows: .* on vaults\/kv-\*/],
  ['a role on the whole resource group', 'modules/registry.bicep', '    scope: registry\n', '', /not allowed: flows: AcrPull on the whole resource group/],
  ['a role that may do more', 'modules/roles.bicep', "'7f951dda-4ed3-4680-a7ca-43fe172d538d'", "'8311e382-0749-4cb8-b61a-304f252e45ec'", /an unknown role 8311e382/],
  ['the prover reads seeds', 'modules/datastorage.bicep', "{ name: 'wallets', writers: ['flows'] }", "{ name: 'wallets', writers: ['flows', 'prover'] }", /not allowed: prover: Storage Blob Data Contributor on containers\/wallets/],
  ['a role of our own may do more', 'modules/vault.bicep', "'Microsoft.KeyVault/vaults/keys/sign/action'", "'Microsoft.KeyVault/vaults/keys/*'", /the role token-signer: Microsoft\.KeyVault\/vaults\/keys\/\*/],
  ['the API opens what calls are built of', 'modules/vault.bicep', "vaults/keys/wrap/action'", "vaults/keys/unwrap/action'", /the role payload-sealer: \S+keys\/unwrap\/action/],
  ['documents of the whole account', 'modules/cosmos.bicep', "scope: '${account.id}/dbs/${database.name}/colls/${item.container}'", 'scope: account.id', /not allowed: api: documents-writer on databaseAccounts\/cosmos-\*/],
  ['the prover writes documents', 'modules/cosmos.bicep', "{ app: 'prover', container: 'proofs', role: 'writer' }", "{ app: 'prover', container: 'documents', role: 'writer' }", /not allowed: prover: documents-writer on colls\/documents/],
  ['the prover reads documents', 'modules/cosmos.bicep', "{ app: 'api', container: 'proofs', role: 'reader' }", "{ app: 'prover', container: 'documents', role: 'reader' }", /not allowed: prover: documents-reader on colls\/documents/],
  ['the prover writes documents of the whole database', 'modules/cosmos.bicep', "/colls/${item.container}'", "'", /not allowed: prover: documents-writer on dbs\/midnightos/],
  ['the API writes proof jobs', 'modules/cosmos.bicep', "role: 'reader' }", "role: 'writer' }", /not allowed: api: documents-writer on colls\/proofs/],
  ['who reads documents may write them', 'modules/cosmos.bicep', 'containers/items/read', 'containers/items/*', /the role documents-reader: \S+items\/\*/],
  ['who writes documents may make containers', 'modules/cosmos.bicep', "sqlDatabases/containers/items/*'", "sqlDatabases/containers/*'", /the role documents-writer: \S+containers\/\*/],
  ['the prover starts flows', 'modules/servicebus.bicep', 'for principal in [principals.flows, principals.prover]: {\n    name: guid(proofs.id, principal, roles.serviceBusDataSender)\n    scope: proofs', 'for principal in [principals.flows, principals.prover]: {\n    name: guid(proofs.id, principal, roles.serviceBusDataSender)\n    scope: flows', /not allowed: prover: Azure Service Bus Data Sender on queues\/flows/],
  ['the prover sends to every queue', 'modules/servicebus.bicep', '  scope: news\n', '  scope: namespace\n', /not allowed: prover: Azure Service Bus Data Sender on namespaces\/sbns-\*/],
  ['the prover takes what flows are told', 'modules/servicebus.bicep', 'name: guid(flows.id, principals.flows, roles.serviceBusDataReceiver)\n  scope: flows\n  properties: {\n    principalId: principals.flows', 'name: guid(flows.id, principals.flows, roles.serviceBusDataReceiver)\n  scope: flows\n  properties: {\n    principalId: principals.prover', /not allowed: prover: Azure Service Bus Data Receiver on queues\/flows/],
  ['the prover makes API keys', 'modules/datastorage.bicep', "{ name: 'keys', writers: ['api'], readers: ['prover'] }", "{ name: 'keys', writers: ['api', 'prover'], readers: [] }", /not allowed: prover: Storage Table Data Contributor on tables\/keys/],
  ['readers of tables write them', 'modules/datastorage.bicep', 'role: roles.storageTableDataReader', 'role: roles.storageTableDataContributor', /not allowed: prover: Storage Table Data Contributor on tables\/keys/],
  ['the prover claims e-mails and due work', 'modules/datastorage.bicep', "{ name: 'directory', writers: ['api', 'flows']", "{ name: 'directory', writers: ['api', 'flows', 'prover']", /not allowed: prover: Storage Table Data Contributor on tables\/directory/],
  ['the prover takes the leases of others', 'modules/datastorage.bicep', "{ name: 'leases', writers: ['api', 'flows'], readers: [] }", "{ name: 'leases', writers: ['api', 'flows'], readers: ['prover'] }", /not allowed: prover: Storage Table Data Reader on tables\/leases/],
  ['the prover reads what calls are built of', 'modules/datastorage.bicep', "{ name: 'contract-calls', writers: ['api', 'flows'] }", "{ name: 'contract-calls', writers: ['api', 'flows', 'prover'] }", /not allowed: prover: Storage Blob Data Contributor on containers\/contract-calls/],
  ['all tables at once', 'modules/tableaccess.bicep', 'scope: storage::tables::target', 'scope: storage', /not allowed: prover: Storage Table Data Reader on storageAccounts\/stdata\*/],
  ['a role that is needed is gone', 'modules/servicebus.bicep', 'for principal in [principals.flows, principals.prover]', 'for principal in [principals.flows]', /nobody gives: prover: Azure Service Bus Data Sender on queues\/proofs/],
];
all('roles', roles, inPlan(({ resources }) => checkRoles(resources)));

test('roles: an assignment that is not on the list is found for each of them', async () => {
  const { resources } = /** @type {Plan} */ (plans(await load()).get('saas.bicepparam'));
  for (const grant of allowed) {
    const problems = checkRoles(resources, allowed.filter((other) => other !== grant));
    assert.ok(problems.some((problem) => problem.endsWith(`is not allowed: ${grant.app}: ${grant.role} on ${grant.on}`)), `${grant.app} ${grant.on}`);
  }
});

// Said once more and otherwise than in the list, which somebody may add to together with a template.
test('roles: what the prover has leads to no money', () => {
  const own = ['components/appi-*', 'registries/cr*', 'storageAccounts/stprover*', 'containers/proofs', 'colls/proofs', 'tables/proofdirectory', 'tables/proofleases', 'queues/proofs'];
  const elsewhere = allowed.filter(({ app, on }) => app === 'prover' && !own.includes(on)).map(({ role, on }) => `${role} on ${on}`);
  assert.deepEqual(elsewhere, ['Storage Table Data Reader on tables/keys', 'Azure Service Bus Data Sender on queues/proofnews']);
  assert.deepEqual(allowed.filter(({ on, role }) => on === 'queues/flows' && role.endsWith('Sender')).map(({ app }) => app), ['api']);
  assert.ok(customRoles['documents-reader']?.every((action) => /\/(readMetadata|executeQuery|items\/read)$/.test(action)));
});

test('roles: the prover has none on the vault and nobody but the flows on the wallets', () => {
  assert.deepEqual(allowed.filter(({ app, on }) => app === 'prover' && on.startsWith('keys/')), []);
  assert.deepEqual(allowed.filter(({ on }) => on === 'keys/wallets' || on === 'containers/wallets').map(({ app }) => app), ['flows', 'flows']);
});

/** @type {Mutation[]} */
const limits = [
  ['a storage account with a hyphen', 'modules/hoststorage.bicep', "'st${app}${token}'", "'st-${app}${token}'", /name that Azure refuses: st-api/],
  ['a storage account that is too long', 'modules/datastorage.bicep', "'stdata${token}'", "'stdocuments0${token}'", /\(25 characters\)/],
  ['a vault that is too long', 'modules/vault.bicep', "name: 'kv-${token}'", "name: 'keyvault-of-${token}'", /\(25 characters\)/],
  ['a group of an environment that is too long', 'main.bicep', '@maxLength(20)', '@maxLength(90)', /name that Azure refuses: rg-midnightos-e+/],
  ['a namespace with a reserved ending', 'modules/servicebus.bicep', "'sbns-${token}'", "'sbns-${token}-sb'", /name that Azure refuses/],
  ['two of one name', 'modules/identities.bicep', "'id-flows-${token}'", "'id-api-${token}'", /has the name of api/],
  ['a type without a rule', 'modules/workbook.bicep', 'Microsoft.Insights/workbooks@', 'Microsoft.Insights/books@', /no rule/],
];
all('limits', limits, inPlan(({ resources }) => checkLimits(resources)));

/** @type {Mutation[]} */
const settings = [
  ['a list that is written as one', 'platform.bicep', "'AzureAd__AllowedTenants__${index}'", "'AzureAd__AllowedTenants${index}'", /AzureAd__AllowedTenants0, which nothing reads/],
  ['a setting that nothing reads', 'platform.bicep', 'Midnight__Network:', 'Midnight__Net:', /Midnight__Net, which nothing reads/],
  ['a setting that Flex Consumption refuses', 'modules/api.bicep', 'AZURE_CLIENT_ID: identity.clientId', "AZURE_CLIENT_ID: identity.clientId\n  FUNCTIONS_WORKER_RUNTIME: 'dotnet-isolated'", /may not have FUNCTIONS_WORKER_RUNTIME/],
  ['a part of the configuration that Flex Consumption refuses', 'modules/api.bicep', "scmMinTlsVersion: '1.2'", "scmMinTlsVersion: '1.2'\n      ftpsState: 'Disabled'", /may not have ftpsState on Flex Consumption/],
];
all('settings', settings, inPlan(({ resources }) => checkSettings(resources), 'everything that may be set'));

/** @type {Mutation[]} */
const isolation = [
  ['a store is open', 'modules/cosmos.bicep', "publicNetworkAccess: isolated ? 'Disabled' : 'Enabled'", "publicNetworkAccess: 'Enabled'", /cosmos-\w+ is open/],
  ['an endpoint is missing', 'platform.bicep', "  { name: 'vault', group: 'vault', zone: 'vault' }\n", '', /kv-\w+ has no private endpoint for vault/],
  ['ports of nodes are closed', 'modules/network.bicep', "          destinationPortRange: '*'\n        }\n      }\n      {\n        name: 'nothing-else'", "          destinationPortRanges: ['443', '5671']\n        }\n      }\n      {\n        name: 'nothing-else'", /nsg-endpoints-\w+ keeps the apps from nodes/],
  ['an endpoint of the wrong part', 'platform.bicep', "{ name: 'data-table', group: 'table', zone: 'table' }", "{ name: 'data-table', group: 'queue', zone: 'table' }", /stdata\w+ has no private endpoint for table/],
];
all('isolation', isolation, inPlan(({ resources }) => checkIsolation(resources)));

/** @type {Mutation[]} */
const evaluation = [
  ['sign-in with Entra for whoever has a directory', 'saas.bicepparam', "param network = 'mainnet'", "param network = 'mainnet'\nparam entraClientId = 'an-app'\nparam entraTenantId = 'organizations'", /entraAllowedTenants names the directories/],
  ['sign-in with Entra without a directory', 'saas.bicepparam', "param network = 'mainnet'", "param network = 'mainnet'\nparam entraClientId = 'an-app'\nparam entraAllowedTenants = ['a-directory']", /entraTenantId is the id of a directory/],
  ['an output of a module that is not deployed', 'platform.bicep', "subnetId: size.isolated ? net!.outputs.apiSubnetId : ''", 'subnetId: net!.outputs.apiSubnetId', /net is not deployed here/],
  ['a value that a parameter does not allow', 'sizes.bicep', "registrySku: 'Basic'\n", "registrySku: 'Cheap'\n", /registrySku: must be one of Basic, Standard, Premium, not Cheap/],
  ['a size without a value', 'sizes.bicep', '  logDailyCap: 1\n', '', /there is no logDailyCap|logDailyCap: is missing/],
  ['a network that is too small', 'enterprise.bicepparam', '10.60.0.0/22', '10.60.0.0/24', /has no subnet/],
  ['a name that is not declared', 'platform.bicep', 'workspaceId: monitoring.outputs.workspaceId', 'workspaceId: monitor.outputs.workspaceId', /monitor is not declared/],
  ['a property that is not there', 'platform.bicep', 'sku: size.premiumSku', 'sku: size.premiumSize', /there is no premiumSize/],
  ['a loop over what is known too late', 'platform.bicep', 'pullers: [principals.flows, principals.prover]', 'pullers: principals.flows', /loop over something/],
];
for (const [name, file, from, to, says] of evaluation) {
  test(`evaluation: ${name}`, async () => {
    const templates = await changed(file, from, to);
    assert.throws(() => plans(templates), says);
  });
}
