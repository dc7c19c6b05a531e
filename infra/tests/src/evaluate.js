// Evaluates a deployment as Azure would: which resources it makes, with which names, properties and scopes.

import { readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { functions } from './functions.js';
import { Instance, isObject, Runtime, text } from './values.js';
import { checkParameter } from './parameters.js';

/** @typedef {import('./value.js').Value} Value */
/** @typedef {import('./syntax.js').Template} Template */
/** @typedef {import('./syntax.js').Expression} Expression */
/** @typedef {import('./syntax.js').Declaration} Declaration */
/** @typedef {Map<string, Value>} Locals */

/** What a deployment consists of. @typedef {{ resources: Instance[], outputs: Record<string, Value> }} Plan */

/** Something in a template that cannot be deployed; the message begins with its place. */
export class EvaluationProblem extends Error {}

/** A deployed module: its outputs, or none when its condition does not hold. */
class ModuleOutputs {
  /** @param {string} name @param {File | undefined} file */
  constructor(name, file) {
    this.name = name;
    this.file = file;
  }

  /** @param {string} output @returns {Value} */
  get(output) {
    if (!this.file) {
      throw new Error(`the module ${this.name} is not deployed here, but its output ${output} is read`);
    }

    return this.file.output(output);
  }
}

/**
 * @param {Map<string, Template>} templates By their full path.
 * @param {string} path The template to deploy.
 * @param {{ [name: string]: Value }} parameters
 * @returns {Plan}
 */
export function evaluate(templates, path, parameters) {
  const main = new File(templates, path, parameters, { scopeId: '/subscription', environment: {} });
  /** @type {Instance[]} */
  const resources = [];
  main.collect(resources);
  return { resources, outputs: Object.fromEntries([...main.template.outputs.keys()].map((name) => [name, main.output(name)])) };
}

/**
 * @param {Map<string, Template>} templates
 * @param {string} path A file of parameters.
 * @param {Record<string, string>} environment
 * @returns {{ using: string, values: { [name: string]: Value } }} The template's path and its parameters.
 */
export function evaluateParameters(templates, path, environment = {}) {
  const file = new File(templates, path, {}, { scopeId: '/subscription', environment });
  const values = Object.fromEntries([...file.template.variables.keys()].map((name) => [name, file.name(name)]));
  return { using: join(dirname(path), file.template.using ?? ''), values };
}

/** One template with its parameters. Everything is evaluated when it is asked for. */
class File {
  /**
   * @param {Map<string, Template>} templates
   * @param {string} path
   * @param {{ [name: string]: Value }} parameters
   * @param {{ scopeId: string, environment: Record<string, string> }} context
   */
  constructor(templates, path, parameters, context) {
    const template = templates.get(path);
    if (!template) {
      throw new EvaluationProblem(`${path} is not there`);
    }

    this.templates = templates;
    this.path = path;
    this.template = template;
    this.parameters = parameters;
    this.context = context;
    this.functions = functions({ ...context, readText: (file) => readFileSync(join(dirname(path), file), 'utf8') });
    /** @type {Map<string, Value | ModuleOutputs>} */
    this.known = new Map();
    for (const [name, value] of Object.entries(parameters)) {
      const parameter = template.parameters.get(name);
      if (parameter) {
        checkParameter(template, parameter, value, (name) => this.type(name));
      }
    }
  }

  /** @param {string} name */
  type(name) {
    const from = this.template.imports.find((item) => item.names.includes(name))?.from;
    return this.template.types.get(name) ?? (from === undefined ? undefined : this.templates.get(join(dirname(this.path), from))?.types.get(name));
  }

  /** @param {Instance[]} resources Every resource that is made is added. */
  collect(resources) {
    for (const declaration of this.template.declarations.values()) {
      for (const value of [this.name(declaration.name)].flat()) {
        if (value instanceof ModuleOutputs) {
          value.file?.collect(resources);
        } else if (value instanceof Instance) {
          addWithChildren(value, resources);
        }
      }
    }
  }

  /** @param {string} name @returns {Value} */
  output(name) {
    const output = this.template.outputs.get(name);
    if (!output?.value) {
      throw new EvaluationProblem(`${this.path} has no output ${name}`);
    }

    return this.value(output.value, new Map());
  }

  /** A parameter, variable, import, resource or module. @param {string} name @returns {any} */
  name(name) {
    if (!this.known.has(name)) {
      this.known.set(name, this.find(name));
    }

    return this.known.get(name);
  }

  /** @param {string} name @returns {any} */
  find(name) {
    const { parameters, variables, declarations, imports } = this.template;
    const parameter = parameters.get(name);
    if (parameter) {
      const given = this.parameters[name];
      return given !== undefined ? given : parameter.value ? this.value(parameter.value, new Map()) : new Runtime(`the parameter ${name}`);
    }

    const variable = variables.get(name);
    if (variable) {
      return this.value(variable.value, new Map());
    }

    const declaration = declarations.get(name);
    if (declaration) {
      return this.declared(declaration, undefined, new Map());
    }

    const from = imports.find((item) => item.names.includes(name))?.from;
    if (from !== undefined) {
      return new File(this.templates, join(dirname(this.path), from), {}, this.context).name(name);
    }

    throw new EvaluationProblem(`${name} is not declared`);
  }

  /** @param {Declaration} declaration @param {Instance | undefined} parent @param {Locals} locals @returns {any} */
  declared(declaration, parent, locals) {
    const { body } = declaration;
    if (body.kind !== 'for') {
      return this.deploy(declaration, body, parent, locals);
    }

    return this.each(body, locals, (inner, each) => this.deploy(declaration, inner, parent, each));
  }

  /** @param {Declaration} declaration @param {Expression} body @param {Instance | undefined} parent @param {Locals} locals @returns {any} */
  deploy(declaration, body, parent, locals) {
    const present = body.kind !== 'if' || this.value(body.condition, locals) === true;
    const object = body.kind === 'if' ? body.body : body;
    if (object.kind !== 'object') {
      throw new EvaluationProblem(`${this.at(declaration.line)} ${declaration.name} has no body`);
    }

    return declaration.kind === 'module'
      ? new ModuleOutputs(declaration.name, present ? this.module(declaration, object, locals) : undefined)
      : this.resource(declaration, object, parent, present, locals);
  }

  /** @param {Declaration} declaration @param {Expression & { kind: 'object' }} body @param {Locals} locals */
  module(declaration, body, locals) {
    const scope = property(body, 'scope');
    const parameters = property(body, 'params');
    const values = parameters ? this.value(parameters, locals) : {};
    const scopeId = scope ? text(this.value(scope, locals)) : this.context.scopeId;
    return new File(this.templates, join(dirname(this.path), declaration.what), isObject(values) ? values : {}, { ...this.context, scopeId });
  }

  /** @param {Declaration} declaration @param {Expression & { kind: 'object' }} body @param {Instance | undefined} outer @param {boolean} present @param {Locals} locals */
  resource(declaration, body, outer, present, locals) {
    const parentExpression = property(body, 'parent');
    const parent = outer ?? (parentExpression ? this.value(parentExpression, locals) : undefined);
    const [type = '', version] = declaration.what.split('@');
    const name = property(body, 'name');
    const own = name ? text(this.value(name, locals)) : '';
    const scope = property(body, 'scope');
    const target = scope ? this.value(scope, locals) : null;
    const instance = new Instance({
      symbol: declaration.name,
      path: this.path,
      line: declaration.line,
      type: outer ? `${outer.type}/${type}` : type,
      version: version ?? outer?.version ?? '',
      name: parent instanceof Instance ? `${parent.name}/${own}` : own,
      scopeId: target instanceof Instance ? target.id : this.context.scopeId,
      existing: declaration.existing || (outer?.existing === true && declaration.existing),
      present,
    });
    instance.target = target;
    if (present) {
      this.fill(instance, body, locals);
    }

    return instance;
  }

  /** @param {Instance} instance @param {Expression & { kind: 'object' }} body @param {Locals} locals */
  fill(instance, body, locals) {
    for (const { key, value } of body.properties) {
      const name = text(this.value(key, locals));
      if (name === 'dependsOn') {
        this.value(value, locals);
      } else if (name !== 'parent' && name !== 'scope') {
        instance.body[name] = this.value(value, locals);
      }
    }

    /** @type {Map<string, any>} */
    const nested = new Map(body.resources.map((child) => [child.name, this.declared(child, instance, locals)]));
    children.set(instance, nested);
  }

  /** @param {Expression & { kind: 'for' }} loop @param {Locals} locals @param {(body: Expression, locals: Locals) => any} each */
  each(loop, locals, each) {
    const over = this.value(loop.over, locals);
    if (!Array.isArray(over)) {
      throw new EvaluationProblem(`${this.at(loop.line)} a loop over something that is known only when it is deployed`);
    }

    return over.map((item, index) => each(loop.body, new Map([...locals, [loop.item, item], ...(loop.index ? [/** @type {[string, Value]} */ ([loop.index, index])] : [])])));
  }

  /** @param {Expression} expression @param {Locals} locals @returns {any} */
  value(expression, locals) {
    try {
      return this.evaluate(expression, locals);
    } catch (problem) {
      throw problem instanceof EvaluationProblem && /^\S+:\d+ /.test(problem.message)
        ? problem
        : new EvaluationProblem(`${this.at(expression.line)} ${/** @type {Error} */ (problem).message}`);
    }
  }

  /** @param {Expression} expression @param {Locals} locals @returns {any} */
  evaluate(expression, locals) {
    const value = (/** @type {Expression} */ inner) => this.value(inner, locals);
    switch (expression.kind) {
      case 'string': {
        const parts = expression.parts.map((part) => (typeof part === 'string' ? part : value(part)));
        return parts.length === 1 && parts[0] instanceof Runtime ? parts[0] : parts.map(text).join('');
      }
      case 'value':
        return expression.value;
      case 'name':
        return locals.has(expression.name) ? locals.get(expression.name) : this.name(expression.name);
      case 'array':
        return expression.items.map(value);
      case 'object':
        return Object.fromEntries(expression.properties.map((item) => [text(value(item.key)), value(item.value)]));
      case 'for':
        return this.each(expression, locals, (body, each) => this.value(body, each));
      case 'choice':
        return value(expression.condition) === true ? value(expression.yes) : value(expression.no);
      case 'binary':
        return this.binary(expression, locals);
      case 'unary':
        return expression.operator === '!' ? value(expression.of) !== true : -Number(value(expression.of));
      case 'lambda':
        return (/** @type {Value[]} */ ...args) => this.value(expression.body, new Map([...locals, ...expression.parameters.map((name, index) => /** @type {[string, Value]} */ ([name, args[index] ?? null]))]));
      case 'call': {
        const called = this.functions[expression.name];
        if (!called) {
          throw new Error(`the function ${expression.name} is not known to these checks`);
        }

        return called(...expression.args.map(value));
      }
      case 'nested':
        return children.get(value(expression.of))?.get(expression.name) ?? fail(`${expression.name} is not declared there`);
      case 'member':
        return member(value(expression.of), expression.name);
      case 'index':
        return member(value(expression.of), value(expression.index));
      default:
        throw new Error(`a ${expression.kind} cannot stand here`);
    }
  }

  /** @param {Expression & { kind: 'binary' }} expression @param {Locals} locals @returns {Value} */
  binary(expression, locals) {
    const left = this.value(expression.left, locals);
    const right = () => this.value(expression.right, locals);
    switch (expression.operator) {
      case '&&':
        return left === true && right() === true;
      case '||':
        return left === true || right() === true;
      case '==':
        return text(left) === text(right());
      case '!=':
        return text(left) !== text(right());
      case '??':
        return left === null ? right() : left;
      case '+':
        return Number(left) + Number(right());
      case '-':
        return Number(left) - Number(right());
      case '>':
        return Number(left) > Number(right());
      case '<':
        return Number(left) < Number(right());
      default:
        throw new Error(`the operator ${expression.operator} is not known to these checks`);
    }
  }

  /** @param {number} line */
  at(line) {
    return `${relative(process.cwd(), this.path)}:${line}`;
  }
}

/** @type {WeakMap<Instance, Map<string, any>>} The resources that were declared inside of another. */
const children = new WeakMap();

/** @param {Instance} instance @param {Instance[]} resources */
function addWithChildren(instance, resources) {
  if (!instance.present) {
    return;
  }

  if (!instance.existing) {
    resources.push(instance);
  }

  for (const child of [...(children.get(instance)?.values() ?? [])].flat()) {
    addWithChildren(child, resources);
  }
}

/** @param {any} value @param {string | number} name @returns {any} */
function member(value, name) {
  if (value instanceof ModuleOutputs) {
    return name === 'outputs' ? new Outputs(value) : fail(`a module has no ${name}`);
  }

  if (value instanceof Outputs) {
    return value.of.get(String(name));
  }

  if (value instanceof Instance) {
    return value.present ? value.member(String(name)) : fail(`${value.symbol} is not deployed here, but its ${name} is read`);
  }

  if (value instanceof Runtime) {
    return new Runtime(`${value.source}.${name}`);
  }

  const found = value === null || value === undefined ? undefined : value[name];
  return found === undefined ? fail(`there is no ${name}`) : found;
}

class Outputs {
  /** @param {ModuleOutputs} of */
  constructor(of) {
    this.of = of;
  }
}

/** @param {string} message @returns {never} */
function fail(message) {
  throw new Error(message);
}

/** @param {Expression & { kind: 'object' }} object @param {string} name */
function property(object, name) {
  return object.properties.find(({ key }) => key.kind === 'string' && key.parts.length === 1 && key.parts[0] === name)?.value;
}
