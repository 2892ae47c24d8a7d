import { isUtf8 } from 'node:buffer';
import type { AttemptDetail } from '../write/rows.ts';
import type { ListedAttempt } from './attempt-list.ts';
import type { AttemptFound, DeadLetterFound, DeliveryFound, EventFound } from './found.ts';

/** An answer's body: JSON whose `data`, where it has one, is the event's own text and not ours. */
export function eventAnswer(event: EventFound, deliveries: object[], more: boolean): Buffer {
  // More deliveries than one answer holds are found by their event or their webhooks.
  const after = { deliveries, deliveries_complete: !more };
  return withData(eventItem(event), event.content_type, event.data ?? null, after);
}

/** An event without its data, as lists have it. */
export function eventItem(event: EventFound): object {
  return {
    id: event.id,
    type: event.type,
    source: event.source,
    time: event.time,
    accepted_at: event.accepted_at.toISOString(),
    content_type: event.content_type,
    size_bytes: event.size_bytes,
    ...(event.subject === null ? {} : { subject: event.subject }),
    ...(event.partition_key === null ? {} : { partitionkey: event.partition_key }),
    ...(event.metadata === null ? {} : { metadata: event.metadata }),
    ...(event.content_deleted_at === null ? {} : { content_deleted_at: event.content_deleted_at.toISOString() }),
  };
}

/** A delivery with the latest of its attempts, as lists have it. */
export function deliveryItem(delivery: DeliveryFound, attempts: readonly AttemptFound[]): object {
  return { ...deliveryFields(delivery), attempts: attempts.map(attemptSummary) };
}

/** A delivery with everything that is known of its attempts. */
export function deliveryAnswer(delivery: DeliveryFound, attempts: readonly AttemptFound[]): object {
  return { ...deliveryFields(delivery), attempts: attempts.map(attemptAnswer) };
}

/** An attempt with what it was made for. */
export function listedAttempt(attempt: ListedAttempt): object {
  return {
    ...attemptSummary(attempt),
    delivery_id: attempt.delivery_id,
    event_id: attempt.event_id,
    event_type: attempt.event_type,
    webhook_id: attempt.webhook_id,
    accepted_at: attempt.accepted_at.toISOString(),
  };
}

export function deadLetterItem(letter: DeadLetterFound): object {
  return {
    id: letter.id,
    delivery_id: letter.id,
    webhook_id: letter.webhook_id,
    event_id: letter.event_id,
    event_type: letter.event_type,
    reason: letter.reason,
    attempt_count: letter.attempts,
    first_attempt_at: letter.first_attempt_at.toISOString(),
    dead_at: letter.dead_at.toISOString(),
    resolved_at: letter.resolved_at?.toISOString() ?? null,
    resolved_by: letter.resolved_by,
    resolution: letter.resolution,
  };
}

export function deadLetterAnswer(letter: DeadLetterFound): Buffer {
  const attributes = {
    ...deadLetterItem(letter),
    event_source: letter.event_source,
    event_time: letter.event_time,
    accepted_at: letter.accepted_at.toISOString(),
    content_type: letter.content_type,
  };
  return withData(attributes, letter.content_type, letter.data ?? null, {});
}

function deliveryFields(delivery: DeliveryFound): object {
  return {
    id: delivery.id,
    event_id: delivery.event_id,
    event_type: delivery.event_type,
    webhook_id: delivery.webhook_id,
    accepted_at: delivery.accepted_at.toISOString(),
    state: delivery.state,
    reason: delivery.reason,
    attempt_count: delivery.attempt_count,
    last_status: delivery.last_status,
    last_class: delivery.last_class,
    first_attempt_at: delivery.first_attempt_at?.toISOString() ?? null,
    last_attempt_at: delivery.last_started_at?.toISOString() ?? null,
    next_attempt_at: delivery.next_attempt_at?.toISOString() ?? null,
  };
}

function attemptSummary(attempt: Omit<AttemptFound, 'detail'>): object {
  return {
    id: attempt.id,
    number: attempt.number,
    trigger: attempt.trigger,
    outcome: attempt.class === null ? 'succeeded' : 'failed',
    class: attempt.class,
    status: attempt.status,
    started_at: attempt.started_at.toISOString(),
    duration_ms: attempt.duration_ms,
  };
}

function attemptAnswer(attempt: AttemptFound): object {
  const {
    url,
    error,
    phase,
    timings = {},
    requestHeaders,
    responseHeaders,
    responseBody,
  } = JSON.parse(attempt.detail) as AttemptDetail;
  return {
    ...attemptSummary(attempt),
    url,
    error: error ?? null,
    // What was waited for when it failed without a whole answer.
    phase: phase ?? null,
    timings: {
      dns_ms: timings.dnsMs ?? null,
      connect_ms: timings.connectMs ?? null,
      tls_ms: timings.tlsMs ?? null,
      first_byte_ms: timings.firstByteMs ?? null,
      total_ms: attempt.duration_ms,
    },
    request_headers: requestHeaders ?? null,
    response_headers: responseHeaders ?? null,
    response_body: responseBody ?? null,
  };
}

function withData(before: object, contentType: string, data: Buffer | null, after: object): Buffer {
  const json = data === null || isJson(contentType, data);
  const members = JSON.stringify({ ...before, data_kept: data !== null });
  const head = Buffer.from(`${members.slice(0, -1)},"${json ? 'data' : 'data_base64'}":`, 'utf8');
  const value = json ? (data ?? Buffer.from('null')) : Buffer.from(`"${data.toString('base64')}"`, 'latin1');
  const rest = JSON.stringify(after).slice(1);
  return Buffer.concat([head, value, Buffer.from(rest === '}' ? rest : `,${rest}`, 'utf8')]);
}

const JSON_TYPE = /^application\/(?:[\w.+-]+\+)?json\s*(?:;|$)/i;

/** What calls itself JSON need not be it: producers write to the topic themselves. */
function isJson(contentType: string, data: Buffer): boolean {
  if (!JSON_TYPE.test(contentType) || !isUtf8(data)) return false;
  try {
    JSON.parse(data.toString('utf8'));
    return true;
  } catch {
    return false;
  }
}
