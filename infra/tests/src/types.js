// Checks types, API versions and property names against data/types.json, an extract of the names in Azure's public type index.

import { readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { Instance, isObject, Runtime, text } from './values.js';

/** @typedef {import('./value.js').Value} Value */
/** @typedef {import('./syntax.js').Template} Template */
/** @typedef {import('./syntax.js').Expression} Expression */
/** @typedef {import('./syntax.js').Declaration} Declaration */

/**
 * What may stand somewhere: "string", "int", "bool", "any", "…" for what the extract leaves out, a list of the values that are allowed, or an object with
 * one of `of` (a list's item), `each` (any key), `by` and `kinds` (chosen by the value of a property), `properties` (a name that ends in "!" is required).
 * @typedef {string | string[] | { of: Shape } | { each: Shape } | { by: string, kinds: Record<string, Shape> } | { properties: Record<string, Shape>, each?: Shape }} Shape
 */

/** @typedef {{ source: string, resources: Record<string, Shape> }} Extract */

/** @type {Extract} */
export const extract = JSON.parse(readFileSync(new URL('../data/types.json', import.meta.url), 'utf8'));

// Bicep's own, on every resource.
const own = new Set(['parent', 'scope', 'dependsOn']);

/**
 * The names that every template writes, in every branch of it.
 * @param {Map<string, Template>} templates
 * @param {Extract} known
 * @returns {string[]} What is wrong.
 */
export function checkNames(templates, known = extract) {
  /** @type {string[]} */
  const problems = [];
  for (const template of templates.values()) {
    for (const declaration of template.declarations.values()) {
      visit(template, declaration, undefined, known, problems);
    }
  }

  return problems;
}

/** @param {Template} template @param {Declaration} declaration @param {string | undefined} outer @param {Extract} known @param {string[]} problems */
function visit(template, declaration, outer, known, problems) {
  if (declaration.kind === 'module') {
    return;
  }

  const full = fullType(declaration.what, outer);
  const shape = known.resources[full];
  const place = `${basename(template.path)}:${declaration.line}`;
  if (shape === undefined) {
    problems.push(`${place} ${full} is not in the extract: misspelt, no such version, or to be refreshed`);
    return;
  }

  const body = bodyOf(declaration);
  if (!declaration.existing) {
    checkExpression({ template, problems, known }, body, shape, declaration.name, new Set());
  }

  for (const child of body.kind === 'object' ? body.resources : []) {
    visit(template, child, full, known, problems);
  }
}

/** @param {string} what @param {string | undefined} outer */
export function fullType(what, outer) {
  const [type = '', version] = what.split('@');
  const [outerType = '', outerVersion = ''] = (outer ?? '').split('@');
  return outer ? `${outerType}/${type}@${version ?? outerVersion}` : what;
}

/** @param {Declaration} declaration @returns {Expression} */
export function bodyOf({ body }) {
  const inner = body.kind === 'for' ? body.body : body;
  return inner.kind === 'if' ? inner.body : inner;
}

/**
 * @param {{ template: Template, problems: string[], known: Extract }} context
 * @param {Expression} expression
 * @param {Shape} shape
 * @param {string} path
 * @param {Set<string>} seen Variables that are being followed.
 */
function checkExpression(context, expression, shape, path, seen) {
  const follow = (/** @type {Expression} */ inner) => checkExpression(context, inner, shape, path, seen);
  switch (expression.kind) {
    case 'choice':
      follow(expression.yes);
      follow(expression.no);
      return;
    case 'for':
      checkExpression(context, expression.body, itemOf(shape), `${path}[]`, seen);
      return;
    case 'if':
      follow(expression.body);
      return;
    case 'array':
      expression.items.forEach((item) => checkExpression(context, item, itemOf(shape), `${path}[]`, seen));
      return;
    case 'call':
      if (['union', 'concat'].includes(expression.name)) {
        expression.args.forEach(follow);
      }

      return;
    case 'name': {
      const variable = context.template.variables.get(expression.name);
      if (variable && !seen.has(expression.name)) {
        checkExpression(context, variable.value, shape, path, new Set([...seen, expression.name]));
      }

      return;
    }
    case 'object':
      checkObject(context, expression, shape, path, seen);
      return;
    default:
  }
}

/** @param {{ template: Template, problems: string[], known: Extract }} context @param {Expression & { kind: 'object' }} object @param {Shape} shape @param {string} path @param {Set<string>} seen */
function checkObject(context, object, shape, path, seen) {
  const place = `${basename(context.template.path)}:${object.line} ${path}`;
  const options = shapesOf(shape, (name) => constant(object.properties.find(({ key }) => constant(key) === name)?.value));
  if (options === undefined) {
    if (shape !== 'any') {
      context.problems.push(`${place} ${shape === '…' ? 'is left out of the extract: refresh it' : 'is no object'}`);
    }

    return;
  }

  for (const { key, value, line } of object.properties) {
    const name = constant(key);
    if (name === undefined ? options.each !== undefined : own.has(name) && !path.includes('.')) {
      continue;
    }

    const inner = options.properties[name ?? ''] ?? options.properties[`${name}!`] ?? options.each;
    if (inner === undefined) {
      context.problems.push(`${basename(context.template.path)}:${line} ${path} has no ${name ?? 'key that is computed'}`);
    } else {
      checkExpression(context, value, inner, `${path}.${name ?? '*'}`, seen);
    }
  }
}

/** @param {Expression | undefined} expression @returns {string | undefined} */
function constant(expression) {
  return expression?.kind === 'string' && expression.parts.every((part) => typeof part === 'string') ? expression.parts.join('') : undefined;
}

/** @param {Shape} shape @returns {Shape} */
const itemOf = (shape) => (typeof shape === 'object' && 'of' in shape ? shape.of : shape === 'any' ? 'any' : shape === '…' ? '…' : 'no list');

/**
 * @param {Shape} shape
 * @param {(name: string) => string | undefined} valueOf The value of the property that chooses, when it is known.
 * @returns {{ properties: Record<string, Shape>, each?: Shape | undefined } | undefined}
 */
function shapesOf(shape, valueOf) {
  if (typeof shape === 'string' || Array.isArray(shape)) {
    return undefined;
  }

  if ('kinds' in shape) {
    const chosen = shape.kinds[valueOf(shape.by) ?? ''];
    return chosen === undefined ? { properties: {} } : shapesOf(chosen, valueOf);
  }

  return 'properties' in shape ? shape : 'each' in shape ? { properties: {}, each: shape.each } : undefined;
}

/**
 * What a deployment's resources hold: what is required is there, and every value is one that is allowed.
 * @param {Instance[]} resources
 * @param {Extract} known
 * @returns {string[]} What is wrong.
 */
export function checkValues(resources, known = extract) {
  /** @type {string[]} */
  const problems = [];
  for (const resource of resources) {
    const shape = known.resources[`${resource.type}@${resource.version}`];
    if (shape !== undefined) {
      checkValue(resource.body, shape, `${basename(resource.path)}:${resource.line} ${resource.symbol}`, problems);
    }
  }

  return problems;
}

/** @param {Value} value @param {Shape} shape @param {string} path @param {string[]} problems */
function checkValue(value, shape, path, problems) {
  if (value === null || value instanceof Runtime) {
    return;
  }

  if (Array.isArray(shape)) {
    if (!shape.includes(text(value))) {
      problems.push(`${path} must be one of ${shape.join(', ')}, not ${text(value)}`);
    }
  } else if (typeof shape === 'string') {
    const kind = /** @type {Record<string, string>} */ ({ string: 'string', int: 'number', bool: 'boolean' })[shape];
    if (kind !== undefined && typeof value !== kind) {
      problems.push(`${path} must be of the type ${shape}, not ${text(value)}`);
    }
  } else if (Array.isArray(value)) {
    value.forEach((item, index) => checkValue(item, itemOf(shape), `${path}[${index}]`, problems));
  } else if (isObject(value)) {
    const options = shapesOf(shape, (name) => (value[name] === undefined ? undefined : text(value[name])));
    for (const [key, inner] of Object.entries(options?.properties ?? {})) {
      const name = key.replace(/!$/, '');
      if (value[name] === undefined && key.endsWith('!')) {
        problems.push(`${path} needs ${name}`);
      } else if (value[name] !== undefined) {
        checkValue(value[name], inner, `${path}.${name}`, problems);
      }
    }
  }
}
