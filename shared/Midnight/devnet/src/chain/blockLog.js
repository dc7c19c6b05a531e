import { createHash } from 'node:crypto';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';

const fdatasync = promisify(fs.fdatasync);

/** Length (u32 BE) and the first eight bytes of the SHA-256 of the payload. */
const HEADER = 12;
const MAX_RECORD = 256 * 1024 * 1024;

/** @param {Uint8Array} payload */
const checksum = (payload) => createHash('sha256').update(payload).digest().subarray(0, 8);

/**
 * Append-only file of records. A record that a crash cut short is dropped at the next start; one that was appended is on
 * the disk. Without a folder the file is a temporary one that nobody else can open, so that memory stays bounded too.
 */
export class BlockLog {
  #fd;
  #end = 0;
  #durable;
  #failed = false;

  /**
   * @param {number} fd
   * @param {boolean} durable
   */
  constructor(fd, durable) {
    this.#fd = fd;
    this.#durable = durable;
  }

  /** @param {string | undefined} folder */
  static open(folder) {
    if (folder) return new BlockLog(fs.openSync(path.join(folder, 'blocks.log'), fs.constants.O_RDWR | fs.constants.O_CREAT, 0o600), true);
    const scratch = fs.mkdtempSync(path.join(os.tmpdir(), 'midnight-devnet-'));
    const fd = fs.openSync(path.join(scratch, 'blocks.log'), 'w+', 0o600);
    fs.rmSync(scratch, { recursive: true, force: true });
    return new BlockLog(fd, false);
  }

  /**
   * Reads every whole record from the start and cuts off a last one that was never finished.
   * @param {(payload: Buffer, position: number) => void} visit
   * @returns {number} bytes dropped at the end
   * @throws when a record is damaged that others follow: that is no crash but a loss, and nothing is cut off
   */
  scan(visit) {
    const size = fs.fstatSync(this.#fd).size;
    let position = 0;
    for (;;) {
      const payload = this.#tryRead(position, size);
      if (!payload) break;
      visit(payload, position);
      position += HEADER + payload.length;
    }
    if (size > position) {
      if (!this.#isUnfinished(position, size)) throw new Error(`blocks.log is damaged at byte ${position} and goes on after it`);
      fs.ftruncateSync(this.#fd, position);
      fs.fsyncSync(this.#fd);
    }
    this.#end = position;
    return size - position;
  }

  /**
   * Whether what stands at `position` is the last record of a crash: it reaches the end of the file, or a file system
   * had made room (zeros) before the bytes came.
   * @param {number} position
   * @param {number} size
   */
  #isUnfinished(position, size) {
    if (size - position < HEADER) return true;
    const header = Buffer.alloc(HEADER);
    fs.readSync(this.#fd, header, 0, HEADER, position);
    return header.every((byte) => byte === 0) || position + HEADER + header.readUInt32BE(0) >= size;
  }

  /**
   * @param {number} position
   * @param {number} size
   */
  #tryRead(position, size) {
    if (position + HEADER > size) return undefined;
    const header = Buffer.alloc(HEADER);
    fs.readSync(this.#fd, header, 0, HEADER, position);
    const length = header.readUInt32BE(0);
    if (length > MAX_RECORD || position + HEADER + length > size) return undefined;
    const payload = Buffer.alloc(length);
    fs.readSync(this.#fd, payload, 0, length, position + HEADER);
    return checksum(payload).equals(header.subarray(4)) ? payload : undefined;
  }

  /**
   * Appends a record and waits until the disk has it.
   * @param {Buffer} payload
   * @returns {Promise<number>} position of the record
   * @throws when the disk refuses; the chain must then stop, since the end of the file is unknown
   */
  async append(payload) {
    if (this.#failed) throw new Error('the block log failed before and takes no more records');
    const header = Buffer.alloc(HEADER);
    header.writeUInt32BE(payload.length, 0);
    checksum(payload).copy(header, 4);
    const position = this.#end;
    try {
      const record = Buffer.concat([header, payload]);
      let written = 0;
      while (written < record.length) written += fs.writeSync(this.#fd, record, written, record.length - written, position + written);
      if (this.#durable) await fdatasync(this.#fd);
    } catch (error) {
      this.#failed = true;
      throw error;
    }
    this.#end = position + HEADER + payload.length;
    return position;
  }

  /**
   * @param {number} position as `append` or `scan` gave it
   * @returns {Buffer}
   */
  read(position) {
    const payload = this.#tryRead(position, this.#end);
    if (!payload) throw new Error(`the block log is damaged at byte ${position}`);
    return payload;
  }

  close() {
    fs.closeSync(this.#fd);
  }
}
