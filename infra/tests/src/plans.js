// The deployments that the checks look at: every file of parameters, and every switch that those leave alone, with the longest names that are allowed.

import { basename, join } from 'node:path';
import { evaluate, evaluateParameters } from './evaluate.js';
import { folder } from './load.js';
import { number } from './parameters.js';
import { isObject } from './values.js';

/** @typedef {import('./value.js').Value} Value */
/** @typedef {import('./syntax.js').Template} Template */
/** @typedef {import('./evaluate.js').Plan} Plan */

const main = join(folder, 'main.bicep');

/** Changes to a file of parameters: to its size, and to other parameters. @type {Record<string, { of: string, size?: { [key: string]: Value }, parameters?: { [key: string]: Value } }>} */
const variants = {
  'a door of its own': { of: 'saas', size: { frontDoor: 'premium' } },
  'a private door': { of: 'enterprise', size: { frontDoor: 'premium' } },
  'one plan for both containers': { of: 'enterprise', size: { ownProverPlan: false } },
  'a plan for each container': { of: 'saas', size: { ownProverPlan: true } },
  'an HSM of its own': { of: 'enterprise', size: { managedHsm: true }, parameters: { hsmAdministrators: ['00000000-0000-0000-0000-000000000000'], hsmActive: true } },
  'an HSM that is not active': { of: 'dev', size: { managedHsm: true }, parameters: { hsmAdministrators: ['00000000-0000-0000-0000-000000000000'] } },
  'everything that may be set': {
    of: 'saas',
    parameters: {
      indexer: 'https://indexer.example.com',
      node: 'https://node.example.com',
      publicAddress: 'https://api.example.com',
      modelEndpoint: 'https://model.example.com',
      modelName: 'a-model',
      entraClientId: '00000000-0000-0000-0000-000000000000',
      entraTenantId: 'organizations',
      entraAllowedTenants: ['00000000-0000-0000-0000-000000000001', '00000000-0000-0000-0000-000000000002'],
      alertEmails: ['somebody@example.com', 'another@example.com'],
    },
  },
};

/**
 * @param {Map<string, Template>} templates
 * @returns {Map<string, Plan>} By what it is a plan of.
 */
export function plans(templates) {
  /** @type {Map<string, Plan>} */
  const all = new Map();
  const files = [...templates.keys()].filter((path) => path.endsWith('.bicepparam'));
  for (const path of files) {
    const { using, values } = evaluateParameters(templates, path);
    all.set(basename(path), evaluate(templates, using, longest(templates, values)));
  }

  for (const [name, { of, size = {}, parameters = {} }] of Object.entries(variants)) {
    const { values } = evaluateParameters(templates, join(folder, `${of}.bicepparam`));
    const whole = isObject(values.size) ? { ...values.size, ...size } : size;
    all.set(name, evaluate(templates, main, { ...values, size: whole, ...parameters }));
  }

  for (const size of ['dev', 'saas', 'enterprise']) {
    const { using, values } = evaluateParameters(templates, join(folder, 'main.bicepparam'), { MIDNIGHTOS_SIZE: size });
    all.set(`main.bicepparam as ${size}`, evaluate(templates, using, values));
  }

  return all;
}

/** A name as long as the template lets it be. @param {Map<string, Template>} templates @param {{ [name: string]: Value }} values */
function longest(templates, values) {
  const parameter = templates.get(main)?.parameters.get('environmentName');
  const most = parameter ? number(parameter, 'maxLength') : undefined;
  return { ...values, environmentName: 'e'.repeat(most ?? 1000) };
}
