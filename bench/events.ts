import { encodeEvent, type OutgoingRecord } from '@hookline/contracts';
import { DEFAULT_TENANT } from '@hookline/domain';

/** The size of an event's data in every bench that doesn't say otherwise. */
export const DATA_BYTES = 1_024;

/** JSON of about `bytes`, with the time of its making (ms since 1970, with fractions) in `at`. */
export function benchData(bytes: number, nowMs: number): string {
  const head = `{"at":${nowMs.toFixed(3)},"customer":"c-7","text":"`;
  return `${head}${'x'.repeat(Math.max(0, bytes - head.length - 2))}"}`;
}

export function nowMs(): number {
  return performance.timeOrigin + performance.now();
}

/** A record of `webhook.events` as ingestion writes it. */
export function benchEvent(id: string, type: string, bytes = DATA_BYTES, tenant = DEFAULT_TENANT): OutgoingRecord {
  const atMs = nowMs();
  return encodeEvent({
    tenant,
    id,
    type,
    source: 'bench',
    time: new Date(atMs).toISOString(),
    data: Buffer.from(benchData(bytes, atMs)),
    contentType: 'application/json',
    acceptedAtMs: Math.floor(atMs),
  });
}
