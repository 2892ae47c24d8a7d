import { MAX_BYTES, TOPIC } from '../topics.ts';
import {
  integerHeader,
  RECORD_VERSION,
  unreadable,
  versionProblem,
  type IncomingRecord,
  type OutgoingRecord,
  type Unreadable,
} from './record.ts';

/** What describes a record stays well below what a topic takes, whatever the record holds. */
const MOST_REASON = 1_000;
const MOST_KEY = 256;
const MOST_HEADER = 256;
const MOST_HEADERS = 16 * 1024;
/** For what a log adds of its own. */
const SPARE_BYTES = 4 * 1024;

/**
 * `webhook.rejected`: a record that a consumer could not read, as it was, and why. `npm run rejected -- replay` puts it back.
 * One that would not fit with what is noted about it stays where it is, and a marker says where that is. So this always fits.
 */
export function encodeRejected(record: IncomingRecord, consumer: string, reason: string): OutgoingRecord {
  const headers: Record<string, string> = {
    ...whereabouts(record, consumer, reason),
    hl_headers: JSON.stringify(record.headers),
    hl_null: record.value === null ? '1' : '0',
  };
  if (record.key !== null) headers['hl_key'] = record.key;
  const value = record.value ?? Buffer.alloc(0);
  if (value.length + bytesOf(headers) + SPARE_BYTES <= MAX_BYTES) return { topic: TOPIC.rejected, value, headers };
  const marker = encodeOmitted(record, consumer, reason);
  marker.headers['hl_size'] = String(
    value.length + Buffer.byteLength(record.key ?? '') + Buffer.byteLength(headers['hl_headers'] ?? ''),
  );
  marker.headers['hl_headers'] = JSON.stringify(someOf(record.headers));
  if (record.key !== null) marker.headers['hl_key'] = record.key.slice(0, MOST_KEY);
  return marker;
}

/** A marker: there, at that offset, is a record that is not kept here, since it (or what follows from it) is too large for the log. */
export function encodeOmitted(
  where: Pick<IncomingRecord, 'topic' | 'partition' | 'offset'>,
  consumer: string,
  reason: string,
): OutgoingRecord {
  return {
    topic: TOPIC.rejected,
    value: Buffer.alloc(0),
    headers: { ...whereabouts(where, consumer, reason), hl_omitted: '1' },
  };
}

function whereabouts(
  { topic, partition, offset }: Pick<IncomingRecord, 'topic' | 'partition' | 'offset'>,
  consumer: string,
  reason: string,
): Record<string, string> {
  return {
    hl_v: RECORD_VERSION,
    hl_topic: topic,
    hl_partition: String(partition),
    hl_offset: String(offset),
    hl_consumer: consumer,
    hl_reason: reason.slice(0, MOST_REASON),
  };
}

/** As JSON they are larger than in any log. */
function bytesOf(headers: Record<string, string>): number {
  return Buffer.byteLength(JSON.stringify(headers));
}

/** The first of the headers, each cut. */
function someOf(headers: Record<string, string>): Record<string, string> {
  const some: Record<string, string> = {};
  let left = MOST_HEADERS;
  for (const [name, value] of Object.entries(headers)) {
    const cut = [name.slice(0, MOST_HEADER), value.slice(0, MOST_HEADER)] as const;
    left -= bytesOf({ [cut[0]]: cut[1] });
    if (left < 0) break;
    some[cut[0]] = cut[1];
  }
  return some;
}

/** A record that is not in `webhook.rejected` itself: it is where it was, for as long as its topic keeps it. */
export interface OmittedRecord {
  kind: 'omitted';
  topic: string;
  partition: number;
  offset: number;
  reason: string;
  consumer: string;
  /** null: it could be read, but what follows from it did not fit. */
  sizeBytes: number | null;
}

export type DecodedRejected =
  | { kind: 'rejected'; original: OutgoingRecord; offset: number; reason: string; consumer: string }
  | OmittedRecord
  | Unreadable;

/** The record to append to put it back where it was, or where it still is. */
export function decodeRejected(record: IncomingRecord): DecodedRejected {
  const wrongVersion = versionProblem(record.headers);
  if (wrongVersion !== null) return unreadable(wrongVersion);
  const topic = record.headers['hl_topic'];
  const partition = integerHeader(record.headers, 'hl_partition');
  const offset = integerHeader(record.headers, 'hl_offset');
  if (!topic || partition === null || offset === null)
    return unreadable('headers hl_topic, hl_partition and hl_offset must be there');
  const reason = record.headers['hl_reason'] ?? '';
  const consumer = record.headers['hl_consumer'] ?? '';
  if (record.headers['hl_omitted'] === '1') {
    const sizeBytes = integerHeader(record.headers, 'hl_size');
    return { kind: 'omitted', topic, partition, offset, reason, consumer, sizeBytes };
  }
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
  return { kind: 'rejected', original, offset, reason, consumer };
}
