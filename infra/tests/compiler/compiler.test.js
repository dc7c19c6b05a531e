// With the official compiler, whose program BICEP names: every template compiles without a warning, and the compiler predicts the resources that the other tests look at.

import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { test } from 'node:test';
import { evaluate, evaluateParameters } from '../src/evaluate.js';
import { files, folder, load } from '../src/load.js';
import { Instance, isObject, Runtime } from '../src/values.js';

const guid = /[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/;
const compiler = process.env.BICEP ?? 'bicep';
const environment = { ...process.env, DOTNET_SYSTEM_GLOBALIZATION_INVARIANT: '1' };
const templates = await load();

/** @param {string} command @param {string} path */
function messages(command, path) {
  const { status, stderr, stdout } = spawnSync(compiler, [command, path, ...(command === 'lint' ? [] : ['--stdout'])], { encoding: 'utf8', env: environment, maxBuffer: 64 * 1024 * 1024 });
  return { status, said: command === 'lint' ? stdout + stderr : stderr };
}

test('main.bicep compiles, and the linter has nothing to say', () => {
  for (const command of ['build', 'lint']) {
    assert.deepEqual(messages(command, join(folder, 'main.bicep')), { status: 0, said: '' }, command);
  }
});

for (const path of files().filter((file) => file.endsWith('.bicepparam'))) {
  test(`${basename(path)} compiles`, () => {
    assert.deepEqual(messages('build-params', path), { status: 0, said: '' });
  });
}

for (const size of ['dev', 'saas', 'enterprise']) {
  test(`${size}: the compiler predicts what was evaluated`, () => {
    const copy = mkdtempSync(join(tmpdir(), 'midnightos-'));
    try {
      cpSync(folder, copy, { recursive: true });
      const subscription = '00000000-0000-0000-0000-000000000000';
      execFileSync(compiler, ['snapshot', join(copy, `${size}.bicepparam`), '--mode', 'overwrite', '--subscription-id', subscription, '--location', 'westeurope'], { env: environment });
      const snapshot = JSON.parse(readFileSync(join(copy, `${size}.snapshot.json`), 'utf8'));
      const { using, values } = evaluateParameters(templates, join(folder, `${size}.bicepparam`));
      const { resources } = evaluate(templates, using, values);
      const [mine, theirs] = [neutral(resources, evaluated), neutral(snapshot.predictedResources, predicted)];
      assert.deepEqual(mine.map((resource, index) => known(resource, theirs[index])), theirs);
    } finally {
      rmSync(copy, { recursive: true });
    }
  });
}

/**
 * Hashes differ from Azure's; everything else has to be the same.
 * @param {any[]} resources @param {(resource: any) => any[]} facts
 */
function neutral(resources, facts) {
  const token = /^id-api-(\w+)$/.exec(resources.map(({ name }) => name).find((name) => name.startsWith('id-api-')))?.[1] ?? '';
  return resources.map((resource) => {
    const [name, ...rest] = facts(resource);
    // The compiler does not know the cloud, nor what GUIDs are made of.
    const own = name.startsWith('[') || name.includes('core.windows.net') || guid.test(name) ? '<later>' : name;
    return JSON.stringify([own, ...rest]).replaceAll(token, '<token>').replaceAll(new RegExp(guid, 'g'), '<guid>');
  }).sort().map((resource) => JSON.parse(resource));
}

/** @param {Instance} resource */
const evaluated = (resource) => [resource.name, resource.type, resource.version, plain(resource.body.properties ?? null), plain(resource.body.sku ?? null)];

/** @param {any} resource */
const predicted = (resource) => [resource.name, resource.type, resource.apiVersion, plain(resource.properties ?? null), plain(resource.sku ?? null)];

/** What the compiler leaves open is left open. @param {any} mine @param {any} theirs @returns {any} */
function known(mine, theirs) {
  if (theirs === '<later>') {
    return theirs;
  }

  if (Array.isArray(mine) && Array.isArray(theirs)) {
    return mine.map((item, index) => known(item, theirs[index]));
  }

  return isObject(mine) && isObject(theirs) ? Object.fromEntries(Object.entries(mine).map(([key, item]) => [key, known(item, theirs[key])])) : mine;
}

/** @param {any} value @returns {any} Keys in order, without nulls, and one word for what is known only at deployment. */
function plain(value) {
  if (value instanceof Runtime || (typeof value === 'string' && (value.includes('‹') || value.includes('core.windows.net') || value.startsWith('[')))) {
    return '<later>';
  }

  if (typeof value === 'string') {
    return value.replace(/^(\/subscriptions\/[^/]+|\/subscription)(\/providers\/Microsoft\.Resources)?\/resourceGroups\/[^/]+/, '/group').replace(/^\/subscriptions\/[^/]+/, '/subscription');
  }

  if (Array.isArray(value)) {
    return value.map(plain);
  }

  return isObject(value) ? Object.fromEntries(Object.keys(value).sort().filter((key) => value[key] !== null).map((key) => [key, plain(value[key])])) : value;
}
