import { GraphQLError, Kind } from 'graphql';

/** The official indexer's defaults. */
const MAX_DEPTH = 15;
const MAX_FIELDS = 200;

/** @typedef {{ depth: number, fields: number }} Size */
/** @typedef {import('graphql').SelectionSetNode} SelectionSetNode */

/**
 * Validation rule: no operation is deeper or asks for more fields than the official indexer allows.
 * @param {import('graphql').ValidationContext} context
 * @returns {import('graphql').ASTVisitor}
 */
export function sizeLimit(context) {
  /** @type {Map<string, Size>} */
  const fragments = new Map();
  /** @type {(set: SelectionSetNode | undefined) => Size} */
  const measure = (set) => {
    const total = { depth: 0, fields: 0 };
    for (const selection of set?.selections ?? []) {
      const size = measureOne(selection);
      total.depth = Math.max(total.depth, size.depth);
      // Bounded, because fragments that use fragments grow exponentially.
      total.fields = Math.min(total.fields + size.fields, MAX_FIELDS + 1);
    }
    return total;
  };
  /** @type {(selection: import('graphql').SelectionNode) => Size} */
  const measureOne = (selection) => {
    if (selection.kind === Kind.INLINE_FRAGMENT) return measure(selection.selectionSet);
    if (selection.kind === Kind.FRAGMENT_SPREAD) return measureFragment(selection.name.value);
    // What describes the schema is fixed and small.
    if (selection.name.value.startsWith('__')) return { depth: 0, fields: 0 };
    const inner = measure(selection.selectionSet);
    return { depth: inner.depth + 1, fields: inner.fields + 1 };
  };
  /** @type {(name: string) => Size} */
  const measureFragment = (name) => {
    const known = fragments.get(name);
    if (known) return known;
    // Stands for itself inside a cycle, which another rule refuses.
    fragments.set(name, { depth: 0, fields: 0 });
    const size = measure(context.getFragment(name)?.selectionSet);
    fragments.set(name, size);
    return size;
  };
  return {
    OperationDefinition(node) {
      const { depth, fields } = measure(node.selectionSet);
      if (depth > MAX_DEPTH) context.reportError(new GraphQLError('Query is nested too deep.', { nodes: node }));
      if (fields > MAX_FIELDS) context.reportError(new GraphQLError('Query is too complex.', { nodes: node }));
    },
  };
}

/**
 * Validation rule for HTTP.
 * @param {import('graphql').ValidationContext} context
 * @returns {import('graphql').ASTVisitor}
 */
export function noSubscriptions(context) {
  return {
    OperationDefinition(node) {
      if (node.operation === 'subscription') {
        context.reportError(new GraphQLError('Subscriptions are served on the WebSocket path alone.', { nodes: node }));
      }
    },
  };
}
