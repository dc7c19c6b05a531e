import fs from 'node:fs';
import { GraphQLError, GraphQLInt, buildSchema, valueFromASTUntyped } from 'graphql';
import { fromHex } from '../bytes.js';
import { queries, subscriptions } from './resolvers.js';

/** @typedef {import('graphql').GraphQLScalarType} GraphQLScalarType */

/** The served subset of the official indexer's schema v4, with its resolvers. */
export function indexerSchema() {
  widenInt();
  const schema = buildSchema(fs.readFileSync(new URL('./schema.graphql', import.meta.url), 'utf8'));
  const query = schema.getQueryType()?.getFields() ?? {};
  for (const [name, resolve] of Object.entries(queries)) {
    /** @type {import('graphql').GraphQLField<unknown, any>} */ (query[name]).resolve = (_, args, context) => resolve(/** @type {any} */ (args), context);
  }
  const subscription = schema.getSubscriptionType()?.getFields() ?? {};
  for (const [name, subscribe] of Object.entries(subscriptions)) {
    const field = /** @type {import('graphql').GraphQLField<unknown, any>} */ (subscription[name]);
    field.subscribe = (_, args, context) => subscribe(args, context);
    field.resolve = (item) => item;
  }
  const hex = /** @type {GraphQLScalarType} */ (schema.getType('HexEncoded'));
  hex.parseValue = (value) => {
    if (typeof value !== 'string' || !fromHex(value)) throw new GraphQLError('HexEncoded must be a string of hex digits');
    return value;
  };
  hex.parseLiteral = (node, variables) => hex.parseValue(valueFromASTUntyped(node, variables));
  const address = /** @type {GraphQLScalarType} */ (schema.getType('UnshieldedAddress'));
  address.parseValue = (value) => {
    if (typeof value !== 'string') throw new GraphQLError('UnshieldedAddress must be a string');
    return value;
  };
  address.parseLiteral = (node, variables) => address.parseValue(valueFromASTUntyped(node, variables));
  return schema;
}

/**
 * The official indexer's `Int` holds 64-bit numbers (block times in milliseconds), GraphQL's own 32 bits. A schema cannot
 * replace a built-in scalar, so that the one of this process is widened to what a JSON number holds exactly.
 */
function widenInt() {
  const check = (/** @type {unknown} */ value) => {
    if (typeof value !== 'number' || !Number.isSafeInteger(value)) throw new GraphQLError('Int must be a whole number below 2^53');
    return value;
  };
  const input = (/** @type {unknown} */ value) => {
    if (check(value) < 0) throw new GraphQLError('Int must not be negative');
    return /** @type {number} */ (value);
  };
  GraphQLInt.serialize = check;
  GraphQLInt.parseValue = input;
  GraphQLInt.parseLiteral = (node, variables) => input(valueFromASTUntyped(node, variables));
}
