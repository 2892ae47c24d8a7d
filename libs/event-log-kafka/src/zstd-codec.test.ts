import { createZstdCompress } from 'node:zlib';
import { buffer } from 'node:stream/consumers';
import { describe, expect, test } from '@jest/globals';
import { compressZstd, decompressZstd } from './zstd-codec.ts';

const bytesOf = (length: number) => Buffer.from(Array.from({ length }, (_, at) => (at * 7) % 251));

/** As somebody writes them who doesn't know how much will come. */
function compressStreamed(bytes: Buffer): Promise<Buffer> {
  const stream = createZstdCompress();
  stream.write(bytes.subarray(0, 1));
  stream.end(bytes.subarray(1));
  return buffer(stream);
}

/** A frame of one segment, whose size has four bytes, with eight in their place. */
function withLongSize(frame: Buffer, size: bigint): Buffer {
  const head = Buffer.alloc(13);
  frame.copy(head, 0, 0, 4);
  expect(frame[4]).toBe(0xa0);
  head[4] = 0xe0;
  head.writeBigUInt64LE(size, 5);
  return Buffer.concat([head, frame.subarray(9)]);
}

describe('zstd', () => {
  test.each([0, 1, 255, 256, 10_000])('gives %i bytes back as they were', (length) => {
    const bytes = bytesOf(length);
    expect(decompressZstd(compressZstd(bytes)).equals(bytes)).toBe(true);
  });

  // Whose size takes two bytes, four and eight.
  test.each([
    [65_791, compressZstd],
    [65_792, compressZstd],
    [3_000_000, compressZstd],
    [100_000, (bytes: Buffer) => withLongSize(compressZstd(bytes), BigInt(bytes.length))],
  ])('gives %i bytes back as they were, in the one piece that they were unpacked into', (length, compress) => {
    const bytes = bytesOf(length);
    const unpacked = decompressZstd(compress(bytes));
    expect(unpacked.equals(bytes)).toBe(true);
    expect(unpacked.buffer.byteLength).toBe(length + 1);
  });

  test('gives what a stream wrote, which does not say its size', async () => {
    const bytes = bytesOf(200_000);
    expect(decompressZstd(await compressStreamed(bytes)).equals(bytes)).toBe(true);
  });

  test('gives what several frames hold, of which the first says its size only', () => {
    const [one, other] = [bytesOf(1_000), bytesOf(90_000)];
    const both = decompressZstd(Buffer.concat([compressZstd(one), compressZstd(other)]));
    expect(both.equals(Buffer.concat([one, other]))).toBe(true);
  });

  test.each([
    ['nothing', Buffer.alloc(0)],
    ['something else', Buffer.from('{"no":"zstd, and longer than a header"}')],
    ['a frame that is cut off', compressZstd(bytesOf(5_000)).subarray(0, 40)],
    ['a frame that says more than a number holds', withLongSize(compressZstd(bytesOf(100_000)), 2n ** 63n)],
  ])('refuses %s', (_name, bytes) => {
    expect(() => decompressZstd(bytes)).toThrow();
  });

  test('refuses a frame that holds more than is taken, whatever it says', () => {
    const bomb = compressZstd(Buffer.alloc(129 * 1024 * 1024));
    expect(() => decompressZstd(bomb)).toThrow(/larger than/);
    // Its own size, made small: four bytes after the magic, the descriptor and the window.
    const lying = Buffer.from(bomb);
    lying.writeUInt32LE(5, 6);
    expect(() => decompressZstd(lying)).toThrow();
  });
});
