import { zstdCompressSync, zstdDecompressSync } from 'node:zlib';
import type { Claimed, ScheduleChange } from '@hookline/retry-schedule';

/*
 * What the entries hash holds of a delivery: `<offset> <attempt> <due at> <size> <r|z> <bytes>`. The scripts read the numbers, which
 * stand first for that; the bytes are raw, or compressed where that makes them smaller.
 */

/** Smaller ones gain little and cost about 20 µs each way. */
const COMPRESS_ABOVE_BYTES = 1_024;
const SPACE = 0x20;
const FIELDS = 5;

export function encodeEntry({ offset, attempt, dueAtMs, entry }: ScheduleChange & { kind: 'wait' }): Buffer {
  const compressed = entry.length > COMPRESS_ABOVE_BYTES ? zstdCompressSync(entry) : entry;
  const isSmaller = compressed.length < entry.length;
  const head = `${offset} ${attempt} ${dueAtMs} ${entry.length} ${isSmaller ? 'z' : 'r'} `;
  return Buffer.concat([Buffer.from(head, 'latin1'), isSmaller ? compressed : entry]);
}

export function decodeEntry(deliveryId: string, value: Buffer): Claimed {
  let bytesFrom = 0;
  for (let field = 0; field < FIELDS; field++) bytesFrom = value.indexOf(SPACE, bytesFrom) + 1;
  const [offset, attempt, dueAtMs, , form] = value.toString('latin1', 0, bytesFrom).split(' ');
  const bytes = value.subarray(bytesFrom);
  return {
    deliveryId,
    offset: Number(offset),
    attempt: Number(attempt),
    dueAtMs: Number(dueAtMs),
    entry: form === 'z' ? zstdDecompressSync(bytes) : bytes,
  };
}
