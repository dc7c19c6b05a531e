/**
 * An endless sequence that follows the chain at the reader's pace: `step` gives the next item or undefined when the
 * reader has everything so far. Nothing is queued for a slow reader, and `return` ends a waiting one at once.
 * @template T
 * @param {import('../chain/chain.js').Chain} chain
 * @param {() => T | undefined} step
 * @param {number} [wakeEveryMs] also asks `step` at this interval
 * @returns {AsyncIterableIterator<T>}
 */
export function follow(chain, step, wakeEveryMs) {
  let ended = false;
  /** @type {(() => void) | undefined} */
  let wake;
  const onBlock = () => wake?.();
  chain.on('block', onBlock);
  const timer = wakeEveryMs === undefined ? undefined : setInterval(onBlock, wakeEveryMs).unref();
  const end = () => {
    ended = true;
    chain.off('block', onBlock);
    clearInterval(timer);
    wake?.();
  };
  return {
    [Symbol.asyncIterator]() {
      return this;
    },
    async next() {
      while (!ended) {
        const value = step();
        if (value !== undefined) return { done: false, value };
        await new Promise((resolve) => {
          wake = () => resolve(undefined);
        });
      }
      return { done: true, value: undefined };
    },
    return() {
      end();
      return Promise.resolve({ done: true, value: undefined });
    },
    throw(error) {
      end();
      return Promise.reject(error);
    },
  };
}
