import { setTimeout as sleep } from 'node:timers/promises';
import { log } from '../log.js';
import { PreludeRefused } from './chain.js';

/**
 * Decides when a block is made: at least one every `blockTimeMs`, and in `instant` mode as soon as something waits.
 */
export class Producer {
  #chain;
  #faucet;
  #options;
  #paused = false;
  #stopped = false;
  /** @type {NodeJS.Timeout | undefined} */ #timer;
  #scheduled = false;
  /** @type {Promise<void>} */ #running = Promise.resolve();
  #onFailure;

  /**
   * @param {import('./chain.js').Chain} chain
   * @param {import('../faucet.js').Faucet} faucet
   * @param {{ blockTimeMs: number, blockMode: 'instant' | 'interval' }} options
   * @param {(error: Error) => void} onFailure called once when a block could not be written
   */
  constructor(chain, faucet, options, onFailure) {
    this.#chain = chain;
    this.#faucet = faucet;
    this.#options = options;
    this.#onFailure = onFailure;
    chain.on('waiting', () => this.#wake());
    faucet.on('waiting', () => this.#wake());
    this.#arm();
  }

  get paused() {
    return this.#paused;
  }

  pause() {
    this.#paused = true;
    clearTimeout(this.#timer);
  }

  resume() {
    this.#paused = false;
    this.#arm();
    this.#wake();
  }

  /** Makes a block now, also while paused. */
  async makeBlock() {
    await this.#running;
    await this.#run();
  }

  /** Waits for the block under way and makes no more. */
  async stop() {
    this.#stopped = true;
    clearTimeout(this.#timer);
    await this.#running;
  }

  #arm() {
    clearTimeout(this.#timer);
    if (this.#stopped || this.#paused) return;
    this.#timer = setTimeout(() => void this.#run(), this.#options.blockTimeMs);
  }

  #wake() {
    if (this.#options.blockMode !== 'instant' || this.#paused || this.#stopped || this.#scheduled) return;
    this.#scheduled = true;
    // After the requests that the event loop has already received, so that they share a block.
    setImmediate(() => {
      this.#scheduled = false;
      if (!this.#paused) void this.#run();
    });
  }

  #run() {
    this.#running = this.#running.then(() => this.#produceOne());
    return this.#running;
  }

  async #produceOne() {
    if (this.#stopped) return;
    try {
      const { restMs } = this.#chain;
      if (restMs > 0) await sleep(restMs);
      await this.#produceWithFaucet();
    } catch (error) {
      this.#stopped = true;
      log('error', 'block.failed', { message: /** @type {Error} */ (error).message });
      this.#onFailure(/** @type {Error} */ (error));
      return;
    }
    this.#arm();
    const waits = this.#chain.mempool.size > 0 || this.#faucet.waits;
    if (waits) this.#wake();
  }

  async #produceWithFaucet() {
    const order = await this.#faucet.prepare();
    try {
      this.#faucet.settle(await this.#chain.produce(order));
    } catch (error) {
      if (!(error instanceof PreludeRefused)) throw error;
      this.#faucet.fail(error.message);
      await this.#chain.produce();
    }
  }
}
