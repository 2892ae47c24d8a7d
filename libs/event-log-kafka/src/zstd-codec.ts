import { constants, zstdCompressSync, zstdDecompressSync } from 'node:zlib';
import kafkajs from 'kafkajs';

/** Of a batch when it is unpacked: more is refused rather than held. */
export const MOST_UNZIPPED_BYTES = 128 * 1024 * 1024;
const SETTINGS = { params: { [constants.ZSTD_c_compressionLevel]: 1 } };

export function compressZstd(bytes: Buffer): Buffer {
  return zstdCompressSync(bytes, SETTINGS);
}

/**
 * kafkajs knows the type zstd but brings no codec for it; Node does. Not by libuv's pool: a request is at most about 1 MiB (2 ms), and
 * a pool that is busy with something else must not hold up the log.
 */
export function registerZstd(): void {
  kafkajs.CompressionCodecs[kafkajs.CompressionTypes.ZSTD] = () => ({
    compress: async (encoder: { buffer: Buffer }) => compressZstd(encoder.buffer),
    decompress: async (buffer: Buffer) => zstdDecompressSync(buffer, { maxOutputLength: MOST_UNZIPPED_BYTES }),
  });
}
