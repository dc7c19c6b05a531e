import assert from 'node:assert/strict';
import fs from 'node:fs';
import test from 'node:test';
import { getNamedType, isEnumType, isInputObjectType, isInterfaceType, isObjectType, isScalarType, isUnionType } from 'graphql';
import { fixture } from '../testing/fixtures.js';
import { indexerSchema } from '../src/indexer/schema.js';

const official = fixture('indexer-v4-types.json');
const BUILT_IN = new Set(['Int', 'String', 'Boolean', 'Float', 'ID']);

/** @param {any} field */
function describe(field) {
  if (!field.args?.length) return String(field.type);
  return { args: Object.fromEntries(field.args.map((/** @type {any} */ arg) => [arg.name, String(arg.type)])), type: String(field.type) };
}

/** @param {import('graphql').GraphQLNamedType} type */
function kindOf(type) {
  const kinds = /** @type {const} */ ([[isObjectType, 'object'], [isInterfaceType, 'interface'], [isInputObjectType, 'input'], [isEnumType, 'enum'], [isUnionType, 'union'], [isScalarType, 'scalar']]);
  return kinds.find(([is]) => is(type))?.[1];
}

test('schema_EveryServedTypeFieldAndArgument_IsTheOfficialOne', { skip: official.skip }, () => {
  /** @type {Record<string, any>} */
  const expected = JSON.parse(fs.readFileSync(official.file, 'utf8'));
  const types = Object.values(indexerSchema().getTypeMap()).filter(({ name }) => !name.startsWith('__') && !BUILT_IN.has(name));
  assert.ok(types.length > 45);
  for (const type of types) {
    const wanted = expected[type.name];
    assert.ok(wanted, `${type.name} is no official type`);
    assert.equal(kindOf(type), wanted.kind, type.name);
    if (isEnumType(type)) assert.deepEqual(type.getValues().map(({ name }) => name), wanted.values);
    if (isUnionType(type)) assert.deepEqual(type.getTypes().map(({ name }) => name).sort(), [...wanted.types].sort());
    if (isInputObjectType(type)) assert.equal(type.isOneOf, wanted.oneOf, type.name);
    if (isObjectType(type) || isInterfaceType(type)) {
      assert.deepEqual(type.getInterfaces().map(({ name }) => name), wanted.implements ?? [], type.name);
    }
    if (isObjectType(type) || isInterfaceType(type) || isInputObjectType(type)) {
      const isRoot = type.name === 'Query' || type.name === 'Subscription';
      for (const field of Object.values(type.getFields())) assert.deepEqual(describe(field), wanted.fields[field.name], `${type.name}.${field.name}`);
      // What is reached is whole: only the two root types are a subset.
      if (!isRoot) assert.deepEqual(Object.keys(type.getFields()).sort(), Object.keys(wanted.fields).sort(), type.name);
    }
  }
});

test('schema_Roots_ServeWhatWalletsUse', () => {
  const schema = indexerSchema();
  assert.deepEqual(Object.keys(schema.getQueryType()?.getFields() ?? {}).sort(), ['block', 'contractAction', 'transactions']);
  assert.deepEqual(Object.keys(schema.getSubscriptionType()?.getFields() ?? {}).sort(), [
    'blocks', 'contractActions', 'dustLedgerEvents', 'unshieldedTransactions', 'zswapLedgerEvents',
  ]);
  assert.equal(getNamedType(schema.getQueryType()?.getFields()['block']?.type)?.name, 'Block');
});
