import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { encodeFrame } from '../src/frames.js';

const main = fileURLToPath(new URL('../src/main.js', import.meta.url));

/** A worker process, spoken to as its host does. Everything it writes is kept for the tests to look at. */
export class Worker {
  #process;
  #exit;
  #received = Buffer.alloc(0);
  #wake = () => {};
  #ended = false;
  #id = 0;
  output = Buffer.alloc(0);
  errors = '';

  /** @param {string} [program] the path of the worker's main module */
  constructor(program = main) {
    this.#process = spawn(process.execPath, [program], { stdio: ['pipe', 'pipe', 'pipe'] });
    this.#exit = once(this.#process, 'close');
    this.#process.stdout.on('data', (chunk) => {
      this.#received = Buffer.concat([this.#received, chunk]);
      this.output = Buffer.concat([this.output, chunk]);
      this.#wake();
    });
    this.#process.stderr.on('data', (chunk) => (this.errors += chunk));
    this.#process.stdin.on('error', () => {});
    this.#exit.then(() => {
      this.#ended = true;
      this.#wake();
    });
  }

  get pid() {
    return this.#process.pid;
  }

  /**
   * @param {Record<string, unknown>} header
   * @param {Uint8Array} [body]
   * @returns {Promise<{ header: any, body: Buffer }>}
   */
  async ask(header, body) {
    this.write(encodeFrame({ id: ++this.#id, ...header }, body));
    return this.frame();
  }

  /** @param {Uint8Array} bytes */
  write(bytes) {
    this.#process.stdin.write(bytes);
  }

  /** @returns {Promise<{ header: any, body: Buffer }>} */
  async frame() {
    for (;;) {
      const size = this.#received.length < 4 ? Infinity : 4 + this.#received.readUInt32BE(0);
      if (this.#received.length >= size) return this.#take(size);
      if (this.#ended) throw new Error(`the worker ended: ${this.errors}`);
      await new Promise((resolve) => (this.#wake = () => resolve(undefined)));
    }
  }

  /** @param {number} size */
  #take(size) {
    const frame = this.#received.subarray(0, size);
    this.#received = this.#received.subarray(size);
    const end = 8 + frame.readUInt32BE(4);
    return { header: JSON.parse(frame.toString('utf8', 8, end)), body: frame.subarray(end) };
  }

  closeInput() {
    this.#process.stdin.end();
  }

  /** @returns {Promise<number | null>} the exit code */
  async exited() {
    const [code] = await this.#exit;
    return code;
  }

  async stop() {
    this.closeInput();
    await this.exited();
  }
}
