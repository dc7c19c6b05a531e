/**
 * Chain time in milliseconds. It never goes back, neither within a run when the machine's clock is set back nor across
 * restarts, and can be moved ahead by tests.
 */
export class ChainClock {
  #last;
  #offset = 0;
  #wall;

  /**
   * @param {number} atLeast milliseconds of the last block
   * @param {() => number} [wall] the machine's clock
   */
  constructor(atLeast, wall = Date.now) {
    this.#last = atLeast;
    this.#wall = wall;
  }

  /** Milliseconds since the epoch, never less than before. */
  now() {
    const time = this.#wall() + this.#offset;
    // After a jump back chain time goes on from where it was at the usual pace, rather than stand still.
    if (time < this.#last) this.#offset += this.#last - time;
    this.#last = Math.max(this.#last, time);
    return this.#last;
  }

  /** @param {number} ms */
  advance(ms) {
    this.now();
    this.#offset += ms;
  }
}
