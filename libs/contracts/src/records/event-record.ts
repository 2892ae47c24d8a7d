import { DEFAULT_TENANT, EVENT_LIMITS, isEventType, type Event } from '@hookline/domain';
import { memberSlices } from '../json-slices.ts';
import { TOPIC } from '../topics.ts';
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
  if (event.traceparent !== undefined) headers['traceparent'] = event.traceparent;
  return headers;
}

const STRUCTURED = /^application\/cloudevents\+json\b/i;

export type DecodedEvent = { kind: 'event'; event: Event } | Unreadable;

export function decodeEvent(record: IncomingRecord): DecodedEvent {
  if (record.value === null) return unreadable('the record has no value');
  const contentType = record.headers['content-type'] ?? 'application/json';
  if (STRUCTURED.test(contentType)) return decodeStructured(record, record.value);
  return checked(record, record.headers, record.value, contentType);
}

function checked(
  record: IncomingRecord,
  attributes: Record<string, string>,
  data: Buffer,
  contentType: string,
): DecodedEvent {
  const { ce_id: id, ce_type: type, ce_source: source } = attributes;
  if (!id || id.length > EVENT_LIMITS.id) return unreadable(`ce_id must be 1 to ${EVENT_LIMITS.id} characters`);
  if (!type || !isEventType(type)) return unreadable('ce_type must be dot-separated words, e.g. order.created');
  if (!source || source.length > EVENT_LIMITS.source) {
    return unreadable(`ce_source must be 1 to ${EVENT_LIMITS.source} characters`);
  }
  if (data.length > EVENT_LIMITS.sizeBytes)
    return unreadable(`the data is larger than ${EVENT_LIMITS.sizeBytes} bytes`);
  const time = attributes['ce_time'] ?? new Date(record.timestampMs).toISOString();
  if (Number.isNaN(Date.parse(time))) return unreadable('ce_time must be an RFC 3339 time');
  const event: Event = {
    tenant: attributes['ce_tenant'] ?? DEFAULT_TENANT,
    id,
    type,
    source,
    time,
    data,
    contentType,
    acceptedAtMs: integerHeader(record.headers, 'hl_accepted') ?? record.timestampMs,
  };
  const partitionKey = attributes['ce_partitionkey'];
  if (partitionKey !== undefined) event.partitionKey = partitionKey;
  const traceparent = record.headers['traceparent'];
  if (traceparent !== undefined) event.traceparent = traceparent;
  return { kind: 'event', event };
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
  const data = base64 === undefined ? (memberSlices(text).get('data') ?? 'null') : null;
  const bytes = data === null ? Buffer.from(base64 ?? '', 'base64') : Buffer.from(data, 'utf8');
  return checked(record, attributes, bytes, contentType);
}
