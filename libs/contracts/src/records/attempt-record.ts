import type { AttemptResult, DeadReason, DeliveryState, Trigger } from '@hookline/domain';
import { TOPIC } from '../topics.ts';
import { RECORD_VERSION, unreadable, versionProblem, type IncomingRecord, type OutgoingRecord } from './record.ts';
import { decodeState, type DecodedState } from './state-record.ts';

/**
 * `webhook.attempts`: one HTTP request of a delivery and what followed from it. Without a key, so that those of one moment go together
 * (a reader must take attempts of a delivery in any order anyway); the value is JSON.
 */
export interface Attempt extends AttemptResult {
  id: string;
  tenant: string;
  deliveryId: string;
  eventId: string;
  eventType: string;
  webhookId: string;
  /** When the event was accepted: the place of the delivery in the log. Absent: the writer did not know. */
  acceptedAtMs?: number;
  /** 1-based. */
  number: number;
  trigger: Trigger;
  url: string;
  /** Where the delivery stands after this attempt. */
  state: DeliveryState;
  nextAttemptAtMs: number | null;
  deadReason: DeadReason | null;
}

export function encodeAttempt(attempt: Attempt): OutgoingRecord {
  return {
    topic: TOPIC.attempts,
    value: Buffer.from(JSON.stringify(attempt), 'utf8'),
    headers: { hl_v: RECORD_VERSION },
  };
}

/** `webhook.attempts` holds states too (state-record.ts). */
export type DecodedAttempt = { kind: 'attempt'; attempt: Attempt } | DecodedState;

export function decodeAttempt(record: IncomingRecord): DecodedAttempt {
  const wrongVersion = versionProblem(record.headers);
  if (wrongVersion !== null) return unreadable(wrongVersion);
  if (record.headers['hl_kind'] !== undefined) return decodeState(record);
  let attempt: Partial<Attempt>;
  try {
    attempt = JSON.parse(record.value?.toString('utf8') ?? '') as Partial<Attempt>;
  } catch {
    return unreadable('the value is not JSON');
  }
  for (const name of [
    'id',
    'tenant',
    'deliveryId',
    'eventId',
    'eventType',
    'webhookId',
    'state',
    'trigger',
    'url',
  ] as const) {
    if (typeof attempt?.[name] !== 'string') return unreadable(`${name} must be a string`);
  }
  for (const name of ['number', 'startedAtMs', 'durationMs'] as const) {
    if (!Number.isFinite(attempt[name])) return unreadable(`${name} must be a number`);
  }
  return { kind: 'attempt', attempt: attempt as Attempt };
}
