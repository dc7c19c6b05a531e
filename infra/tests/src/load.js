// All templates of a folder.

import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { read } from './syntax.js';

/** @typedef {import('./syntax.js').Template} Template */

/** infra/bicep. */
export const folder = fileURLToPath(new URL('../../bicep', import.meta.url));

/** @param {string} root @returns {string[]} Templates and files of parameters under it, by their full path. */
export function files(root = folder) {
  return readdirSync(root, { recursive: true, encoding: 'utf8' }).filter((name) => /\.bicep(param)?$/.test(name)).map((name) => resolve(join(root, name))).sort();
}

/**
 * @param {Record<string, string>} changed Texts that stand for files, by their path under the root; how tests break a template.
 * @param {string} root
 * @returns {Promise<Map<string, Template>>} By full path.
 */
export async function load(changed = {}, root = folder) {
  /** @type {Map<string, Template>} */
  const templates = new Map();
  const paths = new Set([...files(root), ...Object.keys(changed).map((name) => resolve(join(root, name)))]);
  const texts = new Map(Object.entries(changed).map(([name, text]) => [resolve(join(root, name)), text]));
  for (const path of paths) {
    templates.set(path, await read(path, texts.get(path) ?? readFileSync(path, 'utf8')));
  }

  return templates;
}
