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

describe('zstd', () => {
  // Each has its size in another form: one byte, two, four.
  test.each([0, 1, 255, 256, 65_791, 65_792, 3_000_000])('gives %i bytes back as they were, in one piece', (length) => {
    const bytes = bytesOf(length);
    const unpacked = decompressZstd(compressZstd(bytes));
    expect(unpacked.equals(bytes)).toBe(true);
    expect(unpacked.buffer.byteLength).toBeLessThanOrEqual(Math.max(length + 1, 64 * 1024 + 64));
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
