// A template as plain objects: what it declares, and its expressions.

import { parse } from './parser.js';

/** @typedef {import('./parser.js').SyntaxNode} SyntaxNode */

/**
 * An expression. `line` is where it begins; `grouped` ones stood in parentheses.
 * @typedef {{ line: number, grouped?: boolean } & (
 *   | { kind: 'string', parts: (string | Expression)[] }
 *   | { kind: 'value', value: number | boolean | null }
 *   | { kind: 'name', name: string }
 *   | { kind: 'object', properties: { key: Expression, value: Expression, line: number }[], resources: Declaration[] }
 *   | { kind: 'array', items: Expression[] }
 *   | { kind: 'for', item: string, index: string | undefined, over: Expression, body: Expression }
 *   | { kind: 'if', condition: Expression, body: Expression }
 *   | { kind: 'member', of: Expression, name: string }
 *   | { kind: 'index', of: Expression, index: Expression }
 *   | { kind: 'nested', of: Expression, name: string }
 *   | { kind: 'call', name: string, args: Expression[] }
 *   | { kind: 'lambda', parameters: string[], body: Expression }
 *   | { kind: 'choice', condition: Expression, yes: Expression, no: Expression }
 *   | { kind: 'binary', operator: string, left: Expression, right: Expression }
 *   | { kind: 'unary', operator: string, of: Expression }
 * )} Expression
 */

/**
 * A resource or module. `what` is its type and version, or its file.
 * @typedef {{ kind: 'resource' | 'module', name: string, what: string, existing: boolean, body: Expression, decorators: Record<string, Expression[]>, line: number }} Declaration
 */

/**
 * @typedef {{ name: string, type: TypeExpression, value: Expression | undefined, decorators: Record<string, Expression[]>, line: number }} Parameter
 */

/**
 * @typedef {{ text: string, properties: Map<string, TypeExpression> | undefined, choices: (string | number)[] | undefined, item: TypeExpression | undefined }} TypeExpression
 */

/**
 * @typedef {object} Template
 * @property {string} path
 * @property {string} text
 * @property {string} scope
 * @property {string | undefined} using
 * @property {{ names: string[], from: string }[]} imports
 * @property {Map<string, Parameter>} parameters
 * @property {Map<string, Parameter>} outputs
 * @property {Map<string, { value: Expression, line: number }>} variables
 * @property {Map<string, TypeExpression>} types
 * @property {Map<string, Declaration>} declarations Resources and modules.
 */

/** A template that cannot be read; the message has all places. */
export class SyntaxProblem extends Error {}

/**
 * @param {string} path For messages; a name that ends in .bicepparam is read as parameters.
 * @param {string} text
 * @returns {Promise<Template>}
 */
export async function read(path, text) {
  // The grammar knows no parameters without a type; as variables they are the same length.
  const source = path.endsWith('.bicepparam') ? text.replace(/^param (\w+) =/gm, 'var   $1 =') : text;
  const { root, errors } = await parse(source);
  if (errors.length > 0) {
    throw new SyntaxProblem(errors.map((error) => `${path}:${error}`).join('\n'));
  }

  /** @type {Template} */
  const template = {
    path,
    text,
    scope: 'resourceGroup',
    using: undefined,
    imports: [],
    parameters: new Map(),
    outputs: new Map(),
    variables: new Map(),
    types: new Map(),
    declarations: new Map(),
  };
  /** @type {Record<string, Expression[]>} */
  let decorators = {};
  for (const node of children(root)) {
    if (node.type === 'decorators') {
      decorators = readDecorators(node);
      continue;
    }

    addStatement(template, node, decorators);
    decorators = {};
  }

  return template;
}

/** @param {Template} template @param {SyntaxNode} node @param {Record<string, Expression[]>} decorators */
function addStatement(template, node, decorators) {
  const parts = children(node);
  const name = parts[0]?.text ?? '';
  const line = lineOf(node);
  switch (node.type) {
    case 'parameter_declaration':
    case 'output_declaration': {
      const value = parts[2] ? expression(parts[2]) : undefined;
      const list = node.type === 'parameter_declaration' ? template.parameters : template.outputs;
      list.set(name, { name, type: typeExpression(at(parts, 1)), value, decorators, line });
      return;
    }
    case 'variable_declaration':
      template.variables.set(name, { value: expression(at(parts, 1)), line });
      return;
    case 'type_declaration':
      template.types.set(name, typeExpression(at(parts, 1)));
      return;
    case 'resource_declaration':
    case 'module_declaration':
      template.declarations.set(name, declaration(node, decorators));
      return;
    case 'target_scope_assignment':
      template.scope = literal(at(parts, 0));
      return;
    case 'using_statement':
      template.using = literal(at(parts, 0));
      return;
    case 'import_functionality':
      template.imports.push({ names: parts.slice(0, -1).map((part) => part.text), from: literal(at(parts, parts.length - 1)) });
      return;
    default:
      throw new SyntaxProblem(`${template.path}:${line} a ${node.type} is not known to these checks`);
  }
}

/** @param {SyntaxNode} node @param {Record<string, Expression[]>} decorators @returns {Declaration} */
function declaration(node, decorators) {
  const parts = children(node);
  return {
    kind: node.type === 'module_declaration' ? 'module' : 'resource',
    name: at(parts, 0).text,
    what: literal(at(parts, 1)),
    existing: node.children.some((child) => child.type === 'existing'),
    body: expression(at(parts, 2)),
    decorators,
    line: lineOf(node),
  };
}

/** @param {SyntaxNode} node */
function readDecorators(node) {
  /** @type {Record<string, Expression[]>} */
  const all = {};
  for (const decorator of children(node)) {
    const call = expression(at(children(decorator), 0));
    if (call.kind === 'call') {
      all[call.name] = call.args;
    }
  }

  return all;
}

/** @param {SyntaxNode} node @returns {TypeExpression} */
function typeExpression(node) {
  const parts = children(node);
  /** @type {TypeExpression} */
  const plain = { text: node.text, properties: undefined, choices: undefined, item: undefined };
  switch (node.type) {
    case 'type':
    case 'parenthesized_type':
      return typeExpression(at(parts, 0));
    case 'array_type':
      return { ...plain, item: typeExpression(at(parts, 0)) };
    case 'object': {
      const properties = parts.filter((part) => part.type === 'object_property')
        .map((part) => children(part)).map((pair) => /** @type {const} */ ([keyText(at(pair, 0)), typeExpression(at(pair, 1))]));
      return { ...plain, properties: new Map(properties) };
    }
    case 'union_type':
      return { ...plain, choices: parts.flatMap((part) => typeExpression(part).choices ?? []) };
    case 'string':
      return { ...plain, choices: [literal(node)] };
    case 'number':
      return { ...plain, choices: [Number(node.text)] };
    case 'binary_expression':
      return { ...plain, choices: parts.flatMap((part) => typeExpression(part).choices ?? []) };
    default:
      return plain;
  }
}

/** @param {SyntaxNode} node @returns {Expression} */
function expression(node) {
  const parts = children(node);
  const line = lineOf(node);
  const inner = (/** @type {number} */ index) => expression(at(parts, index));
  switch (node.type) {
    case 'string':
      return { kind: 'string', parts: stringParts(node), line };
    case 'number':
      return { kind: 'value', value: Number(node.text), line };
    case 'boolean':
      return { kind: 'value', value: node.text === 'true', line };
    case 'null':
      return { kind: 'value', value: null, line };
    case 'identifier':
    case 'loop_variable':
    case 'loop_enumerator':
      return { kind: 'name', name: node.text, line };
    case 'object':
      return objectExpression(node);
    case 'array':
      return { kind: 'array', items: items(node).map(expression), line };
    case 'parenthesized_expression':
      return { ...inner(0), grouped: true };
    case 'if_statement':
      return { kind: 'if', condition: inner(0), body: inner(1), line };
    case 'for_statement':
      return forExpression(node);
    case 'member_expression':
      return onto(at(parts, 0), (of) => ({ kind: 'member', of, name: at(parts, 1).text, line }));
    case 'subscript_expression':
      return onto(at(parts, 0), (of) => ({ kind: 'index', of, index: inner(1), line }));
    case 'resource_expression':
      return onto(at(parts, 0), (of) => ({ kind: 'nested', of, name: at(parts, 1).text, line }));
    case 'call_expression':
      return onto(at(parts, 0), (called) => ({ kind: 'call', name: called.kind === 'member' || called.kind === 'name' ? called.name : '', args: children(at(parts, 1)).map(expression), line }));
    case 'lambda_expression': {
      const names = at(parts, 0).type === 'identifier' ? [at(parts, 0)] : children(at(parts, 0));
      return { kind: 'lambda', parameters: names.map((part) => part.text), body: inner(1), line };
    }
    case 'ternary_expression':
      return choice(inner(0), inner(1), inner(2), line);
    case 'binary_expression':
      return { kind: 'binary', operator: node.childForFieldName('operator')?.text ?? '', left: inner(0), right: inner(1), line };
    case 'unary_expression':
      return { kind: 'unary', operator: node.childForFieldName('operator')?.text ?? '', of: inner(0), line };
    default:
      throw new SyntaxProblem(`line ${line}: a ${node.type} is not known to these checks: ${node.text.slice(0, 60)}`);
  }
}

/**
 * The grammar binds `.`, `[]` and `()` looser than operators: it takes `a || b.c` for `(a || b).c`. What follows an operator belongs to its last operand.
 * @param {SyntaxNode} head @param {(of: Expression) => Expression} build @returns {Expression}
 */
const onto = (head, build) => attach(expression(head), build);

/** @param {Expression} first @param {(of: Expression) => Expression} build @returns {Expression} */
function attach(first, build) {
  if (first.grouped) {
    return build(first);
  }

  switch (first.kind) {
    case 'binary':
      return { ...first, right: attach(first.right, build) };
    case 'unary':
      return { ...first, of: attach(first.of, build) };
    case 'choice':
      return { ...first, no: attach(first.no, build) };
    case 'lambda':
      return { ...first, body: attach(first.body, build) };
    default:
      return build(first);
  }
}

/**
 * The grammar takes `a ? b : c ? d : e` for `(a ? b : c) ? d : e`; Bicep's other branch goes to the end.
 * @param {Expression} condition @param {Expression} yes @param {Expression} no @param {number} line @returns {Expression}
 */
function choice(condition, yes, no, line) {
  return condition.kind === 'choice' && !condition.grouped ? { ...condition, no: choice(condition.no, yes, no, line) } : { kind: 'choice', condition, yes, no, line };
}

/** The grammar takes `[call()]` for two items; what it splits without a comma or a new line is refused. @param {SyntaxNode} node */
function items(node) {
  const parts = children(node).filter((part) => part.type !== 'decorators');
  const run = parts.find((part, index) => index > 0 && !/[,\n]/.test(node.text.slice(at(parts, index - 1).endIndex - node.startIndex, part.startIndex - node.startIndex)));
  if (run) {
    throw new SyntaxProblem(`line ${lineOf(run)}: the grammar does not read a call inside of a list: give it a name with var`);
  }

  return parts;
}

/** @param {SyntaxNode} node @returns {Expression} */
function objectExpression(node) {
  /** @type {{ key: Expression, value: Expression, line: number }[]} */
  const properties = [];
  /** @type {Declaration[]} */
  const resources = [];
  for (const property of children(node).filter((part) => part.type === 'object_property')) {
    const parts = children(property);
    const first = at(parts, 0);
    if (first.type === 'resource_declaration') {
      resources.push(declaration(first, {}));
      continue;
    }

    const line = lineOf(property);
    const key = first.type === 'string' ? expression(first) : { kind: /** @type {const} */ ('string'), parts: [first.text], line };
    properties.push({ key, value: expression(at(parts, 1)), line });
  }

  return { kind: 'object', properties, resources, line: lineOf(node) };
}

/** @param {SyntaxNode} node @returns {Expression} */
function forExpression(node) {
  const parts = children(node);
  const head = at(parts, 0);
  const names = head.type === 'for_loop_parameters' ? children(head).map((part) => part.text) : [head.text];
  return { kind: 'for', item: names[0] ?? '', index: names[1], over: expression(at(parts, 1)), body: expression(at(parts, 2)), line: lineOf(node) };
}

/** The text of a string is taken from the source: the grammar drops blanks at its ends. @param {SyntaxNode} node */
function stringParts(node) {
  const quotes = node.text.startsWith("'''") ? 3 : 1;
  const clean = (/** @type {string} */ text) => (quotes === 3 ? text : unescape(text));
  /** @type {(string | Expression)[]} */
  const parts = [];
  let from = quotes;
  for (const hole of node.children.filter((child) => child.type === 'interpolation')) {
    parts.push(clean(node.text.slice(from, hole.startIndex - node.startIndex)), expression(at(children(hole), 0)));
    from = hole.endIndex - node.startIndex;
  }

  parts.push(clean(node.text.slice(from, node.text.length - quotes)));
  return parts.filter((part) => part !== '');
}

/** @param {string} text */
function unescape(text) {
  return text.replace(/\\(u\{([0-9a-fA-F]+)\}|.)/g, (_, all, code) => (code ? String.fromCodePoint(parseInt(code, 16)) : ({ n: '\n', r: '\r', t: '\t' }[/** @type {string} */ (all)] ?? all)));
}

/** @param {SyntaxNode} node */
function literal(node) {
  const parts = stringParts(node);
  return parts.map((part) => (typeof part === 'string' ? part : '')).join('');
}

/** @param {SyntaxNode} node */
const keyText = (node) => (node.type === 'string' ? literal(node) : node.text.replace(/\?$/, ''));

/** @param {SyntaxNode} node */
const children = (node) => node.namedChildren.filter((child) => child.type !== 'comment' && child.type !== 'diagnostic_comment' && child.type !== 'nullable_return_type');

/** @param {SyntaxNode} node */
const lineOf = (node) => node.startPosition.row + 1;

/** @param {SyntaxNode[]} nodes @param {number} index */
function at(nodes, index) {
  const node = nodes[index];
  if (node === undefined) {
    throw new SyntaxProblem(`a part is missing after ${nodes.map((part) => part.text.slice(0, 40)).join(', ')}`);
  }

  return node;
}
