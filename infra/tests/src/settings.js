// The apps' settings: each is one that the code reads, or that Azure's host does.

import { readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { Instance, isObject } from './values.js';

/** Of the host, by its exact name. */
const host = new Set([
  'APPLICATIONINSIGHTS_AUTHENTICATION_STRING',
  'APPLICATIONINSIGHTS_CONNECTION_STRING',
  'AZURE_CLIENT_ID',
  'AzureWebJobsDisableHomepage',
  'AzureWebJobsStorage__accountName',
  'AzureWebJobsStorage__clientId',
  'AzureWebJobsStorage__credential',
  'DURABLE_TASK_SCHEDULER_CONNECTION_STRING',
  'FUNCTIONS_EXTENSION_VERSION',
  'FUNCTIONS_WORKER_RUNTIME',
  'OTEL_TRACES_SAMPLER',
  'OTEL_TRACES_SAMPLER_ARG',
  'ServiceBus__clientId',
  'ServiceBus__credential',
  'ServiceBus__fullyQualifiedNamespace',
  'TASKHUB_NAME',
  'WEBSITES_ENABLE_APP_SERVICE_STORAGE',
]);

// Flex Consumption has its own place for these and refuses them as settings.
const notOnFlex = /^(FUNCTIONS_WORKER_RUNTIME|FUNCTIONS_EXTENSION_VERSION|WEBSITE_\w+|WEBSITES_\w+)$/;

// And these of a site's configuration, in newer regions with the error 51021, "for Flex Consumption sites is invalid" (in older ones it does not read them): it scales and chooses its
// runtime by functionAppConfig. https://learn.microsoft.com/azure/azure-functions/functions-app-settings#flex-consumption-plan-deprecations
const refusedOnFlex = new Set([
  'alwaysOn',
  'ftpsState',
  'functionAppScaleLimit',
  'functionsRuntimeScaleMonitoringEnabled',
  'linuxFxVersion',
  'minimumElasticInstanceCount',
  'netFrameworkVersion',
  'preWarmedInstanceCount',
  'use32BitWorkerProcess',
  'windowsFxVersion',
]);

/** Of the azure edition's adapters. */
const azure = new Set([
  'Api__ClientAddressHeader',
  'Api__PublicAddress',
  'AzureAd__ClientId',
  'AzureAd__Instance',
  'AzureAd__TenantId',
  'Blobs__Endpoint',
  'Cosmos__Database',
  'Cosmos__Endpoint',
  'KeyVault__SealKey',
  'KeyVault__TokenKey',
  'KeyVault__Uri',
  'KeyVault__WalletKey',
  'KeyVault__WalletUri',
  'Tables__Endpoint',
]);

/** Those of them that are lists, written by their numbers. */
const lists = /^(AzureAd__AllowedTenants)__\d+$/;

/** Of the platform, as the start checks them. */
const platform = read();

function read() {
  const source = readFileSync(new URL('../../../functions/Embedded/Start/CheckSettings.cs', import.meta.url), 'utf8');
  const sections = [...source.matchAll(/\["(\w+)"\] = \[([^\]]*)\]/g)];
  return new Set(sections.flatMap(([, section, names]) => [...(names ?? '').matchAll(/"(\w+)"/g)].map(([, name]) => `${section}__${name}`)));
}

/**
 * @param {Instance[]} resources
 * @returns {string[]} What is wrong.
 */
export function checkSettings(resources) {
  return [...checkSites(resources), ...checkNames(resources)];
}

/** @param {Instance[]} resources */
function checkSites(resources) {
  return resources.filter(({ type }) => type === 'Microsoft.Web/sites').flatMap((resource) => {
    const properties = isObject(resource.body.properties) ? resource.body.properties : {};
    const names = isObject(properties.siteConfig) && properties.functionAppConfig !== undefined ? Object.keys(properties.siteConfig) : [];
    return names.filter((name) => refusedOnFlex.has(name)).map((name) => `${basename(resource.path)}:${resource.line} may not have ${name} on Flex Consumption`);
  });
}

/** @param {Instance[]} resources */
function checkNames(resources) {
  return resources.filter((resource) => resource.type === 'Microsoft.Web/sites/config').flatMap((resource) => {
    const place = `${basename(resource.path)}:${resource.line} of ${resource.name.split('/')[0]}`;
    const names = isObject(resource.body.properties) ? Object.keys(resource.body.properties) : [];
    const unknown = names.filter((name) => !host.has(name) && !azure.has(name) && !platform.has(name) && !lists.test(name)).map((name) => `${place} has a setting ${name}, which nothing reads`);
    const refused = resource.name.startsWith('func-api-') ? names.filter((name) => notOnFlex.test(name)).map((name) => `${place} may not have ${name}`) : [];
    return [...unknown, ...refused];
  });
}
