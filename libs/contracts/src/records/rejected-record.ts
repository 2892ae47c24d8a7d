import { TOPIC } from '../topics.ts';
import {
  integerHeader,
  RECORD_VERSION,
  unreadable,
  versionProblem,
  type IncomingRecord,
  type OutgoingRecord,
  type Unreadable,
} from './record.ts';

/** `webhook.rejected`: a record that a consumer could not read, as it was, and why. `npm run rejected -- replay` puts it back. */
export function encodeRejected(record: IncomingRecord, consumer: string, reason: string): OutgoingRecord {
  const headers: Record<string, string> = {
    hl_v: RECORD_VERSION,
    hl_topic: record.topic,
    hl_partition: String(record.partition),
    hl_offset: String(record.offset),
    hl_consumer: consumer,
    hl_reason: reason,
    hl_headers: JSON.stringify(record.headers),
    hl_null: record.value === null ? '1' : '0',
  };
  if (record.key !== null) headers['hl_key'] = record.key;
  return { topic: TOPIC.rejected, value: record.value ?? Buffer.alloc(0), headers };
}

export type DecodedRejected =
  { kind: 'rejected'; original: OutgoingRecord; offset: number; reason: string; consumer: string } | Unreadable;

/** The record to append to put it back where it was. */
export function decodeRejected(record: IncomingRecord): DecodedRejected {
  const wrongVersion = versionProblem(record.headers);
  if (wrongVersion !== null) return unreadable(wrongVersion);
  const topic = record.headers['hl_topic'];
  const partition = integerHeader(record.headers, 'hl_partition');
  const offset = integerHeader(record.headers, 'hl_offset');
  if (!topic || partition === null || offset === null)
    return unreadable('headers hl_topic, hl_partition and hl_offset must be there');
  let headers: Record<string, string>;
  try {
    headers = JSON.parse(record.headers['hl_headers'] ?? '{}') as Record<string, string>;
  } catch {
    return unreadable('header hl_headers is not JSON');
  }
  const original: OutgoingRecord = {
    topic,
    partition,
    value: record.headers['hl_null'] === '1' ? null : record.value,
    headers,
  };
  const key = record.headers['hl_key'];
  if (key !== undefined) original.key = key;
  return {
    kind: 'rejected',
    original,
    offset,
    reason: record.headers['hl_reason'] ?? '',
    consumer: record.headers['hl_consumer'] ?? '',
  };
}
