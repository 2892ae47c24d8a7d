import { DEFAULT_TENANT, EVENT_LIMITS, isEventType, isTraceparent, type Event } from '@hookline/domain';
import { memberSlice } from '../json-slices.ts';
import { TOPIC } from '../topics.ts';
import { decodeOptions, encodeOptions } from './event-options.ts';
import { integerHeader, unreadable, type IncomingRecord, type OutgoingRecord, type Unreadable } from './record.ts';

/**
 * `webhook.events`: CloudEvents 1.0 in the Kafka protocol binding, binary mode: attributes in headers `ce_*`, the value is the data, byte for byte.
 * Direct producers may also write structured mode (content-type application/cloudevents+json).
 * @see https://github.com/cloudevents/spec/blob/v1.0.2/cloudevents/bindings/kafka-protocol-binding.md
 */
export function encodeEvent(event: Event): OutgoingRecord {
  const record: OutgoingRecord = { topic: TOPIC.events, value: event.data, headers: eventHeaders(event) };
  // Tenants must not share a key's partition by choosing the same word, so the tenant is part of it.
  if (event.partitionKey !== undefined) record.key = `${event.tenant}/${event.partitionKey}`;
  return record;
}

/** The headers that carry an event's attributes on every topic that carries the event. */
export function eventHeaders(event: Event): Record<string, string> {
  const headers: Record<string, string> = {
    ce_specversion: '1.0',
    ce_id: event.id,
    ce_type: event.type,
    ce_source: event.source,
    ce_time: event.time,
    ce_tenant: event.tenant,
    'content-type': event.contentType,
    hl_accepted: String(event.acceptedAtMs),
  };
  if (event.partitionKey !== undefined) headers['ce_partitionkey'] = event.partitionKey;
  if (event.subject !== undefined) headers['ce_subject'] = event.subject;
  encodeOptions(event, headers);
  if (event.traceparent !== undefined) headers['traceparent'] = event.traceparent;
  return headers;
}

/**
 * What an event counts for EVENT_LIMITS.sizeBytes, as it is written to `webhook.events`. Its traceparent doesn't count: that an event is traced
 * must not decide whether it is taken.
 */
export function eventSizeBytes({ key, value, headers }: OutgoingRecord): number {
  let sizeBytes = (value?.length ?? 0) + Buffer.byteLength(key ?? '');
  for (const name in headers) {
    if (name !== 'traceparent') sizeBytes += name.length + Buffer.byteLength(headers[name] as string);
  }
  return sizeBytes;
}

/** Serializers of a schema registry write a zero byte and the number of the schema before the JSON, which itself never begins with a zero. */
const FRAME_BYTES = 5;
const JSON_TYPE = /^[^;]*[/+]json\b/i;

function unframed(value: Buffer, contentType: string): Buffer {
  return value[0] === 0 && value.length > FRAME_BYTES && JSON_TYPE.test(contentType)
    ? value.subarray(FRAME_BYTES)
    : value;
}

const STRUCTURED = /^application\/cloudevents\+json\b/i;

export type DecodedEvent = { kind: 'event'; event: Event } | Unreadable;

export function decodeEvent(record: IncomingRecord): DecodedEvent {
  if (record.value === null) return unreadable('the record has no value');
  const contentType = record.headers['content-type'] ?? 'application/json';
  if (STRUCTURED.test(contentType)) return decodeStructured(record, record.value);
  return checked(record, record.headers, unframed(record.value, contentType), contentType);
}

/** The event that a record of our own carries: always in binary mode, also where its data happens to be a CloudEvent itself. */
export function decodeCarriedEvent(record: IncomingRecord): DecodedEvent {
  if (record.value === null) return unreadable('the record has no value');
  return checked(record, record.headers, record.value, record.headers['content-type'] ?? 'application/json');
}

function checked(
  record: IncomingRecord,
  attributes: Record<string, string>,
  data: Buffer,
  contentType: string,
): DecodedEvent {
  const { ce_type: type } = attributes;
  const tenant = attributes['ce_tenant'] || DEFAULT_TENANT;
  const time = attributes['ce_time'] ?? new Date(record.timestampMs).toISOString();
  const partitionKey = attributes['ce_partitionkey'];
  const subject = attributes['ce_subject'];
  const problem =
    textProblem('ce_id', attributes['ce_id'], EVENT_LIMITS.id) ??
    textProblem('ce_source', attributes['ce_source'], EVENT_LIMITS.source) ??
    textProblem('ce_time', time, LENGTH.time) ??
    textProblem('content-type', contentType, LENGTH.contentType) ??
    (partitionKey === undefined ? null : textProblem('ce_partitionkey', partitionKey, EVENT_LIMITS.partitionKey)) ??
    (subject === undefined ? null : textProblem('ce_subject', subject, EVENT_LIMITS.subject));
  if (problem !== null) return unreadable(problem);
  if (tenant.length > LENGTH.tenant) return unreadable(`ce_tenant must be at most ${LENGTH.tenant} characters`);
  if (!type || !isEventType(type)) return unreadable('ce_type must be dot-separated words, e.g. order.created');
  if (Number.isNaN(Date.parse(time))) return unreadable('ce_time must be an RFC 3339 time');
  const event: Event = {
    tenant,
    id: attributes['ce_id'] as string,
    type,
    source: attributes['ce_source'] as string,
    time,
    data,
    contentType,
    acceptedAtMs: integerHeader(record.headers, 'hl_accepted') ?? record.timestampMs,
  };
  if (partitionKey !== undefined) event.partitionKey = partitionKey;
  if (subject !== undefined) event.subject = subject;
  const optionsProblem = decodeOptions(record.headers, event);
  if (optionsProblem !== null) return unreadable(optionsProblem);
  const { traceparent } = record.headers;
  // One that is none says nothing of the event, and as a header of a request it would prevent the delivery.
  if (traceparent !== undefined && isTraceparent(traceparent)) event.traceparent = traceparent;
  if (isTooLarge(event)) {
    return unreadable(`the event with its attributes is larger than ${EVENT_LIMITS.sizeBytes} bytes`);
  }
  return { kind: 'event', event };
}

/**
 * Of the attributes of which EVENT_LIMITS doesn't speak, since publishing over HTTP leaves no choice of them. A tenant is whatever a token says:
 * what fits into a request's headers was acknowledged and must be read.
 */
const LENGTH = { tenant: 16 * 1024, time: 64, contentType: 256 };

/** More than all attributes together can have, each at its limit and of characters of three bytes. */
const MOST_ATTRIBUTE_BYTES = 512 * 1024;

function isTooLarge(event: Event): boolean {
  if (event.data.length + MOST_ATTRIBUTE_BYTES <= EVENT_LIMITS.sizeBytes) return false;
  return eventSizeBytes(encodeEvent(event)) > EVENT_LIMITS.sizeBytes;
}

const CONTROL = /[\u0000-\u001f\u007f-\u009f]/; // eslint-disable-line no-control-regex

function textProblem(name: string, value: string | undefined, maxLength: number): string | null {
  if (!value || value.length > maxLength) return `${name} must be 1 to ${maxLength} characters`;
  return CONTROL.test(value) ? `${name} must not hold control characters` : null;
}

/** Structured mode: one JSON object with the attributes and `data` (kept as it stands) or `data_base64`. */
function decodeStructured(record: IncomingRecord, value: Buffer): DecodedEvent {
  const text = value.toString('utf8');
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch {
    return unreadable('the value is not JSON');
  }
  if (typeof parsed !== 'object' || parsed === null || Array.isArray(parsed))
    return unreadable('the value is not a JSON object');
  const members = parsed as Record<string, unknown>;
  const attributes: Record<string, string> = {};
  for (const [name, member] of Object.entries(members)) {
    if (typeof member === 'string' && name !== 'data') attributes[`ce_${name}`] = member;
  }
  const contentType = attributes['ce_datacontenttype'] ?? 'application/json';
  const base64 = attributes['ce_data_base64'];
  const data = base64 === undefined ? (memberSlice(text, 'data') ?? 'null') : null;
  const bytes = data === null ? Buffer.from(base64 ?? '', 'base64') : Buffer.from(data, 'utf8');
  return checked(record, attributes, bytes, contentType);
}
