import assert from 'node:assert/strict';
import { test } from 'node:test';
import { encodeFrame, FrameReader, MAX_FRAME, MAX_HEADER } from '../src/frames.js';
import { answer } from '../src/operations.js';

/**
 * A reader over given bytes that hands out at most `step` of them at a time.
 * @param {Uint8Array} bytes
 * @param {number} [step]
 */
function readerOf(bytes, step = Infinity) {
  let position = 0;
  return new FrameReader((target, offset, length) => {
    const chunk = bytes.subarray(position, position + Math.min(length, step));
    target.set(chunk, offset);
    position += chunk.length;
    return chunk.length;
  });
}

/** @param {...number} values */
function words(...values) {
  const bytes = Buffer.alloc(values.length * 4);
  values.forEach((value, index) => bytes.writeUInt32BE(value, index * 4));
  return bytes;
}

test('next_FrameInSingleBytes_ReadsHeaderAndBody', () => {
  const reader = readerOf(Buffer.concat([encodeFrame({ id: 1 }, Buffer.from('ab')), encodeFrame({ id: 2 })]), 1);
  const first = reader.next();
  assert.deepEqual(first?.header, { id: 1 });
  assert.equal(first?.body.toString(), 'ab');
  assert.deepEqual(reader.next()?.header, { id: 2 });
  assert.equal(reader.next(), undefined);
});

test('next_BodyLargerThanSharedBuffer_ReadsWhole', () => {
  const body = Buffer.alloc(300_000, 9);
  assert.deepEqual(readerOf(encodeFrame({ id: 1 }, body)).next()?.body, body);
});

test('next_InputEndsInsideFrame_Ends', () => {
  assert.equal(readerOf(encodeFrame({ id: 1 }).subarray(0, 10)).next(), undefined);
  assert.equal(readerOf(Buffer.alloc(3)).next(), undefined);
});

test('next_LengthOutOfBounds_RefusedWithoutAllocating', () => {
  const absurd = [words(0, 0), words(3, 0), words(MAX_FRAME + 1, 2), words(0xffffffff, 2), words(100, 97), words(100, 0xffffffff), words(MAX_FRAME, MAX_HEADER + 1)];
  const before = process.memoryUsage().arrayBuffers;
  for (const bytes of absurd) assert.throws(() => readerOf(bytes).next(), { name: 'FrameError' });
  // Each reader has a shared buffer of 64 KiB.
  assert.ok(process.memoryUsage().arrayBuffers - before < absurd.length * 66_000);
});

test('next_HeaderIsNoRequest_Refused', () => {
  for (const text of ['', '{', '[]', 'null', '7', '{"id":"1"}', '{"id":-1}', '{"id":1.5}', '{}']) {
    const bytes = Buffer.concat([words(4 + text.length, text.length), Buffer.from(text)]);
    assert.throws(() => readerOf(bytes).next(), { name: 'FrameError' }, text);
  }
});

test('answer_RequestWithSeed_FrameIsZeroAfterwards', async () => {
  const requests = [
    { id: 1, op: 'derive', network: 'undeployed' },
    { id: 1, op: 'transfer', network: 'undeployed' },
    { id: 1, op: 'unknown' },
  ];
  for (const request of requests) {
    const frame = readerOf(encodeFrame(request, Buffer.alloc(32, 7))).next();
    assert.ok(frame && frame.body.every((byte) => byte === 7));
    await answer(frame);
    assert.equal(frame.body.length, 32);
    assert.ok(frame.body.every((byte) => byte === 0));
  }
});
