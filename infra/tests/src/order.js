// What Azure cannot see the order of: a name in a text or in a loop's list is no dependency, so it has to be said.

import { basename } from 'node:path';

/** @typedef {import('./syntax.js').Template} Template */
/** @typedef {import('./syntax.js').Declaration} Declaration */

const cosmos = 'Microsoft.DocumentDB/databaseAccounts';
const storage = 'Microsoft.Storage/storageAccounts';

/** What is only named by a text, and what has to be there before ("The collection with name … in provided scope … could not be found"). @type {[later: string, first: string][]} */
const orders = [
  [`${cosmos}/sqlRoleAssignments`, `${cosmos}/sqlDatabases/containers`],
  ['containeraccess.bicep', `${storage}/blobServices/containers`],
  ['tableaccess.bicep', `${storage}/tableServices/tables`],
];

/** What an account takes one of at a time ("another user operation in progress which requires an exclusive lock"). */
const oneByOne = [`${cosmos}/sqlRoleDefinitions`, `${cosmos}/sqlRoleAssignments`];

/**
 * @param {Map<string, Template>} templates
 * @returns {string[]} What may come too early, or at once.
 */
export function checkOrder(templates) {
  return [...templates.values()].flatMap((template) => {
    const all = [...template.declarations.values()].filter(({ existing }) => !existing);
    const of = (/** @type {string} */ type) => all.filter(({ what }) => what.split('@')[0] === type);
    const place = (/** @type {Declaration} */ { line, name }) => `${basename(template.path)}:${line} ${name}`;
    const early = orders.flatMap(([later, first]) => of(later).flatMap((declaration) => of(first).filter(({ name }) => !named(declaration.body).has(name)).map(({ name }) => `${place(declaration)} does not wait for ${name}`)));
    const loops = oneByOne.flatMap(of).filter(({ body, decorators }) => body.kind === 'for' && !isOne(decorators.batchSize));
    const sequence = oneByOne.flatMap(of);
    const beside = sequence.filter((declaration, index) => index > 0 && !sequence.slice(0, index).some(({ name }) => named(declaration.body).has(name)));
    return [...early, ...[...loops, ...beside].map((declaration) => `${place(declaration)} is made at the same time as others`)];
  });
}

/** @param {import('./syntax.js').Expression[] | undefined} batch */
const isOne = (batch) => batch?.[0]?.kind === 'value' && batch[0].value === 1;

/** @param {unknown} expression @param {Set<string>} found @returns {Set<string>} The names that it reads. */
function named(expression, found = new Set()) {
  if (Array.isArray(expression)) {
    expression.forEach((item) => named(item, found));
  } else if (typeof expression === 'object' && expression !== null) {
    const { kind, name } = /** @type {{ kind?: unknown, name?: unknown }} */ (expression);
    if (kind === 'name' && typeof name === 'string') {
      found.add(name);
    }

    Object.values(expression).forEach((inner) => named(inner, found));
  }

  return found;
}
