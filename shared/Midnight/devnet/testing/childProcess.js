import { spawn } from 'node:child_process';
import { once } from 'node:events';
import readline from 'node:readline';
import { fileURLToPath } from 'node:url';

const MAIN = fileURLToPath(new URL('../src/main.js', import.meta.url));

/**
 * Starts the devnet as a process of its own, as a host does.
 * @param {import('node:test').TestContext} t
 * @param {string[]} args
 * @param {{ withoutHost?: boolean }} [options] withoutHost: standard input is closed from the start
 */
export async function startProcess(t, args, { withoutHost = false } = {}) {
  const child = spawn(process.execPath, [MAIN, '--indexer-port', '0', '--node-port', '0', ...args], { stdio: ['pipe', 'pipe', 'pipe'] });
  if (withoutHost) child.stdin.end();
  let errors = '';
  child.stderr.on('data', (chunk) => {
    errors += chunk;
  });
  const exited = once(child, 'exit');
  t.after(async () => {
    child.kill('SIGKILL');
    await exited;
  });
  const lines = readline.createInterface({ input: child.stdout });
  const first = await Promise.race([once(lines, 'line'), exited]);
  const ready = typeof first[0] === 'string' ? JSON.parse(first[0]) : undefined;
  return { child, ready, exited, errors: () => errors };
}
