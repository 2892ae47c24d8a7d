import { constants, zstdCompressSync, zstdDecompressSync } from 'node:zlib';
import kafkajs from 'kafkajs';

/** Of a batch when it is unpacked: more is refused rather than held. */
const MOST_UNZIPPED_BYTES = 128 * 1024 * 1024;
const SETTINGS = { params: { [constants.ZSTD_c_compressionLevel]: 1 } };
/** Node's own. No less, since what the first frame says holds for all that follow it too. */
const LEAST_CHUNK_BYTES = 16 * 1024;
const MAGIC = 0xfd2fb528;
/** The longest there is. */
const HEADER_BYTES = 18;
const DICTIONARY_ID_BYTES = [0, 1, 2, 4];

export function compressZstd(bytes: Buffer): Buffer {
  return zstdCompressSync(bytes, SETTINGS);
}

/**
 * Into one piece of memory, where the frame says how large its content is: Node by itself gathers pieces of 16 KiB, and then makes one of them. Throws
 * where the bytes are no zstd.
 */
export function decompressZstd(bytes: Buffer): Buffer {
  // With a byte more, or Node would take as much again to see that nothing comes after it.
  const chunkSize = Math.max(contentSizeOf(bytes) + 1, LEAST_CHUNK_BYTES);
  return zstdDecompressSync(bytes, { maxOutputLength: MOST_UNZIPPED_BYTES, chunkSize });
}

/**
 * kafkajs knows the type zstd but brings no codec for it; Node does. Not by libuv's pool: a request is at most about 1 MiB (2 ms), and
 * a pool that is busy with something else must not hold up the log.
 */
export function registerZstd(): void {
  kafkajs.CompressionCodecs[kafkajs.CompressionTypes.ZSTD] = () => ({
    compress: async (encoder: { buffer: Buffer }) => compressZstd(encoder.buffer),
    decompress: async (buffer: Buffer) => decompressZstd(buffer),
  });
}

/** As a frame's header says it (RFC 8878, 3.1.1.1); 0 where it doesn't, or says more than is taken. */
function contentSizeOf(frame: Buffer): number {
  if (frame.length < HEADER_BYTES || frame.readUInt32LE(0) !== MAGIC) return 0;
  const descriptor = frame[4] as number;
  const isSingleSegment = (descriptor & 0x20) !== 0;
  const at = 5 + (isSingleSegment ? 0 : 1) + (DICTIONARY_ID_BYTES[descriptor & 3] as number);
  const size = sizeAt(frame, at, descriptor >> 6, isSingleSegment);
  return size > MOST_UNZIPPED_BYTES ? 0 : size;
}

function sizeAt(frame: Buffer, at: number, kind: number, isSingleSegment: boolean): number {
  switch (kind) {
    case 0:
      return isSingleSegment ? (frame[at] as number) : 0;
    case 1:
      return frame.readUInt16LE(at) + 256;
    case 2:
      return frame.readUInt32LE(at);
    default:
      return Number(frame.readBigUInt64LE(at));
  }
}
