import type { DeadReason, Event } from '@hookline/domain';
import { TOPIC } from '../topics.ts';
import { decodeCarriedEvent, eventHeaders } from './event-record.ts';
import {
  integerHeader,
  RECORD_VERSION,
  unreadable,
  versionProblem,
  type IncomingRecord,
  type OutgoingRecord,
  type Unreadable,
} from './record.ts';

/** `webhook.dead-letters`: a dead delivery with its event. Keyed by delivery; the value is the event's data. */
export interface DeadLetter {
  deliveryId: string;
  webhookId: string;
  event: Event;
  reason: DeadReason;
  attempts: number;
  firstAttemptAtMs: number;
  deadAtMs: number;
}

export function encodeDeadLetter(letter: DeadLetter): OutgoingRecord {
  return {
    topic: TOPIC.deadLetters,
    key: letter.deliveryId,
    value: letter.event.data,
    headers: {
      ...eventHeaders(letter.event),
      hl_v: RECORD_VERSION,
      hl_webhook: letter.webhookId,
      hl_reason: letter.reason,
      hl_attempts: String(letter.attempts),
      hl_first: String(letter.firstAttemptAtMs),
      hl_dead: String(letter.deadAtMs),
    },
  };
}

export type DecodedDeadLetter = { kind: 'dead_letter'; letter: DeadLetter } | Unreadable;

export function decodeDeadLetter(record: IncomingRecord): DecodedDeadLetter {
  const wrongVersion = versionProblem(record.headers);
  if (wrongVersion !== null) return unreadable(wrongVersion);
  if (record.key === null) return unreadable('the record has no key');
  const decoded = decodeCarriedEvent(record);
  if (decoded.kind === 'unreadable') return decoded;
  const { hl_webhook: webhookId, hl_reason: reason } = record.headers;
  const attempts = integerHeader(record.headers, 'hl_attempts');
  const firstAttemptAtMs = integerHeader(record.headers, 'hl_first');
  const deadAtMs = integerHeader(record.headers, 'hl_dead');
  if (!webhookId || !reason) return unreadable('headers hl_webhook and hl_reason must be there');
  if (attempts === null || firstAttemptAtMs === null || deadAtMs === null) {
    return unreadable('headers hl_attempts, hl_first and hl_dead must be integers');
  }
  return {
    kind: 'dead_letter',
    letter: {
      deliveryId: record.key,
      webhookId,
      event: decoded.event,
      reason: reason as DeadReason,
      attempts,
      firstAttemptAtMs,
      deadAtMs,
    },
  };
}
