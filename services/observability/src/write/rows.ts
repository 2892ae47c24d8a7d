import { unreadable, type Attempt, type DeadLetter, type StateChange, type Unreadable } from '@hookline/contracts';
import type { DeliveryState, Event } from '@hookline/domain';
import { cleanText, integer, timestamp } from './clean.ts';

/** One row of each table, named as its columns are; the deliveries' rows are made of attempts and dead letters (fold-deliveries.ts). */
export interface EventRow {
  tenant: string;
  id: string;
  type: string;
  source: string;
  time: string;
  accepted_at: string;
  content_type: string;
  partition_key: string | null;
  data: Buffer;
}

export interface AttemptRow {
  id: string;
  tenant: string;
  delivery_id: string;
  event_id: string;
  webhook_id: string;
  number: number;
  trigger: string;
  class: string | null;
  url: string;
  status: number | null;
  error: string | null;
  response_body: string | null;
  started_at: string;
  duration_ms: number;
}

export interface DeliveryRow {
  id: string;
  tenant: string;
  event_id: string;
  event_type: string;
  webhook_id: string;
  first_attempt_at: string;
  attempt_count: number;
  state: DeliveryState;
  state_attempt: number;
  state_final: boolean;
  state_at: string;
  next_attempt_at: string | null;
  dead_reason: string | null;
  last_attempt_id: string | null;
  last_number: number | null;
  last_started_at: string | null;
  last_status: number | null;
  last_class: string | null;
}

export interface DeadLetterRow {
  id: string;
  tenant: string;
  webhook_id: string;
  event_id: string;
  event_type: string;
  event_source: string;
  event_time: string;
  accepted_at: string;
  content_type: string;
  data: Buffer;
  reason: string;
  attempts: number;
  first_attempt_at: string;
  dead_at: string;
}

/** What one record adds to the tables. */
export type Entry =
  | { kind: 'event'; event: EventRow; sizeBytes: number }
  | { kind: 'attempt'; attempt: AttemptRow; delivery: DeliveryRow; sizeBytes: number }
  | { kind: 'state'; delivery: DeliveryRow; sizeBytes: number }
  | { kind: 'dead_letter'; letter: DeadLetterRow; delivery: DeliveryRow; sizeBytes: number };

const ROW_BYTES = 500;

export function eventEntry(event: Event): Entry {
  const row: EventRow = {
    tenant: cleanText(event.tenant),
    id: cleanText(event.id),
    type: cleanText(event.type),
    source: cleanText(event.source),
    time: cleanText(event.time),
    accepted_at: timestamp(event.acceptedAtMs),
    content_type: cleanText(event.contentType),
    partition_key: event.partitionKey === undefined ? null : cleanText(event.partitionKey),
    data: event.data,
  };
  return { kind: 'event', event: row, sizeBytes: ROW_BYTES + event.data.length };
}

const FINAL: Record<DeliveryState, boolean> = {
  pending: false,
  retrying: false,
  deferred: false,
  succeeded: true,
  dead: true,
  expired: true,
  discarded: true,
  cancelled: true,
};

/** The codec has looked at the members that everybody needs; the rest, which only this log keeps, is looked at here. */
export function attemptEntry(attempt: Attempt): Entry | Unreadable {
  const { state, status, nextAttemptAtMs } = withNulls(attempt);
  if (!Object.hasOwn(FINAL, state)) return unreadable(`state ${state.slice(0, 40)} is unknown`);
  if (attempt.number < 1) return unreadable('number must be 1 or more');
  if (status !== null && !Number.isFinite(status)) return unreadable('status must be a number or null');
  if (nextAttemptAtMs !== null && !Number.isFinite(nextAttemptAtMs)) {
    return unreadable('nextAttemptAtMs must be a number or null');
  }
  for (const name of ['failure', 'error', 'responseBody', 'deadReason'] as const) {
    if (typeof (attempt[name] ?? '') !== 'string') return unreadable(`${name} must be a string or null`);
  }
  const row: AttemptRow = {
    id: cleanText(attempt.id),
    tenant: cleanText(attempt.tenant),
    delivery_id: cleanText(attempt.deliveryId),
    event_id: cleanText(attempt.eventId),
    webhook_id: cleanText(attempt.webhookId),
    number: integer(attempt.number),
    trigger: cleanText(attempt.trigger),
    class: optionalText(attempt.failure),
    url: cleanText(attempt.url),
    status: status === null ? null : integer(status),
    error: optionalText(attempt.error),
    response_body: optionalText(attempt.responseBody),
    started_at: timestamp(attempt.startedAtMs),
    duration_ms: integer(attempt.durationMs),
  };
  const delivery: DeliveryRow = {
    id: row.delivery_id,
    tenant: row.tenant,
    event_id: row.event_id,
    event_type: cleanText(attempt.eventType),
    webhook_id: row.webhook_id,
    first_attempt_at: row.started_at,
    attempt_count: row.number,
    state,
    // Deferred, it has used up no attempt: the next one has the same number.
    state_attempt: state === 'deferred' ? row.number - 1 : row.number,
    state_final: FINAL[state],
    state_at: timestamp(attempt.startedAtMs + attempt.durationMs),
    next_attempt_at: nextAttemptAtMs === null ? null : timestamp(nextAttemptAtMs),
    dead_reason: optionalText(attempt.deadReason),
    last_attempt_id: row.id,
    last_number: row.number,
    last_started_at: row.started_at,
    last_status: row.status,
    last_class: row.class,
  };
  return { kind: 'attempt', attempt: row, delivery, sizeBytes: 2 * ROW_BYTES + (row.response_body?.length ?? 0) };
}

/** The delivery may be one of which nothing was known. */
export function stateEntry(change: StateChange): Entry | Unreadable {
  const { state, attempts, nextAttemptAtMs } = change;
  if (!Object.hasOwn(FINAL, state)) return unreadable(`state ${state.slice(0, 40)} is unknown`);
  const at = timestamp(change.atMs);
  const delivery: DeliveryRow = {
    id: cleanText(change.deliveryId),
    tenant: cleanText(change.tenant),
    event_id: cleanText(change.eventId),
    event_type: cleanText(change.eventType),
    webhook_id: cleanText(change.webhookId),
    first_attempt_at: at,
    attempt_count: integer(attempts),
    state,
    state_attempt: integer(attempts),
    state_final: FINAL[state],
    state_at: at,
    next_attempt_at: nextAttemptAtMs === null ? null : timestamp(nextAttemptAtMs),
    dead_reason: null,
    last_attempt_id: null,
    last_number: null,
    last_started_at: null,
    last_status: null,
    last_class: null,
  };
  return { kind: 'state', delivery, sizeBytes: ROW_BYTES };
}

export function deadLetterEntry(letter: DeadLetter): Entry {
  const { event } = eventEntry(letter.event) as Extract<Entry, { kind: 'event' }>;
  const row: DeadLetterRow = {
    id: cleanText(letter.deliveryId),
    tenant: event.tenant,
    webhook_id: cleanText(letter.webhookId),
    event_id: event.id,
    event_type: event.type,
    event_source: event.source,
    event_time: event.time,
    accepted_at: event.accepted_at,
    content_type: event.content_type,
    data: event.data,
    reason: cleanText(letter.reason),
    attempts: integer(letter.attempts),
    first_attempt_at: timestamp(letter.firstAttemptAtMs),
    dead_at: timestamp(letter.deadAtMs),
  };
  const delivery: DeliveryRow = {
    id: row.id,
    tenant: row.tenant,
    event_id: row.event_id,
    event_type: row.event_type,
    webhook_id: row.webhook_id,
    first_attempt_at: row.first_attempt_at,
    attempt_count: row.attempts,
    state: 'dead',
    state_attempt: row.attempts,
    state_final: true,
    state_at: row.dead_at,
    next_attempt_at: null,
    dead_reason: row.reason,
    last_attempt_id: null,
    last_number: null,
    last_started_at: null,
    last_status: null,
    last_class: null,
  };
  return { kind: 'dead_letter', letter: row, delivery, sizeBytes: 2 * ROW_BYTES + row.data.length };
}

/** What a writer of another version left out. */
function withNulls(attempt: Attempt): Pick<Attempt, 'state' | 'status' | 'nextAttemptAtMs'> {
  const { state, status, nextAttemptAtMs } = attempt as Partial<Attempt> & Pick<Attempt, 'state'>;
  return { state, status: status ?? null, nextAttemptAtMs: nextAttemptAtMs ?? null };
}

function optionalText(text: string | null | undefined): string | null {
  return text === null || text === undefined ? null : cleanText(text);
}
