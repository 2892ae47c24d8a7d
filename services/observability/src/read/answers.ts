import { isUtf8 } from 'node:buffer';
import type { AttemptFound, DeadLetterFound, DeliveryFound, EventFound } from './queries.ts';

/** An answer's body: JSON whose `data`, where it has one, is the event's own text and not ours. */
export function eventAnswer(event: EventFound, deliveries: object[], more: boolean): Buffer {
  const attributes = {
    id: event.id,
    type: event.type,
    source: event.source,
    time: event.time,
    accepted_at: event.accepted_at.toISOString(),
    content_type: event.content_type,
    ...(event.partition_key === null ? {} : { partitionkey: event.partition_key }),
  };
  // More deliveries than one answer holds are found by their webhooks.
  return withData(attributes, event.content_type, event.data, { deliveries, deliveries_complete: !more });
}

/** A delivery with the latest of its attempts, as lists have it. */
export function deliveryItem(delivery: DeliveryFound, attempts: readonly AttemptFound[]): object {
  return { ...deliveryFields(delivery), attempts: attempts.map(attemptSummary) };
}

/** A delivery with everything that is known of its attempts. */
export function deliveryAnswer(delivery: DeliveryFound, attempts: readonly AttemptFound[]): object {
  const full = attempts.map((attempt) => ({
    ...attemptSummary(attempt),
    url: attempt.url,
    error: attempt.error,
    response_body: attempt.response_body,
  }));
  return { ...deliveryFields(delivery), attempts: full };
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
  return withData(attributes, letter.content_type, letter.data ?? Buffer.alloc(0), {});
}

function deliveryFields(delivery: DeliveryFound): object {
  return {
    id: delivery.id,
    event_id: delivery.event_id,
    event_type: delivery.event_type,
    webhook_id: delivery.webhook_id,
    state: delivery.state,
    attempt_count: delivery.attempt_count,
    last_status: delivery.last_status,
    last_class: delivery.last_class,
    first_attempt_at: delivery.first_attempt_at.toISOString(),
    last_attempt_at: delivery.last_started_at?.toISOString() ?? null,
    next_attempt_at: delivery.next_attempt_at?.toISOString() ?? null,
    dead_reason: delivery.dead_reason,
  };
}

function attemptSummary(attempt: AttemptFound): object {
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

function withData(before: object, contentType: string, data: Buffer, after: object): Buffer {
  const json = isJson(contentType, data);
  const head = Buffer.from(`${JSON.stringify(before).slice(0, -1)},"${json ? 'data' : 'data_base64'}":`, 'utf8');
  const value = json ? data : Buffer.from(`"${data.toString('base64')}"`, 'latin1');
  const members = JSON.stringify(after).slice(1);
  return Buffer.concat([head, value, Buffer.from(members === '}' ? members : `,${members}`, 'utf8')]);
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
