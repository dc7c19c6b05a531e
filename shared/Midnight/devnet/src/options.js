import { parseArgs } from 'node:util';

/**
 * @typedef {object} DevnetOptions
 * @property {string | undefined} data Folder of the chain; without it nothing outlives the process.
 * @property {number} indexerPort TCP port of the indexer, 0 for a free one.
 * @property {number} nodePort TCP port of the node's JSON-RPC, 0 for a free one.
 * @property {number} blockTimeMs Milliseconds between two blocks at most.
 * @property {'instant' | 'interval'} blockMode `instant` makes a block as soon as a transaction waits.
 * @property {boolean} fees Real DUST fees instead of a zero fee price.
 * @property {string} host Address to listen on.
 * @property {boolean} exitWithStdin End when standard input closes.
 */

/** Flag → environment variable and default. A flag wins over the environment. */
const SETTINGS = /** @type {const} */ ({
  data: ['MIDNIGHT_DEVNET_DATA', ''],
  'indexer-port': ['MIDNIGHT_DEVNET_INDEXER_PORT', '8088'],
  'node-port': ['MIDNIGHT_DEVNET_NODE_PORT', '9944'],
  'block-time': ['MIDNIGHT_DEVNET_BLOCK_TIME', '1s'],
  'block-mode': ['MIDNIGHT_DEVNET_BLOCK_MODE', 'instant'],
  fees: ['MIDNIGHT_DEVNET_FEES', 'off'],
  host: ['MIDNIGHT_DEVNET_HOST', '127.0.0.1'],
  network: ['MIDNIGHT_DEVNET_NETWORK', 'undeployed'],
});

/** A setting that cannot be used; the message names it. */
export class OptionError extends Error {}

/**
 * Reads the options from the command line and the environment.
 * @param {string[]} args
 * @param {NodeJS.ProcessEnv} env
 * @returns {DevnetOptions}
 * @throws {OptionError} naming the setting at fault
 */
export function readOptions(args, env) {
  const values = parse(args);
  /** @param {keyof typeof SETTINGS} name */
  const get = (name) => values[name] ?? env[SETTINGS[name][0]] ?? SETTINGS[name][1];

  if (get('network') !== 'undeployed') {
    throw new OptionError(`--network must be undeployed: the devnet mints its own NIGHT and never runs as "${get('network')}"`);
  }
  return {
    data: get('data') || undefined,
    indexerPort: port('indexer-port', get('indexer-port')),
    nodePort: port('node-port', get('node-port')),
    blockTimeMs: blockTime(get('block-time')),
    blockMode: oneOf('block-mode', get('block-mode'), /** @type {const} */ (['instant', 'interval'])),
    fees: oneOf('fees', get('fees'), /** @type {const} */ (['off', 'on'])) === 'on',
    host: get('host'),
    exitWithStdin: values['exit-with-stdin'] === 'true',
  };
}

/**
 * @param {string[]} args
 * @returns {Record<string, string | undefined>}
 */
function parse(args) {
  /** @type {Record<string, { type: 'string' | 'boolean' }>} */
  const options = { 'exit-with-stdin': { type: 'boolean' } };
  for (const name of Object.keys(SETTINGS)) options[name] = { type: 'string' };
  try {
    const { values } = parseArgs({ args, options, strict: true });
    return Object.fromEntries(Object.entries(values).map(([name, value]) => [name, String(value)]));
  } catch (error) {
    throw new OptionError(/** @type {Error} */ (error).message);
  }
}

/**
 * @param {string} name
 * @param {string} text
 */
function port(name, text) {
  const value = Number(text);
  if (!/^\d{1,5}$/.test(text) || value > 65535) throw new OptionError(`--${name} must be a TCP port (0 to 65535), not "${text}"`);
  return value;
}

/**
 * `1s`, `500ms` or a .NET TimeSpan (`00:00:01`, `00:00:00.500`).
 * @param {string} text
 * @returns {number} milliseconds
 */
export function blockTime(text) {
  const simple = /^(\d+(?:\.\d+)?)(ms|s)$/.exec(text);
  const span = /^(\d{1,2}):(\d{2}):(\d{2}(?:\.\d{1,7})?)$/.exec(text);
  let ms = Number.NaN;
  if (simple) ms = Number(simple[1]) * (simple[2] === 's' ? 1000 : 1);
  if (span) ms = (Number(span[1]) * 3600 + Number(span[2]) * 60 + Number(span[3])) * 1000;
  if (!(ms >= 10 && ms <= 3_600_000)) {
    throw new OptionError(`--block-time must lie between 10ms and 1 hour, written as 1s, 500ms or 00:00:01, not "${text}"`);
  }
  return Math.round(ms);
}

/**
 * @template {string} T
 * @param {string} name
 * @param {string} text
 * @param {readonly T[]} allowed
 * @returns {T}
 */
function oneOf(name, text, allowed) {
  const found = allowed.find((value) => value === text);
  if (found === undefined) throw new OptionError(`--${name} must be ${allowed.join(' or ')}, not "${text}"`);
  return found;
}
