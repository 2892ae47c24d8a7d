import { isOnMismatch, type OnMismatch } from '@hookline/domain';
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

/** `webhook.event-types`: what is asked of the events of a type. A tombstone: nothing. */
export interface EventTypeRule {
  /** JSON Schema, as JSON. */
  schema: string;
  onMismatch: Exclude<OnMismatch, 'none'>;
}

export type DecodedEventType =
  | { kind: 'rule'; key: string; version: number; rule: EventTypeRule }
  | { kind: 'none'; key: string; version: number }
  | Unreadable;

/** Neither tenants nor types hold control characters. */
export function eventTypeKey(tenant: string, type: string): string {
  return `${tenant}\u001f${type}`;
}

export function parseEventTypeKey(key: string): { tenant: string; type: string } {
  const [tenant = '', type = ''] = key.split('\u001f');
  return { tenant, type };
}

/** @param version higher than all before it of the same type */
export function encodeEventType(key: string, version: number, rule: EventTypeRule | null): OutgoingRecord {
  return {
    topic: TOPIC.eventTypes,
    key,
    value: rule === null ? null : Buffer.from(JSON.stringify(rule), 'utf8'),
    headers: { hl_v: RECORD_VERSION, hl_revision: String(version) },
  };
}

export function decodeEventType(record: IncomingRecord): DecodedEventType {
  const wrongVersion = versionProblem(record.headers);
  if (wrongVersion !== null) return unreadable(wrongVersion);
  const { key, value } = record;
  if (key === null) return unreadable('the record has no key');
  const version = integerHeader(record.headers, 'hl_revision');
  if (version === null) return unreadable('header hl_revision must be an integer');
  if (value === null) return { kind: 'none', key, version };
  let rule: Partial<Record<keyof EventTypeRule, unknown>>;
  try {
    rule = JSON.parse(value.toString('utf8')) as typeof rule;
  } catch {
    return unreadable('the value is not JSON');
  }
  const { schema, onMismatch } = rule ?? {};
  if (typeof schema !== 'string') return unreadable('schema must be a string');
  if (typeof onMismatch !== 'string' || !isOnMismatch(onMismatch) || onMismatch === 'none') {
    return unreadable('onMismatch must be tag, quarantine or reject');
  }
  return { kind: 'rule', key, version, rule: { schema, onMismatch } };
}
