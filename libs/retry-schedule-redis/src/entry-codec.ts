import { zstdCompressSync, zstdDecompressSync } from 'node:zlib';
import type { Claimed, ScheduleChange } from '@hookline/retry-schedule';

/*
 * What the entries hash holds of a delivery: `<offset> <attempt> <due at> <size> <n|x> <r|z> <webhook>\0<tenant>\0<bytes>`. The scripts read what stands
 * before the bytes, and turn `n` into `x` where it is excess; the bytes are raw, or compressed where that makes them smaller.
 */

/** Compressing costs 20 to 60 µs a piece, whatever its size: an index of smaller ones would be built again at half the speed. */
const COMPRESS_ABOVE_BYTES = 4_096;
const SPACE = 0x20;
const FIELDS = 6;

export function encodeEntry(change: ScheduleChange & { kind: 'wait' }): Buffer {
  const { webhookId, tenant, offset, attempt, dueAtMs, entry } = change;
  const compressed = entry.length > COMPRESS_ABOVE_BYTES ? zstdCompressSync(entry) : entry;
  const isSmaller = compressed.length < entry.length;
  const head = `${offset} ${attempt} ${dueAtMs} ${entry.length} n ${isSmaller ? 'z' : 'r'} ${webhookId}\0${tenant}\0`;
  return Buffer.concat([Buffer.from(head, 'utf8'), isSmaller ? compressed : entry]);
}

export function decodeEntry(deliveryId: string, value: Buffer): Claimed {
  let ownersFrom = 0;
  for (let field = 0; field < FIELDS; field++) ownersFrom = value.indexOf(SPACE, ownersFrom) + 1;
  const [offset, attempt, dueAtMs, , kind, form] = value.toString('latin1', 0, ownersFrom).split(' ');
  const tenantFrom = value.indexOf(0, ownersFrom) + 1;
  const bytesFrom = value.indexOf(0, tenantFrom) + 1;
  const bytes = value.subarray(bytesFrom);
  return {
    deliveryId,
    webhookId: value.toString('utf8', ownersFrom, tenantFrom - 1),
    tenant: value.toString('utf8', tenantFrom, bytesFrom - 1),
    offset: Number(offset),
    attempt: Number(attempt),
    dueAtMs: Number(dueAtMs),
    excess: kind === 'x',
    entry: form === 'z' ? zstdDecompressSync(bytes) : bytes,
  };
}
