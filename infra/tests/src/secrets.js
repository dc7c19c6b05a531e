// Nothing secret in a template: no key that is asked for, none that is written down, none in an output, no resource that would take one.

import { basename } from 'node:path';
import { Instance, isObject, text } from './values.js';

/** @typedef {import('./value.js').Value} Value */
/** @typedef {import('./syntax.js').Template} Template */

// list*() of Azure gives out keys; getSecret() reads one.
const calls = /\b(list[A-Z]\w*|getSecret)\s*\(/;

// What looks like a secret wherever it stands: keys in connection strings, signatures of SAS, bearer tokens, private keys, long random text.
const written = [
  /\b(AccountKey|SharedAccessKey|SharedSecret|Password|Pwd|client_?secret|api[_-]?key)\s*=\s*[^;'\s]+/i,
  /[?&]sig=[\w%]+/,
  /-----BEGIN [A-Z ]*PRIVATE KEY-----/,
  /\beyJ[\w-]{10,}\.[\w-]{10,}\./,
  /(?<![\w/+=-])(?=[A-Za-z0-9+/]*[0-9])(?=[A-Za-z0-9+/]*[a-z])(?=[A-Za-z0-9+/]*[A-Z])[A-Za-z0-9+/]{40,}={0,2}(?![\w/+=-])/,
];

// Names that promise a secret. What they hold is never known to a template here.
const secretName = /(password|passwd|secret|api_?key|access_?key|shared_?key|sas|token|connection_?string|credential)s?$/i;

// Settings with such a name that hold none, each with the reason.
const harmless = new Set([
  'APPLICATIONINSIGHTS_CONNECTION_STRING', // an address; sending needs an identity (DisableLocalAuth)
  'DURABLE_TASK_SCHEDULER_CONNECTION_STRING', // the identity form, without a key
  'AzureWebJobsStorage__credential', // "managedidentity"
  'ServiceBus__credential', // "managedidentity"
]);

// What lets somebody in by a key has to be off, or on, wherever Azure has a switch for it.
/** @type {Record<string, Record<string, Value>>} */
const switches = {
  'Microsoft.Storage/storageAccounts': { allowSharedKeyAccess: false, allowBlobPublicAccess: false },
  'Microsoft.DocumentDB/databaseAccounts': { disableLocalAuth: true, disableKeyBasedMetadataWriteAccess: true },
  'Microsoft.ServiceBus/namespaces': { disableLocalAuth: true },
  'Microsoft.ContainerRegistry/registries': { adminUserEnabled: false, anonymousPullEnabled: false },
  'Microsoft.Insights/components': { DisableLocalAuth: true },
  'Microsoft.KeyVault/vaults': { enableRbacAuthorization: true, enablePurgeProtection: true, enableSoftDelete: true },
  'Microsoft.KeyVault/managedHSMs': { enablePurgeProtection: true, enableSoftDelete: true },
  'Microsoft.Web/sites': { httpsOnly: true },
  'Microsoft.Web/sites/basicPublishingCredentialsPolicies': { allow: false },
};

/**
 * @param {Map<string, Template>} templates
 * @returns {string[]} What is wrong in the texts.
 */
export function checkTexts(templates) {
  /** @type {string[]} */
  const problems = [];
  for (const template of templates.values()) {
    template.text.split('\n').forEach((line, index) => {
      if ([calls, ...written].some((pattern) => pattern.test(line))) {
        problems.push(`${basename(template.path)}:${index + 1} holds or asks for a secret: ${line.trim().slice(0, 80)}`);
      }
    });
    for (const item of [...template.parameters.values(), ...template.outputs.values()]) {
      if (secretName.test(item.name) && item.name !== 'token' && item.name !== 'rotateTokens') {
        problems.push(`${basename(template.path)}:${item.line} ${item.name} promises a secret`);
      }

      if (['secureString', 'secureObject'].includes(item.type.text) || item.decorators.secure) {
        problems.push(`${basename(template.path)}:${item.line} ${item.name} is a secret: apps sign in with their identities`);
      }
    }
  }

  return problems;
}

/**
 * @param {Instance[]} resources
 * @param {Record<string, Value>} outputs
 * @returns {string[]} What is wrong in what is deployed.
 */
export function checkDeployed(resources, outputs) {
  const problems = Object.entries(outputs).flatMap(([name, value]) => (leaks(text(value)) ? [`the output ${name} gives out ${text(value)}`] : []));
  for (const resource of resources) {
    const place = `${basename(resource.path)}:${resource.line} ${resource.symbol}`;
    if (/\/(secrets|authorizationRules|listKeys)$/i.test(resource.type)) {
      problems.push(`${place} is a ${resource.type}, which holds a secret`);
    }

    const properties = resource.body.properties;
    for (const [name, expected] of Object.entries(switches[resource.type] ?? {})) {
      const value = isObject(properties) ? properties[name] : undefined;
      if (value !== expected) {
        problems.push(`${place} must set ${name} to ${text(expected)}`);
      }
    }

    if (resource.type === 'Microsoft.Web/sites/config' && isObject(properties)) {
      problems.push(...Object.entries(properties).flatMap(([name, value]) => setting(name, text(value)).map((problem) => `${place} ${problem}`)));
    }
  }

  return problems;
}

/** @param {string} name @param {string} value */
function setting(name, value) {
  if (secretName.test(name) && !harmless.has(name)) {
    return [`has a setting ${name}, which promises a secret`];
  }

  return leaks(value) && name !== 'APPLICATIONINSIGHTS_CONNECTION_STRING' ? [`has a setting ${name} with ${value}`] : [];
}

/** @param {string} value */
function leaks(value) {
  return written.some((pattern) => pattern.test(value.replaceAll(/‹[^›]*›/g, ''))) || /‹[^›]*\.(primaryKey|secondaryKey|keys|key1|connectionStrings?|InstrumentationKey|value)\b/i.test(value);
}
