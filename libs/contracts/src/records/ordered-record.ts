import { TOPIC } from '../topics.ts';
import {
  integerHeader,
  RECORD_VERSION,
  unreadable,
  type IncomingRecord,
  type OutgoingRecord,
  type Unreadable,
} from './record.ts';
import { decodeRetry, encodeRetry, type Retry } from './retry-record.ts';

/**
 * `webhook.deliveries`, fourth kind (`hl_kind` is `ordered`): a delivery in order that goes on, as it stands now; its later record replaces its earlier ones.
 * It stays in the partition of (webhook, key), never goes to `webhook.retries`, and keeps its place by its number.
 */
export interface Ordered {
  retry: Retry;
  /** What of its event makes it one of a sequence. */
  orderKey: string;
  /** Ascending within (webhook, key): the offset of the record that first put the delivery there. */
  place: number;
  /** It waits because its webhook is paused: not until it is due, if that goes on. */
  paused?: boolean;
}

export function encodeOrdered({ retry, orderKey, place, paused }: Ordered, partition: number): OutgoingRecord {
  const record = encodeRetry(retry);
  record.topic = TOPIC.deliveries;
  record.partition = partition;
  record.headers['hl_kind'] = 'ordered';
  record.headers['hl_order_key'] = orderKey;
  record.headers['hl_place'] = String(place);
  if (paused === true) record.headers['hl_paused'] = '1';
  return record;
}

export type DecodedOrdered = { kind: 'ordered'; ordered: Ordered } | Unreadable;

export function decodeOrdered(record: IncomingRecord): DecodedOrdered {
  const decoded = decodeRetry(record);
  if (decoded.kind === 'tombstone') return unreadable('the record has no value');
  if (decoded.kind === 'unreadable') return decoded;
  const place = integerHeader(record.headers, 'hl_place');
  const orderKey = record.headers['hl_order_key'];
  if (place === null || place < 0) return unreadable('header hl_place must be an offset');
  if (orderKey === undefined) return unreadable('header hl_order_key is missing');
  const ordered: Ordered = { retry: decoded.retry, orderKey, place };
  if (record.headers['hl_paused'] === '1') ordered.paused = true;
  return { kind: 'ordered', ordered };
}

/**
 * `webhook.deliveries`, fifth kind (`hl_kind` is `mark`): whoever has got the partition appends one, and has read all that was there before when it
 * comes back. Of no meaning for anybody else.
 */
export function encodeMark(mark: string, partition: number): OutgoingRecord {
  const headers = { hl_v: RECORD_VERSION, hl_kind: 'mark' };
  return { topic: TOPIC.deliveries, partition, key: mark, value: Buffer.alloc(0), headers };
}
