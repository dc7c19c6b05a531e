// What files pass to each other: the parameters of modules and of parameter files, and the outputs that are read.

import { basename, dirname, join } from 'node:path';
import { bodyOf } from './types.js';

/** @typedef {import('./syntax.js').Template} Template */
/** @typedef {import('./syntax.js').Expression} Expression */

/**
 * @param {Map<string, Template>} templates
 * @returns {string[]} What is wrong.
 */
export function checkModules(templates) {
  /** @type {string[]} */
  const problems = [];
  for (const template of templates.values()) {
    const place = basename(template.path);
    for (const declaration of template.declarations.values()) {
      if (declaration.kind === 'module') {
        const target = templates.get(join(dirname(template.path), declaration.what));
        compare(`${place}:${declaration.line} ${declaration.name}`, passed(bodyOf(declaration)), target, declaration.what, problems);
      }
    }

    if (template.using !== undefined) {
      const target = templates.get(join(dirname(template.path), template.using));
      compare(place, [...template.variables.keys()], target, template.using, problems);
    }

    for (const { names, from } of template.imports) {
      const source = templates.get(join(dirname(template.path), from));
      problems.push(...names.filter((name) => !source?.variables.has(name) && !source?.types.has(name)).map((name) => `${place} imports ${name}, which ${from} does not have`));
    }

    problems.push(...unused(template).map((name) => `${place} does not use ${name}`));
  }

  return problems;
}

/** @param {string} place @param {string[]} given @param {Template | undefined} target @param {string} file @param {string[]} problems */
function compare(place, given, target, file, problems) {
  if (!target) {
    problems.push(`${place} leads to ${file}, which is not there`);
    return;
  }

  for (const name of given.filter((candidate) => !target.parameters.has(candidate))) {
    problems.push(`${place} passes ${name}, which ${file} does not declare`);
  }

  for (const parameter of target.parameters.values()) {
    if (parameter.value === undefined && !parameter.type.text.endsWith('?') && !given.includes(parameter.name)) {
      problems.push(`${place} does not pass ${parameter.name} to ${file}`);
    }
  }
}

/** @param {Expression} body */
function passed(body) {
  const params = body.kind === 'object' ? body.properties.find(({ key }) => key.kind === 'string' && key.parts[0] === 'params')?.value : undefined;
  return params?.kind === 'object' ? params.properties.map(({ key }) => (key.kind === 'string' ? String(key.parts[0]) : '')) : [];
}

/** Parameters and variables that nothing reads. @param {Template} template */
function unused(template) {
  const exported = /@export\(\)/.test(template.text);
  const names = [...template.parameters.keys(), ...(template.using === undefined && !exported ? template.variables.keys() : [])];
  return names.filter((name) => [...template.text.matchAll(new RegExp(`\\b${name}\\b`, 'g'))].length < 2);
}
