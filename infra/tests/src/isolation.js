// An isolated deployment: nothing that holds data can be reached but by its private endpoint.

import { Instance, isObject, text } from './values.js';

// What holds data or runs code, and which of its parts have an endpoint.
/** @type {Record<string, (name: string) => string[]>} */
const parts = {
  'Microsoft.Storage/storageAccounts': (name) => (name.startsWith('stdata') ? ['blob', 'table'] : ['blob']),
  'Microsoft.DocumentDB/databaseAccounts': () => ['Sql'],
  'Microsoft.ServiceBus/namespaces': () => ['namespace'],
  'Microsoft.KeyVault/vaults': () => ['vault'],
  'Microsoft.KeyVault/managedHSMs': () => ['managedhsm'],
  'Microsoft.ContainerRegistry/registries': () => ['registry'],
  'Microsoft.DurableTask/schedulers': () => ['scheduler'],
  // Nobody calls the flows.
  'Microsoft.Web/sites': (name) => (name.startsWith('func-flows-') ? [] : ['sites']),
};

/**
 * @param {Instance[]} resources
 * @returns {string[]} What is open, or out of reach.
 */
export function checkIsolation(resources) {
  return [...checkEndpoints(resources), ...checkPorts(resources)];
}

// The apps speak to the nodes of Cosmos DB directly (Cosmos:Gateway is off), behind a private endpoint on any port from 0 to 65535:
// https://learn.microsoft.com/azure/cosmos-db/sdk-connection-modes#service-port-ranges
/** @param {Instance[]} resources */
function checkPorts(resources) {
  return resources.filter(({ type }) => type === 'Microsoft.Network/networkSecurityGroups').flatMap((group) => {
    const properties = isObject(group.body.properties) ? group.body.properties : {};
    const rules = [properties.securityRules ?? []].flat().map((rule) => (isObject(rule) && isObject(rule.properties) ? rule.properties : {}));
    const every = rules.some((rule) => rule.access === 'Allow' && rule.sourceAddressPrefix === 'VirtualNetwork' && rule.destinationPortRange === '*');
    return every ? [] : [`${group.name} keeps the apps from nodes of Cosmos DB`];
  });
}

/** @param {Instance[]} resources */
function checkEndpoints(resources) {
  const endpoints = resources.filter((resource) => resource.type === 'Microsoft.Network/privateEndpoints').map((resource) => JSON.stringify(resource.body));
  return resources.flatMap((resource) => {
    const groups = parts[resource.type]?.(resource.name);
    if (groups === undefined) {
      return [];
    }

    const properties = isObject(resource.body.properties) ? resource.body.properties : {};
    const open = properties.publicNetworkAccess === 'Disabled' ? [] : [`${resource.name} is open: ${text(properties.publicNetworkAccess ?? null)}`];
    const apart = groups.filter((group) => !endpoints.some((endpoint) => endpoint.includes(`"${resource.id}"`) && endpoint.includes(`["${group}"]`)));
    return [...open, ...apart.map((group) => `${resource.name} has no private endpoint for ${group}`)];
  });
}
