import { Chain } from './chain/chain.js';
import { Producer } from './chain/producer.js';
import { Faucet } from './faucet.js';
import { lockFolder } from './folderLock.js';
import { startIndexer } from './indexer/server.js';
import { startNode } from './node/server.js';
import { devnetRoutes } from './routes.js';

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
 * @param {Omit<import('./options.js').DevnetOptions, 'exitWithStdin'>} options
 * @param {(error: Error) => void} onFailure called when the chain cannot go on
 * @param {number} [patienceMs] how long another devnet may take to leave the folder
 * @returns {Promise<Devnet>}
 */
export async function startDevnet(options, onFailure, patienceMs = 0) {
  const unlock = await lockFolder(options.data, patienceMs);
  try {
    const devnet = await start(options, onFailure);
    return { ...devnet, stop: () => devnet.stop().then(unlock) };
  } catch (error) {
    await unlock();
    throw error;
  }
}

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
