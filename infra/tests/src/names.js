// Azure's rules for names (learn.microsoft.com, "Naming rules and restrictions for Azure resources").

import { basename } from 'node:path';
import { Instance } from './values.js';

/** By type: what a name may be. A type that is not here is refused until its rule is looked up. @type {Record<string, RegExp>} */
export const rules = {
  'Microsoft.Authorization/roleAssignments': /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/,
  'Microsoft.Authorization/roleDefinitions': /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/,
  'Microsoft.Cdn/profiles': /^[A-Za-z0-9][A-Za-z0-9-]{0,258}[A-Za-z0-9]$/,
  'Microsoft.Cdn/profiles/afdEndpoints': /^[A-Za-z0-9][A-Za-z0-9-]{0,44}[A-Za-z0-9]$/,
  'Microsoft.Cdn/profiles/afdEndpoints/routes': /^[A-Za-z0-9][A-Za-z0-9-]{0,88}[A-Za-z0-9]$/,
  'Microsoft.Cdn/profiles/originGroups': /^[A-Za-z0-9][A-Za-z0-9-]{0,88}[A-Za-z0-9]$/,
  'Microsoft.Cdn/profiles/originGroups/origins': /^[A-Za-z0-9][A-Za-z0-9-]{0,88}[A-Za-z0-9]$/,
  'Microsoft.Cdn/profiles/securityPolicies': /^[A-Za-z0-9][A-Za-z0-9-]{0,258}[A-Za-z0-9]$/,
  'Microsoft.ContainerRegistry/registries': /^[A-Za-z0-9]{5,50}$/,
  'Microsoft.DocumentDB/databaseAccounts': /^[a-z0-9][a-z0-9-]{1,42}[a-z0-9]$/,
  'Microsoft.DocumentDB/databaseAccounts/sqlDatabases': /^[^/\\#?]{1,255}$/,
  'Microsoft.DocumentDB/databaseAccounts/sqlDatabases/containers': /^[^/\\#?]{1,255}$/,
  'Microsoft.DocumentDB/databaseAccounts/sqlRoleAssignments': /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/,
  'Microsoft.DocumentDB/databaseAccounts/sqlRoleDefinitions': /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/,
  'Microsoft.DurableTask/schedulers': /^[A-Za-z0-9-]{3,64}$/,
  'Microsoft.DurableTask/schedulers/taskHubs': /^[A-Za-z0-9-]{3,64}$/,
  'Microsoft.Insights/actionGroups': /^[^/&%?]{1,259}[^/&%?. ]$/,
  'Microsoft.Insights/components': /^[A-Za-z0-9()._-]{0,259}[A-Za-z0-9()_-]$/,
  'Microsoft.Insights/diagnosticSettings': /^[\w-]{1,260}$/,
  'Microsoft.Insights/metricAlerts': /^[^*#&+:<>?@%{}\\/|.]{1,259}[^*#&+:<>?@%{}\\/|. ]$/,
  'Microsoft.Insights/scheduledQueryRules': /^[^*<>%{}&:\\?/#|]{1,259}[^*<>%{}&:\\?/#|. ]$/,
  'Microsoft.Insights/workbooks': /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/,
  'Microsoft.KeyVault/managedHSMs': /^(?!.*--)[A-Za-z][A-Za-z0-9-]{1,22}[A-Za-z0-9]$/,
  'Microsoft.KeyVault/vaults': /^(?!.*--)[A-Za-z][A-Za-z0-9-]{1,22}[A-Za-z0-9]$/,
  'Microsoft.KeyVault/vaults/keys': /^[A-Za-z0-9-]{1,127}$/,
  'Microsoft.ManagedIdentity/userAssignedIdentities': /^[A-Za-z0-9][A-Za-z0-9_-]{2,127}$/,
  'Microsoft.Network/FrontDoorWebApplicationFirewallPolicies': /^[A-Za-z][A-Za-z0-9]{0,127}$/,
  'Microsoft.Network/natGateways': /^[A-Za-z0-9]([\w.-]{0,78}\w)?$/,
  'Microsoft.Network/networkSecurityGroups': /^[A-Za-z0-9]([\w.-]{0,78}\w)?$/,
  'Microsoft.Network/privateDnsZones': /^(?=.{1,63}$)[a-z0-9-]+(\.[a-z0-9-]+){1,33}$/,
  'Microsoft.Network/privateDnsZones/virtualNetworkLinks': /^[A-Za-z0-9]([\w.-]{0,78}\w)?$/,
  'Microsoft.Network/privateEndpoints': /^[A-Za-z0-9][\w.-]{0,62}\w$/,
  'Microsoft.Network/privateEndpoints/privateDnsZoneGroups': /^[A-Za-z0-9]([\w.-]{0,78}\w)?$/,
  'Microsoft.Network/publicIPAddresses': /^[A-Za-z0-9]([\w.-]{0,78}\w)?$/,
  'Microsoft.Network/virtualNetworks': /^[A-Za-z0-9][\w.-]{0,62}\w$/,
  'Microsoft.OperationalInsights/workspaces': /^[A-Za-z0-9][A-Za-z0-9-]{2,61}[A-Za-z0-9]$/,
  'Microsoft.Resources/resourceGroups': /^[\w().-]{0,89}[\w()-]$/,
  'Microsoft.ServiceBus/namespaces': /^(?!.*(-sb|-mgmt)$)[A-Za-z][A-Za-z0-9-]{4,48}[A-Za-z0-9]$/,
  'Microsoft.ServiceBus/namespaces/queues': /^[A-Za-z0-9]([A-Za-z0-9._/-]{0,258}[A-Za-z0-9])?$/,
  'Microsoft.Storage/storageAccounts': /^[a-z0-9]{3,24}$/,
  'Microsoft.Storage/storageAccounts/blobServices': /^default$/,
  'Microsoft.Storage/storageAccounts/blobServices/containers': /^(?!.*--)[a-z0-9][a-z0-9-]{1,61}[a-z0-9]$/,
  'Microsoft.Storage/storageAccounts/tableServices': /^default$/,
  'Microsoft.Storage/storageAccounts/tableServices/tables': /^[A-Za-z][A-Za-z0-9]{2,62}$/,
  'Microsoft.Web/serverfarms': /^[A-Za-z0-9-]{1,40}$/,
  'Microsoft.Web/sites': /^[A-Za-z0-9][A-Za-z0-9-]{0,58}[A-Za-z0-9]$/,
  'Microsoft.Web/sites/basicPublishingCredentialsPolicies': /^(ftp|scm)$/,
  'Microsoft.Web/sites/config': /^appsettings$/,
};

/**
 * @param {Instance[]} resources
 * @returns {string[]} What is wrong.
 */
export function checkLimits(resources) {
  /** @type {Map<string, Instance>} */
  const seen = new Map();
  return resources.flatMap((resource) => {
    const place = `${basename(resource.path)}:${resource.line} ${resource.symbol}`;
    const rule = rules[resource.type];
    const own = resource.name.split('/').at(-1) ?? '';
    const before = seen.get(resource.id);
    seen.set(resource.id, resource);
    if (before) {
      return [`${place} has the name of ${before.symbol}: ${resource.name}`];
    }

    if (!rule) {
      return [`${place} is a ${resource.type}, for whose names there is no rule`];
    }

    return own.includes('‹') ? [`${place} has a name that is known only when it is deployed: ${own}`] : rule.test(own) ? [] : [`${place} has a name that Azure refuses: ${own} (${own.length} characters)`];
  });
}
