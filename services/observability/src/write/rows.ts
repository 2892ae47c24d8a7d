import {
  eventHeaders,
  unreadable,
  type Attempt,
  type DeadLetter,
  type StateChange,
  type Unreadable,
} from '@hookline/contracts';
import type { DeliveryState, Event } from '@hookline/domain';
import { cleanText, integer, timeMs } from './clean.ts';
import { metadataPair } from './metadata-pairs.ts';
import { placeable } from './place.ts';

/** One row of each table, named as its columns are; times in ms. The deliveries' rows are made of several records (fold-deliveries.ts). */
export interface EventRow {
  tenant: string;
  id: string;
  accepted_at: number;
  type: string;
  source: string;
  time: string;
  content_type: string;
  subject: string | null;
  partition_key: string | null;
  /** JSON. */
  metadata: string | null;
  size_bytes: number;
  data: Buffer | null;
  /** JSON of EventOptions. */
  options: string | null;
}

/** What an event says of its delivery, for whoever sends it again from the log. */
export type EventOptions = Pick<Event, (typeof OPTIONS)[number]>;

export interface MetadataRow {
  tenant: string;
  pair: string;
  accepted_at: number;
  event_id: string;
}

export interface AttemptRow {
  delivery_id: string;
  id: string;
  accepted_at: number;
  number: number;
  trigger: string;
  class: string | null;
  status: number | null;
  started_at: number;
  duration_ms: number;
  /** JSON of an AttemptDetail. */
  detail: string;
}

/** What is only ever shown of an attempt, named as in its record. */
export type AttemptDetail = { url: string } & Partial<
  Pick<Attempt, 'error' | 'responseBody' | 'phase' | 'timings' | 'requestHeaders' | 'responseHeaders'>
>;

export interface DeliveryRow {
  id: string;
  tenant: string;
  webhook_id: string;
  accepted_at: number;
  event_id: string;
  event_type: string;
  attempt_count: number;
  first_attempt_at: number | null;
  state: DeliveryState;
  state_rank: number;
  state_at: number;
  next_attempt_at: number | null;
  reason: string | null;
  last_attempt_id: string | null;
  last_number: number | null;
  last_started_at: number | null;
  last_status: number | null;
  last_class: string | null;
  /** The first attempt, where that succeeded and nothing else is said of the delivery: it then needs no row of its own (write-deliveries.ts). */
  once_id: string | null;
  once_status: number | null;
  once_started_at: number | null;
  once_duration_ms: number | null;
  once_detail: string | null;
}

export interface DeadLetterRow {
  id: string;
  tenant: string;
  webhook_id: string;
  event_id: string;
  event_type: string;
  event_source: string;
  event_time: string;
  event_headers: string;
  accepted_at: number;
  content_type: string;
  data: Buffer | null;
  reason: string;
  attempts: number;
  first_attempt_at: number;
  dead_at: number;
}

/** What one record adds to the tables. */
export type Entry =
  | { kind: 'event'; event: EventRow; metadata: MetadataRow[]; sizeBytes: number }
  | {
      kind: 'attempt';
      attempt: AttemptRow;
      delivery: DeliveryRow;
      /** Its detail says something of what was sent or answered. */
      hasAnswer: boolean;
      sizeBytes: number;
    }
  | { kind: 'state'; delivery: DeliveryRow; sizeBytes: number }
  | { kind: 'dead_letter'; letter: DeadLetterRow; delivery: DeliveryRow; sizeBytes: number };

/** Which payloads are kept: of events and answers, those of failures (dead letters, answers of failed attempts), or none. */
export type Payloads = 'all' | 'failed' | 'none';

export interface Keeping {
  payloads: Payloads;
  nowMs: number;
}

const ROW_BYTES = 500;
/** Characters of an attempt's detail that its delivery's row takes: whoever reads through deliveries reads those too. */
const MAX_ONCE_DETAIL = 1_000;
const OPTIONS = ['deliverAtMs', 'expiresAtMs', 'retryScheduleMs', 'maxRetries'] as const;

export function eventEntry(event: Event, { payloads, nowMs }: Keeping): Extract<Entry, { kind: 'event' }> {
  const row: EventRow = {
    tenant: cleanText(event.tenant),
    id: cleanText(event.id),
    accepted_at: placeable(event.acceptedAtMs, nowMs),
    type: event.type,
    source: cleanText(event.source),
    time: cleanText(event.time),
    content_type: cleanText(event.contentType),
    subject: optionalText(event.subject),
    partition_key: optionalText(event.partitionKey),
    metadata: null,
    size_bytes: event.data.length,
    data: payloads === 'all' ? event.data : null,
    options: payloads === 'all' ? optionsOf(event) : null,
  };
  const metadata: MetadataRow[] = [];
  if (event.metadata !== undefined) {
    const pairs = Object.entries(event.metadata).map(([key, value]) => [cleanText(key), cleanText(value)] as const);
    row.metadata = JSON.stringify(Object.fromEntries(pairs));
    const { tenant, accepted_at, id: event_id } = row;
    for (const [key, value] of pairs) metadata.push({ tenant, pair: metadataPair(key, value), accepted_at, event_id });
  }
  return { kind: 'event', event: row, metadata, sizeBytes: ROW_BYTES + (row.data?.length ?? 0) };
}

/** Its attempts have rows of their own. */
export const NOT_ONCE = {
  once_id: null,
  once_status: null,
  once_started_at: null,
  once_duration_ms: null,
  once_detail: null,
};

const NO_ATTEMPT = {
  last_attempt_id: null,
  last_number: null,
  last_started_at: null,
  last_status: null,
  last_class: null,
  ...NOT_ONCE,
};

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

export function isFinal(state: DeliveryState): boolean {
  return FINAL[state];
}

/** What is erased with the event's content. */
const ANSWER = ['requestHeaders', 'responseHeaders', 'responseBody'] as const;

/** The codec has looked at the members that everybody needs; the rest, which only this log keeps, is looked at here. */
export function attemptEntry(attempt: Attempt, { payloads, nowMs }: Keeping): Entry | Unreadable {
  const problem = attemptProblem(attempt);
  if (problem !== null) return unreadable(problem);
  const { state, status, failure, nextAttemptAtMs, deadReason } = attempt;
  const acceptedAtMs = placeable(attempt.acceptedAtMs ?? attempt.startedAtMs, nowMs);
  const startedAtMs = timeMs(attempt.startedAtMs);
  const failed = (failure ?? null) !== null;
  const answers = payloads === 'all' || (payloads === 'failed' && failed);
  const detail = detailOf(attempt, answers);
  const row: AttemptRow = {
    delivery_id: cleanText(attempt.deliveryId),
    id: cleanText(attempt.id),
    accepted_at: acceptedAtMs,
    number: integer(attempt.number),
    trigger: cleanText(attempt.trigger),
    class: optionalText(failure),
    status: status === null || status === undefined ? null : integer(status),
    started_at: startedAtMs,
    duration_ms: integer(attempt.durationMs),
    detail: JSON.stringify(detail),
  };
  const delivery: DeliveryRow = {
    id: row.delivery_id,
    tenant: cleanText(attempt.tenant),
    webhook_id: cleanText(attempt.webhookId),
    accepted_at: acceptedAtMs,
    event_id: cleanText(attempt.eventId),
    event_type: cleanText(attempt.eventType),
    attempt_count: row.number,
    first_attempt_at: startedAtMs,
    state,
    // Deferred, it has used up no attempt: the next one has the same number.
    state_rank: rankOf(state === 'deferred' ? row.number - 1 : row.number, state),
    state_at: timeMs(attempt.startedAtMs + attempt.durationMs),
    next_attempt_at: nextAttemptAtMs === null || nextAttemptAtMs === undefined ? null : timeMs(nextAttemptAtMs),
    reason: optionalText(deadReason),
    last_attempt_id: row.id,
    last_number: row.number,
    last_started_at: startedAtMs,
    last_status: row.status,
    last_class: row.class,
    ...(state === 'succeeded' && isFirst(row) && row.detail.length <= MAX_ONCE_DETAIL ? onceOf(row) : NOT_ONCE),
  };
  const hasAnswer = ANSWER.some((name) => detail[name] !== undefined);
  return { kind: 'attempt', attempt: row, delivery, hasAnswer, sizeBytes: 2 * ROW_BYTES + row.detail.length };
}

/** The delivery may be one of which nothing was known. */
export function stateEntry(change: StateChange, { nowMs }: Keeping): Entry | Unreadable {
  const { state, attempts, nextAttemptAtMs } = change;
  if (!Object.hasOwn(FINAL, state)) return unreadable(`state ${state.slice(0, 40)} is unknown`);
  const delivery: DeliveryRow = {
    id: cleanText(change.deliveryId),
    tenant: cleanText(change.tenant),
    webhook_id: cleanText(change.webhookId),
    accepted_at: placeable(change.acceptedAtMs, nowMs),
    event_id: cleanText(change.eventId),
    event_type: cleanText(change.eventType),
    attempt_count: integer(attempts),
    first_attempt_at: null,
    state,
    state_rank: rankOf(attempts, state),
    state_at: timeMs(change.atMs),
    next_attempt_at: nextAttemptAtMs === null ? null : timeMs(nextAttemptAtMs),
    reason: cleanText(change.reason),
    ...NO_ATTEMPT,
  };
  return { kind: 'state', delivery, sizeBytes: ROW_BYTES };
}

export function deadLetterEntry(
  letter: DeadLetter,
  { payloads, nowMs }: Keeping,
): Extract<Entry, { kind: 'dead_letter' }> {
  const { event } = letter;
  const row: DeadLetterRow = {
    id: cleanText(letter.deliveryId),
    tenant: cleanText(event.tenant),
    webhook_id: cleanText(letter.webhookId),
    event_id: cleanText(event.id),
    event_type: event.type,
    event_source: cleanText(event.source),
    event_time: cleanText(event.time),
    event_headers: JSON.stringify(eventHeaders(event)),
    accepted_at: timeMs(event.acceptedAtMs),
    content_type: cleanText(event.contentType),
    data: payloads === 'none' ? null : event.data,
    reason: cleanText(letter.reason),
    attempts: integer(letter.attempts),
    first_attempt_at: timeMs(letter.firstAttemptAtMs),
    dead_at: timeMs(letter.deadAtMs),
  };
  const delivery: DeliveryRow = {
    id: row.id,
    tenant: row.tenant,
    webhook_id: row.webhook_id,
    accepted_at: placeable(event.acceptedAtMs, nowMs),
    event_id: row.event_id,
    event_type: row.event_type,
    attempt_count: row.attempts,
    first_attempt_at: row.attempts === 0 ? null : row.first_attempt_at,
    state: 'dead',
    state_rank: rankOf(row.attempts, 'dead'),
    state_at: row.dead_at,
    next_attempt_at: null,
    reason: row.reason,
    ...NO_ATTEMPT,
  };
  return { kind: 'dead_letter', letter: row, delivery, sizeBytes: 2 * ROW_BYTES + event.data.length };
}

/** A later attempt's state is the later one; of one attempt (one that a shutdown cut off keeps its number) a final one. */
export function rankOf(attempt: number, state: DeliveryState): number {
  return integer(2 * attempt) + (FINAL[state] ? 1 : 0);
}

/** Of such attempts a delivery has one, but for crashes: then it may have several. */
export function isFirst({ number, trigger, class: failure }: AttemptRow): boolean {
  return number === 1 && trigger === 'automatic' && failure === null;
}

function onceOf({ id, status, started_at, duration_ms, detail }: AttemptRow): Pick<DeliveryRow, keyof typeof NOT_ONCE> {
  return {
    once_id: id,
    once_status: status,
    once_started_at: started_at,
    once_duration_ms: duration_ms,
    once_detail: detail,
  };
}

/** What a writer of another version left out is taken for null. */
function attemptProblem(attempt: Attempt): string | null {
  if (!Object.hasOwn(FINAL, attempt.state)) return `state ${attempt.state.slice(0, 40)} is unknown`;
  if (attempt.number < 1) return 'number must be 1 or more';
  for (const name of ['status', 'nextAttemptAtMs', 'acceptedAtMs'] as const) {
    if (!Number.isFinite(attempt[name] ?? 0)) return `${name} must be a number or null`;
  }
  for (const name of ['failure', 'error', 'responseBody', 'deadReason'] as const) {
    if (typeof (attempt[name] ?? '') !== 'string') return `${name} must be a string or null`;
  }
  return null;
}

function detailOf(attempt: Attempt, answers: boolean): AttemptDetail {
  const detail: AttemptDetail = { url: attempt.url };
  if (attempt.error) detail.error = attempt.error;
  if (attempt.phase !== undefined) detail.phase = attempt.phase;
  if (attempt.timings !== undefined) detail.timings = attempt.timings;
  if (!answers) return detail;
  if (attempt.requestHeaders !== undefined) detail.requestHeaders = attempt.requestHeaders;
  if (attempt.responseHeaders !== undefined) detail.responseHeaders = attempt.responseHeaders;
  if (attempt.responseBody) detail.responseBody = attempt.responseBody;
  return detail;
}

function optionsOf(event: Event): string | null {
  const said = OPTIONS.filter((name) => event[name] !== undefined);
  return said.length === 0 ? null : JSON.stringify(Object.fromEntries(said.map((name) => [name, event[name]])));
}

function optionalText(text: string | null | undefined): string | null {
  return text === null || text === undefined ? null : cleanText(text);
}
