// Who may do what: every role assignment of a deployment has to stand here, with its reason, and whatever stands here has to be given.

import { basename } from 'node:path';
import { Instance, isObject, text } from './values.js';

/** @typedef {import('./value.js').Value} Value */
/** @typedef {{ app: string, role: string, on: string }} Grant */

/** Ids of Azure's built-in roles, the same in every subscription (learn.microsoft.com, "Azure built-in roles"). @type {Record<string, string>} */
export const builtIn = {
  '7f951dda-4ed3-4680-a7ca-43fe172d538d': 'AcrPull',
  '0ad04412-c4d5-4796-b79c-f76d14c8d402': 'Durable Task Data Contributor',
  'e147488a-f6f5-4113-8e2d-b22465e65bf6': 'Key Vault Crypto Service Encryption User',
  '3913510d-42f4-4e42-8a64-420c390055eb': 'Monitoring Metrics Publisher',
  '4f6d3b9b-027b-4f4c-9142-0e5a2a2247e0': 'Azure Service Bus Data Receiver',
  '69a216fc-b8fb-44d8-bc22-1f3c2cd27a39': 'Azure Service Bus Data Sender',
  'ba92f5b4-2d11-453d-a403-e96b0029c9fe': 'Storage Blob Data Contributor',
  'b7e6dc6d-f1e8-4753-8033-0f276bb0955b': 'Storage Blob Data Owner',
  '0a9a7e1f-b9d0-4cc4-a60d-0319b160aaa3': 'Storage Table Data Contributor',
  '76199698-9eea-4c19-bc75-cec21354c6b6': 'Storage Table Data Reader',
};

/** What the roles of our own may do. @type {Record<string, string[]>} */
export const customRoles = {
  'token-signer': ['Microsoft.KeyVault/vaults/keys/read', 'Microsoft.KeyVault/vaults/keys/sign/action'],
  'payload-sealer': ['Microsoft.KeyVault/vaults/keys/read', 'Microsoft.KeyVault/vaults/keys/wrap/action'],
  'documents-writer': [
    'Microsoft.DocumentDB/databaseAccounts/readMetadata',
    'Microsoft.DocumentDB/databaseAccounts/sqlDatabases/containers/executeQuery',
    'Microsoft.DocumentDB/databaseAccounts/sqlDatabases/containers/items/*',
  ],
  'documents-reader': [
    'Microsoft.DocumentDB/databaseAccounts/readMetadata',
    'Microsoft.DocumentDB/databaseAccounts/sqlDatabases/containers/executeQuery',
    'Microsoft.DocumentDB/databaseAccounts/sqlDatabases/containers/items/read',
  ],
};

const everyApp = ['api', 'flows', 'prover'];

/** @param {string[]} apps @param {string} role @param {string} on @returns {Grant[]} */
const grants = (apps, role, on) => apps.map((app) => ({ app, role, on }));

/** Everything that is given. `on` is a type's last part and a name, with `*` for the part that each deployment has of its own. */
export const allowed = [
  // Sending telemetry, since a connection string alone sends none.
  ...grants(everyApp, 'Monitoring Metrics Publisher', 'components/appi-*'),
  // The images; the API has none.
  ...grants(['flows', 'prover'], 'AcrPull', 'registries/cr*'),
  // The Functions host of each app asks for it, on an account that nobody else uses.
  ...everyApp.flatMap((app) => grants([app], 'Storage Blob Data Owner', `storageAccounts/st${app}*`)),
  // Sealed seeds, and which key version each is under: those who may open them.
  ...grants(['flows'], 'Storage Blob Data Contributor', 'containers/wallets'),
  ...grants(['flows'], 'Storage Blob Data Contributor', 'containers/key-versions'),
  // Sealed payloads: the API stores a contract call's, the flows read it; a proof's request and result pass between flows and prover.
  ...grants(['api', 'flows'], 'Storage Blob Data Contributor', 'containers/contract-calls'),
  ...grants(['flows', 'prover'], 'Storage Blob Data Contributor', 'containers/proofs'),
  // Claims of e-mails and tokens, what is due, and who works on what: never the prover's, whose own are below.
  ...['directory', 'leases'].flatMap((table) => grants(['api', 'flows'], 'Storage Table Data Contributor', `tables/${table}`)),
  // How many requests somebody made: who answers requests.
  ...grants(['api'], 'Storage Table Data Contributor', 'tables/counters'),
  // Whose an API key is: made and deleted by the API, looked up by the prover.
  ...grants(['api'], 'Storage Table Data Contributor', 'tables/keys'),
  ...grants(['prover'], 'Storage Table Data Reader', 'tables/keys'),
  // Which jobs are due, and whose end is still to be told.
  ...grants(['flows', 'prover'], 'Storage Table Data Contributor', 'tables/proofdirectory'),
  // How many proofs of a tenant run.
  ...grants(['prover'], 'Storage Table Data Contributor', 'tables/proofleases'),
  // Answers to requests with an idempotency key: who answers requests.
  ...grants(['api'], 'Storage Table Data Contributor', 'tables/idempotency'),
  // Documents: accounts, bots, chats, transactions. Who writes here moves money, so the prover does not even read.
  ...grants(['api', 'flows'], 'documents-writer', 'colls/documents'),
  // Proof jobs with their usage and their outbox. The API reads there on which days API keys were used.
  ...grants(['flows', 'prover'], 'documents-writer', 'colls/proofs'),
  ...grants(['api'], 'documents-reader', 'colls/proofs'),
  // Work for the prover: each side has its own direction, but that the prover sends on what has to wait.
  ...grants(['flows', 'prover'], 'Azure Service Bus Data Sender', 'queues/proofs'),
  ...grants(['prover'], 'Azure Service Bus Data Receiver', 'queues/proofs'),
  // What flows are told: whoever sends here starts transfers.
  ...grants(['api'], 'Azure Service Bus Data Sender', 'queues/flows'),
  ...grants(['flows'], 'Azure Service Bus Data Receiver', 'queues/flows'),
  // That a tenant's jobs have something to tell.
  ...grants(['prover'], 'Azure Service Bus Data Sender', 'queues/proofnews'),
  ...grants(['flows'], 'Azure Service Bus Data Receiver', 'queues/proofnews'),
  // Wrap and unwrap. On the wallets' key the flows alone; the prover has no right on the vault at all.
  ...grants(['flows'], 'Key Vault Crypto Service Encryption User', 'keys/wallets'),
  // What calls are built of: the API seals it and opens none.
  ...grants(['flows'], 'Key Vault Crypto Service Encryption User', 'keys/payloads'),
  ...grants(['api'], 'payload-sealer', 'keys/payloads'),
  ...grants(['api'], 'token-signer', 'keys/tokens'),
  // The worker's role cannot purge what has ended.
  ...grants(['flows'], 'Durable Task Data Contributor', 'taskHubs/flows'),
];

/**
 * @param {Instance[]} resources
 * @param {Grant[]} list
 * @returns {string[]} What is given and not allowed, what is allowed and not given, and roles of our own that may do something else.
 */
export function checkRoles(resources, list = allowed) {
  const definitions = resources.filter((resource) => /\/(roleDefinitions|sqlRoleDefinitions)$/.test(resource.type));
  const given = resources.filter((resource) => /\/(roleAssignments|sqlRoleAssignments)$/.test(resource.type)).map((resource) => ({ resource, grant: grantOf(resource, definitions) }));
  const line = (/** @type {Grant} */ grant) => `${grant.app}: ${grant.role} on ${grant.on}`;
  const expected = new Set(list.map(line));
  return [
    ...given.filter(({ grant }) => !expected.has(line(grant))).map(({ resource, grant }) => `${basename(resource.path)}:${resource.line} is not allowed: ${line(grant)}`),
    ...[...expected].filter((wanted) => !given.some(({ grant }) => line(grant) === wanted)).map((wanted) => `nobody gives: ${wanted}`),
    ...given.filter(({ grant }, index) => given.findIndex((other) => line(other.grant) === line(grant)) < index).map(({ grant }) => `given twice: ${line(grant)}`),
    ...definitions.flatMap((definition) => checkDefinition(definition)),
  ];
}

/** @param {Instance} resource @param {Instance[]} definitions @returns {Grant} */
function grantOf(resource, definitions) {
  const properties = isObject(resource.body.properties) ? resource.body.properties : {};
  const principal = text(properties.principalId ?? '');
  const app = /userAssignedIdentities\/id-(\w+)-\w+\.properties\.principalId›$/.exec(principal)?.[1] ?? `somebody (${principal})`;
  const id = text(properties.roleDefinitionId ?? '').split('/').at(-1) ?? '';
  const own = definitions.find((definition) => definition.name.endsWith(id));
  const role = builtIn[id] ?? (own ? roleNameOf(own) : `an unknown role ${id}`);
  return { app, role, on: scopeOf(resource, properties) };
}

/** @param {Instance} definition */
function roleNameOf(definition) {
  const properties = isObject(definition.body.properties) ? definition.body.properties : {};
  return text(properties.roleName ?? '').replace(/^MidnightOS /, '').replace(/ u[0-9a-z]{12}$/, '').replaceAll(' ', '-');
}

/** @param {Instance} resource @param {{ [key: string]: Value }} properties */
function scopeOf(resource, properties) {
  const scope = properties.scope === undefined ? (resource.target instanceof Instance ? `${resource.target.type.split('/').at(-1)}/${resource.target.name.split('/').at(-1)}` : 'the whole resource group') : text(properties.scope).split('/').slice(-2).join('/');
  return scope.replace(/u[0-9a-z]{12}$/, '*');
}

/** @param {Instance} definition */
function checkDefinition(definition) {
  const name = roleNameOf(definition);
  const place = `${basename(definition.path)}:${definition.line}`;
  const properties = isObject(definition.body.properties) ? definition.body.properties : {};
  const permissions = [properties.permissions ?? []].flat();
  const actions = permissions.flatMap((permission) => (isObject(permission) ? [permission.actions ?? [], permission.dataActions ?? []].flat() : [])).map(text);
  const expected = customRoles[name] ?? [];
  return [...actions.filter((action) => !expected.includes(action)), ...expected.filter((action) => !actions.includes(action))].map((action) => `${place} the role ${name}: ${action}`);
}
