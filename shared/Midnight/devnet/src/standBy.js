import fs from 'node:fs';
import path from 'node:path';

/** @typedef {{ indexer: string, node: string }} Endpoints */
/** @typedef {Endpoints & { height: number }} Other */

const FILE = 'endpoints.json';
const ANSWER_MS = 2000;

/**
 * Writes down where the devnet of a folder answers, for others that are started on the folder.
 * @param {string | undefined} folder
 * @param {Endpoints} endpoints
 */
export function publish(folder, { indexer, node }) {
  if (folder === undefined) return;
  const file = path.join(folder, FILE);
  fs.writeFileSync(`${file}.tmp`, JSON.stringify({ indexer, node }), { mode: 0o600 });
  fs.renameSync(`${file}.tmp`, file);
}

/** @param {string | undefined} folder */
export function withdraw(folder) {
  if (folder !== undefined) fs.rmSync(path.join(folder, FILE), { force: true });
}

/**
 * The devnet that holds a folder, if it answers.
 * @param {string} folder
 * @returns {Promise<Other | undefined>}
 */
export async function findOther(folder) {
  try {
    /** @type {Endpoints} */
    const { indexer, node } = JSON.parse(fs.readFileSync(path.join(folder, FILE), 'utf8'));
    const body = JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'chain_getHeader', params: [] });
    const answer = await fetch(node, { method: 'POST', headers: { 'content-type': 'application/json' }, body, signal: AbortSignal.timeout(ANSWER_MS) });
    const { result } = /** @type {{ result: { number: string } }} */ (await answer.json());
    return { indexer, node, height: Number(result.number) };
  } catch {
    // It starts or ends: whoever asks asks again.
    return undefined;
  }
}
