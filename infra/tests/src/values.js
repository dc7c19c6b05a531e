// What expressions evaluate to. What Azure knows only when it deploys stays a `Runtime` value that says where it comes from.

/** @typedef {import('./value.js').Value} Value */

/** A value that is known only when it is deployed. */
export class Runtime {
  /** @param {string} source Such as "<id of a resource>.properties.endpoint". */
  constructor(source) {
    this.source = source;
  }

  toString() {
    return `‹${this.source}›`;
  }
}

/** Types and names by turns, as Azure writes an id: namespace/type/name/type/name. @param {string} type @param {string} name */
export function idOf(type, name) {
  const [namespace, ...types] = type.split('/');
  const names = name.split('/');
  return [namespace, ...types.flatMap((part, index) => [part, names[index] ?? ''])].join('/');
}

/** A resource of the deployment, or one that has to be there (`existing`). */
export class Instance {
  /**
   * @param {{ symbol: string, path: string, line: number, type: string, version: string, name: string, scopeId: string, existing: boolean, present: boolean }} facts
   */
  constructor(facts) {
    this.symbol = facts.symbol;
    this.path = facts.path;
    this.line = facts.line;
    this.type = facts.type;
    this.version = facts.version;
    /** The names of its parents and its own, with slashes between. */
    this.name = facts.name;
    this.existing = facts.existing;
    /** Whether its condition holds. */
    this.present = facts.present;
    this.id = `${facts.scopeId}/providers/${idOf(facts.type, facts.name)}`;
    /** @type {{ [key: string]: Value }} */
    this.body = {};
    /** @type {Value} What it extends, such as the resource of a role assignment; null for its resource group or subscription. */
    this.target = null;
  }

  /** @param {string} member @returns {Value} */
  member(member) {
    switch (member) {
      case 'id':
        return this.id;
      case 'name':
        return this.name.split('/').at(-1) ?? '';
      case 'type':
        return this.type;
      default:
        return new Runtime(`${this.id}.${member}`);
    }
  }

  toString() {
    return this.id;
  }
}

/** @param {Value} value @returns {string} */
export function text(value) {
  if (value === null) {
    return '';
  }

  return typeof value === 'object' && !(value instanceof Runtime) && !(value instanceof Instance) ? JSON.stringify(value) : String(value);
}

/** @param {Value | undefined} value @returns {value is { [key: string]: Value }} */
export const isObject = (value) => typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof Runtime) && !(value instanceof Instance);
