// Writes data/types.json anew: node tools/refresh.js <a clone of https://github.com/Azure/bicep-types-az>
//
// It holds names only, of what the templates write: types with their versions, properties (those that are required too), and the values that an enumeration allows. What the index does
// not have stays out, so that the tests find it.

import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { load } from '../src/load.js';
import { bodyOf, fullType } from '../src/types.js';

/** @typedef {import('../src/types.js').Shape} Shape */
/** @typedef {import('../src/syntax.js').Expression} Expression */
/** @typedef {import('../src/syntax.js').Declaration} Declaration */
/** @typedef {import('../src/syntax.js').Template} Template */
/** @typedef {{ $type: string, [key: string]: any }} IndexType */

const clone = process.argv[2];
if (clone === undefined) {
  throw new Error('usage: node tools/refresh.js <a clone of Azure/bicep-types-az>');
}

const paths = readdirSync(join(clone, 'generated'), { recursive: true, encoding: 'utf8' }).filter((path) => path.endsWith('types.json'));

/** @type {Map<string, { template: Template, expression: Expression }[]>} */
const used = new Map();
for (const template of (await load()).values()) {
  for (const declaration of template.declarations.values()) {
    use(template, declaration, undefined);
  }
}

const commit = execFileSync('git', ['-C', clone, 'rev-parse', 'HEAD'], { encoding: 'utf8' }).trim();
const resources = Object.fromEntries([...used.keys()].sort().map((type) => [type, find(type)]));
const source = `Names from Azure/bicep-types-az at ${commit}, only those of the objects that the templates write; made by tools/refresh.js.`;
writeFileSync(new URL('../data/types.json', import.meta.url), `${compact({ source, resources })}\n`);

/** @param {Template} template @param {Declaration} declaration @param {string | undefined} outer */
function use(template, declaration, outer) {
  if (declaration.kind === 'module') {
    return;
  }

  const type = fullType(declaration.what, outer);
  const body = bodyOf(declaration);
  used.set(type, [...(used.get(type) ?? []), ...(declaration.existing ? [] : [{ template, expression: body }])]);
  for (const child of body.kind === 'object' ? body.resources : []) {
    use(template, child, type);
  }
}

/** @param {string} type @returns {Shape} */
function find(type) {
  const [name = '', version = ''] = type.split('@');
  const suffix = `/${(name.split('/')[0] ?? '').toLowerCase()}/${version.toLowerCase()}/types.json`;
  for (const path of paths.filter((candidate) => `/${candidate}`.replaceAll('\\', '/').endsWith(suffix))) {
    /** @type {IndexType[]} */
    const types = JSON.parse(readFileSync(join(/** @type {string} */ (clone), 'generated', path), 'utf8'));
    const resource = types.find((item) => item.$type === 'ResourceType' && item.name.toLowerCase() === type.toLowerCase());
    if (resource) {
      if (resource.name !== type) {
        throw new Error(`${type} is written ${resource.name}`);
      }

      return shape(types, resource.body, used.get(type) ?? [], true);
    }
  }

  throw new Error(`the index has no ${type}`);
}

/** @param {IndexType[]} types @param {{ $ref: string }} reference @param {{ template: Template, expression: Expression }[]} values What the templates write there. @param {boolean} [top] @returns {Shape} */
function shape(types, reference, values, top = false) {
  const type = /** @type {IndexType} */ (types[Number(reference.$ref.slice(2))]);
  switch (type.$type) {
    case 'StringType':
    case 'StringLiteralType':
      return type.$type === 'StringType' ? 'string' : [type.value];
    case 'IntegerType':
      return 'int';
    case 'BooleanType':
      return 'bool';
    case 'UnionType':
      return union(type.elements.map((/** @type {{ $ref: string }} */ element) => shape(types, element, [])));
    case 'ArrayType':
      return { of: shape(types, type.itemType, values.flatMap(itemsOf)) };
    case 'ObjectType':
      return object(types, type, values, top);
    case 'DiscriminatedObjectType':
      return discriminated(types, type, values, top);
    default:
      return 'any';
  }
}

/** @param {Shape[]} shapes @returns {Shape} */
function union(shapes) {
  // Where the index lets others through too ("… or any string"), the templates keep to those that it names.
  const values = shapes.flatMap((item) => (Array.isArray(item) ? item : []));
  return values.length > 0 ? [...new Set(values)].sort() : shapes[0] ?? 'any';
}

/** @param {IndexType[]} types @param {IndexType} type @param {{ template: Template, expression: Expression }[]} values @param {boolean} top @returns {Shape} */
function object(types, type, values, top) {
  const objects = values.flatMap(objectsOf);
  if (objects.length === 0 && !top) {
    return '…';
  }

  /** @type {Record<string, Shape>} */
  const properties = {};
  for (const [name, property] of Object.entries(type.properties ?? {})) {
    // Flags of the index: 1 required, 2 read-only, 8 known when the deployment starts.
    const [required, readOnly] = [(property.flags & 1) === 1, (property.flags & 2) === 2];
    const written = objects.flatMap((item) => valuesOf(item, name));
    if (!readOnly && (required || written.length > 0)) {
      properties[name + (required ? '!' : '')] = shape(types, property.type, written);
    }
  }

  const every = objects.flatMap((item) => valuesOf(item, undefined));
  const each = type.additionalProperties ? shape(types, type.additionalProperties, every) : undefined;
  return Object.keys(properties).length === 0 && each !== undefined ? { each } : { properties, ...(each === undefined ? {} : { each }) };
}

/** @param {IndexType[]} types @param {IndexType} type @param {{ template: Template, expression: Expression }[]} values @param {boolean} top @returns {Shape} */
function discriminated(types, type, values, top) {
  const base = object(types, { $type: 'ObjectType', properties: type.baseProperties }, values, top);
  const kinds = Object.entries(/** @type {Record<string, { $ref: string }>} */ (type.elements)).map(([kind, element]) => {
    const chosen = values.filter((value) => objectsOf(value).some((item) => valuesOf(item, type.discriminator).some(({ expression }) => expression.kind === 'string' && expression.parts.join('') === kind)));
    const own = chosen.length > 0 ? shape(types, element, chosen) : '…';
    return [kind, typeof own === 'object' && 'properties' in own && typeof base === 'object' && 'properties' in base ? { ...own, properties: { ...base.properties, ...own.properties } } : own];
  });
  return { by: type.discriminator, kinds: Object.fromEntries(kinds) };
}

/** The objects that an expression may give. @param {{ template: Template, expression: Expression }} value @returns {{ template: Template, expression: Expression & { kind: 'object' } }[]} */
function objectsOf({ template, expression }) {
  return plain(template, expression).flatMap((inner) => (inner.kind === 'object' ? [{ template, expression: inner }] : []));
}

/** @param {{ template: Template, expression: Expression }} value */
function itemsOf({ template, expression }) {
  return plain(template, expression).flatMap((inner) => (inner.kind === 'array' ? inner.items : inner.kind === 'for' ? [inner.body] : [])).map((item) => ({ template, expression: item }));
}

/** @param {{ template: Template, expression: Expression & { kind: 'object' } }} object @param {string | undefined} name */
function valuesOf({ template, expression }, name) {
  return expression.properties.filter(({ key }) => name === undefined || (key.kind === 'string' && key.parts.join('') === name)).map(({ value }) => ({ template, expression: value }));
}

/** @param {Template} template @param {Expression} expression @returns {Expression[]} */
function plain(template, expression) {
  switch (expression.kind) {
    case 'choice':
      return [...plain(template, expression.yes), ...plain(template, expression.no)];
    case 'if':
      return plain(template, expression.body);
    case 'call':
      return ['union', 'concat'].includes(expression.name) ? expression.args.flatMap((argument) => plain(template, argument)) : [];
    case 'name': {
      const variable = template.variables.get(expression.name);
      return variable ? plain(template, variable.value) : [];
    }
    default:
      return [expression];
  }
}

/** One line for each object that holds only short things. @param {any} value @param {string} [indent] @returns {string} */
function compact(value, indent = '') {
  const line = JSON.stringify(value).replaceAll('":', '": ').replaceAll(',"', ', "');
  if (typeof value !== 'object' || Array.isArray(value) || line.length + indent.length < 180) {
    return line;
  }

  const inner = `${indent}  `;
  return `{\n${Object.entries(value).map(([key, item]) => `${inner}${JSON.stringify(key)}: ${compact(item, inner)}`).join(',\n')}\n${indent}}`;
}
