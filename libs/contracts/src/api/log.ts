import { z } from 'zod';
import { answeredTime, anyJson, hasNul, NO_NUL, nothing, textMap } from './fields.ts';
import { DELIVERY_STATES, OUTCOMES, pageOf, TRIGGERS } from './lists.ts';

/* What the log answers: observability makes these bodies, and reads `resolution`. */

const time = answeredTime;
const timeOrNull = answeredTime.nullable();
const textOrNull = z.string().nullable();
const count = z.int().min(0);
const kept = {
  data_kept: z.boolean().meta({ description: 'Whether the log has the data.' }),
  data: anyJson.optional(),
  data_base64: z.string().optional().meta({ description: 'Instead of `data` where that is not JSON.' }),
};

const loggedEvent = {
  id: z.string(),
  type: z.string(),
  source: z.string(),
  time: z.string().meta({ description: 'As the producer wrote it.' }),
  accepted_at: time,
  content_type: z.string(),
  size_bytes: count,
  subject: z.string().optional(),
  partitionkey: z.string().optional(),
  metadata: textMap.optional(),
  content_deleted_at: time.optional(),
};

export const eventItem = z.strictObject(loggedEvent).meta({ id: 'EventItem' });
export const eventPage = pageOf(eventItem, 'Newest first.').meta({ id: 'EventPage' });

const attempt = {
  id: z.string(),
  number: count,
  trigger: z.enum(TRIGGERS),
  outcome: z.enum(OUTCOMES),
  class: textOrNull.meta({ description: 'Of the failure.' }),
  status: z.int().nullable().meta({ description: 'Of the receiver’s answer; null: there was none.' }),
  started_at: time,
  duration_ms: z.number().min(0),
};
const attemptItem = z.strictObject(attempt).meta({ id: 'AttemptItem' });

const listedAttempt = z
  .strictObject({
    ...attempt,
    delivery_id: z.string(),
    event_id: z.string(),
    event_type: z.string(),
    webhook_id: z.string(),
    accepted_at: time.meta({ description: 'When the event was accepted.' }),
  })
  .meta({ id: 'ListedAttempt' });
export const attemptPage = pageOf(
  listedAttempt,
  'Those of the newest event first; of a delivery the latest first.',
).meta({ id: 'AttemptPage' });

const ms = z.number().min(0).nullable();

/** How long the phases of a request took. */
export const timings = z
  .strictObject({ dns_ms: ms, connect_ms: ms, tls_ms: ms, first_byte_ms: ms, total_ms: z.number().min(0) })
  .meta({
    id: 'Timings',
    description: 'null: that phase was not reached, or not needed on a connection that was kept.',
  });

const headers = textMap.nullable().meta({ description: 'What looks secret is shown as `***`.' });

const wholeAttempt = z
  .strictObject({
    ...attempt,
    url: z.string(),
    error: textOrNull,
    phase: textOrNull.meta({ description: 'What was waited for when it failed without a whole answer.' }),
    timings,
    request_headers: headers,
    response_headers: headers,
    response_body: textOrNull.meta({ description: 'Its beginning.' }),
  })
  .meta({ id: 'Attempt' });

const delivery = {
  id: z.string(),
  event_id: z.string(),
  event_type: z.string(),
  webhook_id: z.string(),
  accepted_at: time,
  state: z.enum(DELIVERY_STATES),
  reason: textOrNull,
  attempt_count: count,
  last_status: z.int().nullable(),
  last_class: textOrNull,
  first_attempt_at: timeOrNull,
  last_attempt_at: timeOrNull,
  next_attempt_at: timeOrNull,
};

const deliveryItem = z
  .strictObject({ ...delivery, attempts: z.array(attemptItem).meta({ description: 'The latest.' }) })
  .meta({ id: 'DeliveryItem' });
export const deliveryPage = pageOf(deliveryItem, 'Newest first.').meta({ id: 'DeliveryPage' });
export const deliveryAnswer = z.strictObject({ ...delivery, attempts: z.array(wholeAttempt) }).meta({ id: 'Delivery' });

export const eventAnswer = z
  .strictObject({
    ...loggedEvent,
    ...kept,
    deliveries: z.array(deliveryItem),
    deliveries_complete: z.boolean().meta({ description: 'false: there are more; list them.' }),
  })
  .meta({ id: 'Event' });

const deadLetter = {
  id: z.string().meta({ description: 'The delivery’s.' }),
  delivery_id: z.string(),
  webhook_id: z.string(),
  event_id: z.string(),
  event_type: z.string(),
  reason: z.string(),
  attempt_count: count,
  first_attempt_at: time,
  dead_at: time,
  resolved_at: timeOrNull,
  resolved_by: textOrNull,
  resolution: textOrNull,
};
export const deadLetterItem = z.strictObject(deadLetter).meta({ id: 'DeadLetterItem' });
export const deadLetterPage = pageOf(deadLetterItem, 'The latest dead first.').meta({ id: 'DeadLetterPage' });
export const deadLetterAnswer = z
  .strictObject({
    ...deadLetter,
    event_source: z.string(),
    event_time: z.string(),
    accepted_at: time,
    content_type: z.string(),
    ...kept,
  })
  .meta({ id: 'DeadLetter' });

const counts = z.record(z.string(), count);
const ofTime = {
  deliveries: count,
  complete: z.boolean().meta({ description: 'false: only the latest were counted.' }),
  attempts: count,
  states: counts,
  failures: counts.meta({ description: 'By the class of the last attempt, of those that have not succeeded.' }),
  success_rate: z.number().min(0).max(1).nullable().meta({ description: 'Of those that ended by themselves.' }),
  latency_ms: z
    .strictObject({ p50: z.number(), p95: z.number(), p99: z.number() })
    .nullable()
    .meta({ description: 'From acceptance to success.' }),
};
const span = z.strictObject(ofTime).meta({ id: 'StatsOfTime' });
export const statsAnswer = z
  .strictObject({ webhook_id: z.string(), last_hour: span, last_day: span })
  .meta({ id: 'WebhookStats' });

const tenantSpan = z
  .strictObject({ events: count.meta({ description: 'Accepted; 50,000 is the most that is counted.' }), ...ofTime })
  .meta({ id: 'TenantStatsOfTime' });
export const tenantStatsAnswer = z
  .strictObject({ last_hour: tenantSpan, last_day: tenantSpan })
  .meta({ id: 'TenantStats' });

/** Of commands: 202, the dispatcher will do it. */
export const attemptOrdered = z
  .strictObject({ delivery_id: z.string(), attempt: count, trigger: z.enum(['manual', 'replay']) })
  .meta({ id: 'AttemptOrdered' });
export const deliveryCancelled = z.strictObject({ delivery_id: z.string() }).meta({ id: 'DeliveryCancelled' });
export const eventCancelled = z
  .strictObject({ event_id: z.string(), deliveries_waiting: count })
  .meta({ id: 'EventCancelled' });
export const contentErased = z
  .strictObject({
    event_id: z.string(),
    content_deleted_at: time,
    deliveries_cancelled: count,
    gone_from_log_by: time.meta({ description: 'Until then the topics may still hold it.' }),
  })
  .meta({ id: 'ContentErased' });
export const purged = z
  .strictObject({ purged: count, complete: z.boolean().meta({ description: 'false: ask again for the others.' }) })
  .meta({ id: 'DeadLettersPurged' });

export const noBody = nothing;
export const resolution = z
  .strictObject({
    reason: z
      .string({ error: 'must be a text' })
      .trim()
      .min(1, 'must not be empty')
      .max(1_000, 'must have at most 1000 characters')
      .refine((value) => !hasNul(value), NO_NUL)
      .meta({ description: 'Why it is done with.' }),
  })
  .meta({ id: 'Resolution' });
