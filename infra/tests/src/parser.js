// Text to a syntax tree, by tree-sitter.

import { createRequire } from 'node:module';
import Parser from 'web-tree-sitter';

const require = createRequire(import.meta.url);

/** @typedef {import('web-tree-sitter').SyntaxNode} SyntaxNode */

/** @type {Promise<Parser> | undefined} */
let parser;

async function load() {
  await Parser.init();
  const made = new Parser();
  made.setLanguage(await Parser.Language.load(require.resolve('tree-sitter-bicep/tree-sitter-bicep.wasm')));
  return made;
}

/**
 * @param {string} text
 * @returns {Promise<{ root: SyntaxNode, errors: string[] }>} The tree, and where it has errors, as "line:column text".
 */
export async function parse(text) {
  parser ??= load();
  const tree = (await parser).parse(text);
  /** @type {string[]} */
  const errors = [];
  collectErrors(tree.rootNode, errors);
  return { root: tree.rootNode, errors };
}

/** @param {SyntaxNode} node @param {string[]} errors */
function collectErrors(node, errors) {
  if (!node.hasError) {
    return;
  }

  if (node.type === 'ERROR' || node.isMissing) {
    errors.push(`${node.startPosition.row + 1}:${node.startPosition.column + 1} ${node.isMissing ? `missing ${node.type}` : JSON.stringify(node.text.slice(0, 60))}`);
    return;
  }

  for (const child of node.children) {
    collectErrors(child, errors);
  }
}
