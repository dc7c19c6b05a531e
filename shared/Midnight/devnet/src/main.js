import { startDevnet } from './devnet.js';
import { log } from './log.js';
import { OptionError, readOptions } from './options.js';

/** The devnet of a host that died a moment ago ends with it, but may have a block or a snapshot to finish. */
const PREDECESSOR_MS = 20_000;

/** @param {unknown} error */
function fail(error) {
  const isOption = error instanceof OptionError;
  log('error', isOption ? 'options.invalid' : 'devnet.failed', { message: error instanceof Error ? error.message : String(error) });
  process.exit(isOption ? 2 : 1);
}

async function main() {
  const options = readOptions(process.argv.slice(2), process.env);
  /** @type {import('./devnet.js').Devnet | undefined} */
  let devnet;
  let stopping = false;
  const stop = (/** @type {string} */ reason) => {
    if (stopping) return;
    stopping = true;
    log('info', 'devnet.stopping', { reason });
    // Before it is started there is nothing to write down.
    if (devnet) devnet.stop().then(() => process.exit(0), fail);
    else process.exit(0);
  };
  process.on('SIGTERM', () => stop('SIGTERM'));
  // A terminal sends Ctrl-C to the children too; one that belongs to a host ends when the host says so.
  process.on('SIGINT', () => options.exitWithStdin || stop('SIGINT'));
  if (options.exitWithStdin) process.stdin.on('end', () => stop('stdin')).on('error', () => stop('stdin')).resume();
  let standsBy = false;
  const onStandBy = (/** @type {import('./standBy.js').Other} */ other) => {
    standsBy = true;
    ready(other);
  };

  // Who starts a devnet by hand is told that the folder is in use; a host shares the chain of another host on its folder.
  devnet = await startDevnet(options, fail, options.exitWithStdin ? { patienceMs: PREDECESSOR_MS, onStandBy } : {});
  if (standsBy) log('info', 'devnet.took-over', { height: devnet.chain.tip.height });
  else ready({ indexer: devnet.indexer, node: devnet.node, height: devnet.chain.tip.height });
}

/** @param {import('./standBy.js').Other} answering */
const ready = ({ indexer, node, height }) => void process.stdout.write(`${JSON.stringify({ event: 'ready', indexer, node, height, pid: process.pid })}\n`);

main().catch(fail);
