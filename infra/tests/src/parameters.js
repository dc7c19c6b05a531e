// What a parameter allows, and the longest of it.

import { isObject, Runtime, text } from './values.js';

/** @typedef {import('./value.js').Value} Value */
/** @typedef {import('./syntax.js').Template} Template */
/** @typedef {import('./syntax.js').Parameter} Parameter */
/** @typedef {import('./syntax.js').TypeExpression} TypeExpression */

/** Finds the type of a name. @typedef {(name: string) => TypeExpression | undefined} Types */

/**
 * @param {Template} template For messages.
 * @param {Parameter} parameter
 * @param {Value} value
 * @param {Types} types
 */
export function checkParameter(template, parameter, value, types) {
  const place = `${template.path}:${parameter.line} the parameter ${parameter.name}`;
  if (value instanceof Runtime) {
    return;
  }

  const allowed = allowedOf(parameter);
  if (allowed && !allowed.includes(/** @type {any} */ (value))) {
    throw new Error(`${place} must be one of ${allowed.join(', ')}, not ${text(value)}`);
  }

  const size = typeof value === 'number' ? value : typeof value === 'string' || Array.isArray(value) ? value.length : undefined;
  const kind = typeof value === 'number' ? 'Value' : 'Length';
  const [least, most] = [number(parameter, `min${kind}`), number(parameter, `max${kind}`)];
  if (size !== undefined && ((least !== undefined && size < least) || (most !== undefined && size > most))) {
    throw new Error(`${place} is ${size}, outside of ${least ?? ''} to ${most ?? ''}`);
  }

  const problem = typeProblem(parameter.type, value, types);
  if (problem !== undefined) {
    throw new Error(`${place} ${problem}`);
  }
}

/** @param {Parameter} parameter @returns {(string | number)[] | undefined} */
function allowedOf(parameter) {
  const list = parameter.decorators.allowed?.[0];
  return list?.kind === 'array' ? list.items.map((item) => (item.kind === 'string' ? String(item.parts[0]) : item.kind === 'value' ? Number(item.value) : '')) : undefined;
}

/** @param {Parameter} parameter @param {string} decorator */
export function number(parameter, decorator) {
  const argument = parameter.decorators[decorator]?.[0];
  return argument?.kind === 'value' ? Number(argument.value) : undefined;
}

/**
 * @param {TypeExpression} type
 * @param {Value} value
 * @param {Types} types
 * @returns {string | undefined} What is wrong.
 */
function typeProblem(type, value, types) {
  if (value instanceof Runtime) {
    return undefined;
  }

  const named = types(type.text);
  if (named) {
    return typeProblem(named, value, types);
  }

  if (type.choices) {
    return type.choices.includes(/** @type {any} */ (value)) ? undefined : `must be one of ${type.choices.join(', ')}, not ${text(value)}`;
  }

  if (type.properties) {
    return objectProblem(type.properties, value, types);
  }

  if (type.item) {
    return Array.isArray(value) ? value.map((item) => typeProblem(/** @type {TypeExpression} */ (type.item), item, types)).find((problem) => problem) : 'must be a list';
  }

  const kinds = /** @type {Record<string, string>} */ ({ string: 'string', int: 'number', bool: 'boolean' });
  const kind = kinds[type.text];
  return kind === undefined || typeof value === kind ? undefined : `must be of the type ${type.text}, not ${text(value)}`;
}

/** @param {Map<string, TypeExpression>} properties @param {Value} value @param {Types} types */
function objectProblem(properties, value, types) {
  if (!isObject(value)) {
    return 'must be an object';
  }

  const unknown = Object.keys(value).find((key) => !properties.has(key));
  if (unknown !== undefined) {
    return `has no ${unknown}`;
  }

  for (const [name, type] of properties) {
    const given = value[name];
    const problem = given === undefined ? 'is missing' : typeProblem(type, given, types);
    if (problem !== undefined) {
      return `${name}: ${problem}`;
    }
  }

  return undefined;
}
