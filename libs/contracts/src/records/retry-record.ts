import type { Event, Trigger } from '@hookline/domain';
import { TOPIC } from '../topics.ts';
import { decodeCarriedEvent, eventHeaders } from './event-record.ts';
import {
  integerHeader,
  RECORD_VERSION,
  unreadable,
  versionProblem,
  type IncomingRecord,
  type OutgoingRecord,
  type Tombstone,
  type Unreadable,
} from './record.ts';

/**
 * `webhook.retries` (a retry to come) and `webhook.deliveries` (the same retry, handed over when due): one form, so that the retry manager
 * passes on what it was given. Keyed by delivery; the value is the event's data.
 */
export interface Retry {
  deliveryId: string;
  webhookId: string;
  event: Event;
  /** Number of the attempt to make, 1-based. */
  attempt: number;
  dueAtMs: number;
  /** Its age counts from there: the first attempt, or where none was made yet, since when it waits. */
  firstAttemptAtMs: number;
  /** true: waits without the last attempt having been used up, e.g. shed from a full queue. */
  deferred: boolean;
  /** Where a replay began its schedule anew: the number of its first attempt, 1 where absent. */
  scheduleFrom?: number;
  /** Where somebody asked for this attempt, and it was put off. */
  trigger?: Exclude<Trigger, 'automatic'>;
}

export function encodeRetry(retry: Retry): OutgoingRecord {
  const headers = eventHeaders(retry.event);
  headers['hl_v'] = RECORD_VERSION;
  headers['hl_webhook'] = retry.webhookId;
  headers['hl_attempt'] = String(retry.attempt);
  headers['hl_due'] = String(retry.dueAtMs);
  headers['hl_first'] = String(retry.firstAttemptAtMs);
  headers['hl_deferred'] = retry.deferred ? '1' : '0';
  if (retry.trigger !== undefined) headers['hl_trigger'] = retry.trigger;
  if (retry.scheduleFrom !== undefined) headers['hl_from'] = String(retry.scheduleFrom);
  return { topic: TOPIC.retries, key: retry.deliveryId, value: retry.event.data, headers };
}

/** Settles a delivery that has a retry record: nothing waits any more. */
export function encodeSettled(deliveryId: string): OutgoingRecord {
  return { topic: TOPIC.retries, key: deliveryId, value: null, headers: { hl_v: RECORD_VERSION } };
}

export type DecodedRetry = { kind: 'retry'; retry: Retry } | Tombstone | Unreadable;

export function decodeRetry(record: IncomingRecord): DecodedRetry {
  if (record.key === null) return unreadable('the record has no key');
  if (record.value === null) return { kind: 'tombstone', key: record.key };
  const wrongVersion = versionProblem(record.headers);
  if (wrongVersion !== null) return unreadable(wrongVersion);
  const decoded = decodeCarriedEvent(record);
  if (decoded.kind === 'unreadable') return decoded;
  const webhookId = record.headers['hl_webhook'];
  const attempt = integerHeader(record.headers, 'hl_attempt');
  const dueAtMs = integerHeader(record.headers, 'hl_due');
  const firstAttemptAtMs = integerHeader(record.headers, 'hl_first');
  if (!webhookId) return unreadable('header hl_webhook is missing');
  if (attempt === null || attempt < 1) return unreadable('header hl_attempt must be a positive integer');
  if (dueAtMs === null) return unreadable('header hl_due must be milliseconds since 1970');
  if (firstAttemptAtMs === null) return unreadable('header hl_first must be milliseconds since 1970');
  const retry: Retry = {
    deliveryId: record.key,
    webhookId,
    event: decoded.event,
    attempt,
    dueAtMs,
    firstAttemptAtMs,
    deferred: record.headers['hl_deferred'] === '1',
  };
  const scheduleFrom = integerHeader(record.headers, 'hl_from');
  if (scheduleFrom !== null) retry.scheduleFrom = scheduleFrom;
  const trigger = record.headers['hl_trigger'];
  if (isAskedFor(trigger)) retry.trigger = trigger;
  return { kind: 'retry', retry };
}

const TRIGGERS: readonly (string | undefined)[] = ['manual', 'replay', 'recovery'] satisfies Retry['trigger'][];

/** A trigger that names somebody. */
export function isAskedFor(trigger: string | undefined): trigger is Exclude<Trigger, 'automatic'> {
  return TRIGGERS.includes(trigger);
}

/** Names that most records have, or had: their place stands for them. Only ever added to. */
const NAMES = `ce_specversion ce_id ce_type ce_source ce_time ce_tenant ce_subject content-type traceparent
   hl_accepted hl_v hl_webhook hl_attempt hl_due hl_first hl_deferred hl_ends`.split(/\s+/);
const PLACES = new Map(NAMES.map((name, place) => [name, place]));

/** What the retry schedule keeps of a record: its headers and value, in one buffer that it does not look into. */
export function packRetry(record: IncomingRecord): Buffer {
  const pairs: (string | number)[] = [];
  for (const [name, value] of Object.entries(record.headers)) pairs.push(PLACES.get(name) ?? name, value);
  const headers = JSON.stringify(pairs);
  const sizeBytes = Buffer.byteLength(headers);
  const packed = Buffer.allocUnsafe(4 + sizeBytes + (record.value?.length ?? 0));
  packed.writeUInt32BE(sizeBytes);
  packed.write(headers, 4, 'utf8');
  record.value?.copy(packed, 4 + sizeBytes);
  return packed;
}

/** The record for `webhook.deliveries` that hands a due retry over, from what packRetry made. */
export function unpackHandOver(deliveryId: string, partition: number, packed: Buffer): OutgoingRecord {
  const headersEnd = 4 + packed.readUInt32BE(0);
  const pairs = JSON.parse(packed.toString('utf8', 4, headersEnd)) as (string | number)[];
  const headers: Record<string, string> = {};
  for (let at = 0; at < pairs.length; at += 2) {
    const name = pairs[at]!;
    headers[typeof name === 'number' ? NAMES[name]! : name] = pairs[at + 1] as string;
  }
  return { topic: TOPIC.deliveries, key: deliveryId, partition, value: packed.subarray(headersEnd), headers };
}
