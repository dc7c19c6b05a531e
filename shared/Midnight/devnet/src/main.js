import { startDevnet } from './devnet.js';
import { log } from './log.js';
import { OptionError, readOptions } from './options.js';

/** @param {unknown} error */
function fail(error) {
  const isOption = error instanceof OptionError;
  log('error', isOption ? 'options.invalid' : 'devnet.failed', { message: error instanceof Error ? error.message : String(error) });
  process.exit(isOption ? 2 : 1);
}

async function main() {
  const options = readOptions(process.argv.slice(2), process.env);
  const devnet = await startDevnet(options, fail);
  let stopping = false;
  const stop = (/** @type {string} */ reason) => {
    if (stopping) return;
    stopping = true;
    log('info', 'devnet.stopping', { reason });
    devnet.stop().then(() => process.exit(0), fail);
  };
  process.on('SIGTERM', () => stop('SIGTERM'));
  process.on('SIGINT', () => stop('SIGINT'));
  if (options.exitWithStdin) process.stdin.on('end', () => stop('stdin')).on('error', () => stop('stdin')).resume();
  const ready = { event: 'ready', indexer: devnet.indexer, node: devnet.node, height: devnet.chain.tip.height, pid: process.pid };
  process.stdout.write(`${JSON.stringify(ready)}\n`);
}

main().catch(fail);
