import { Chain } from './chain/chain.js';
import { Producer } from './chain/producer.js';
import { Faucet } from './faucet.js';
import { lockFolder } from './folderLock.js';
import { startIndexer } from './indexer/server.js';
import { startNode } from './node/server.js';
import { devnetRoutes } from './routes.js';
import { findOther, publish, withdraw } from './standBy.js';

/**
 * A running devnet.
 * @typedef {object} Devnet
 * @property {string} indexer base address
 * @property {string} node base address
 * @property {Chain} chain
 * @property {Faucet} faucet
 * @property {Producer} producer
 * @property {() => Promise<void>} stop finishes the block under way, writes the state down and closes the ports
 */

/**
 * @typedef {object} Waiting
 * @property {number} [patienceMs] how long another devnet may take to leave the folder
 * @property {(other: import('./standBy.js').Other) => void} [onStandBy] Called when a living devnet has the folder. This one then stands by however long that one lives, and takes
 * its place on its ports. Without it, such a folder is refused.
 */

/**
 * @param {Omit<import('./options.js').DevnetOptions, 'exitWithStdin'>} options
 * @param {(error: Error) => void} onFailure called when the chain cannot go on
 * @param {Waiting} [waiting]
 * @returns {Promise<Devnet>}
 */
export async function startDevnet(options, onFailure, { patienceMs = 0, onStandBy } = {}) {
  /** @type {import('./standBy.js').Other | undefined} */
  let other;
  const standBy = async () => {
    if (other || !onStandBy || options.data === undefined) return other !== undefined;
    other = await findOther(options.data);
    if (other) onStandBy(other);
    return other !== undefined;
  };
  const unlock = await lockFolder(options.data, patienceMs, standBy);
  try {
    withdraw(options.data);
    const devnet = await start(other ? { ...options, ...portsOf(other) } : options, onFailure);
    publish(options.data, devnet);
    const stop = async () => {
      withdraw(options.data);
      await devnet.stop();
      await unlock();
    };
    return { ...devnet, stop };
  } catch (error) {
    await unlock();
    throw error;
  }
}

/** @param {import('./standBy.js').Other} other */
const portsOf = ({ indexer, node }) => ({ indexerPort: Number(new URL(indexer).port), nodePort: Number(new URL(node).port) });

/**
 * @param {Omit<import('./options.js').DevnetOptions, 'exitWithStdin'>} options
 * @param {(error: Error) => void} onFailure
 * @returns {Promise<Devnet>}
 */
async function start(options, onFailure) {
  const chain = await Chain.open(options);
  const faucet = new Faucet(chain, options.data);
  const producer = new Producer(chain, faucet, options, onFailure);
  const indexer = await startIndexer(chain, options.host, options.indexerPort, devnetRoutes(chain, faucet, producer));
  const node = await startNode(chain, options.host, options.nodePort);
  const stop = async () => {
    await producer.stop();
    await Promise.all([indexer.close(), node.close()]);
    chain.close();
  };
  return { indexer: indexer.url, node: node.url, chain, faucet, producer, stop };
}
