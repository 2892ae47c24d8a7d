import {
  attemptOrdered,
  attemptPage,
  batchAnswer,
  batchBody,
  cloudEventBody,
  cloudEventsBody,
  contentErased,
  deadLetterAnswer,
  deadLetterItem,
  deadLetterPage,
  deliveryAnswer,
  deliveryCancelled,
  deliveryPage,
  eventAnswer,
  eventBody,
  eventCancelled,
  eventPage,
  FILTERS,
  newRecovery,
  noBody,
  publishedAnswer,
  purged,
  recoveryAnswer,
  recoveryEstimate,
  recoveryPage,
  resolution,
  statsAnswer,
  tenantStatsAnswer,
  timedPage,
  type Filters,
} from '@hookline/contracts/api';
import { z } from 'zod';
import { attemptList, attemptQuery } from '../dialects/attempts.ts';
import { foreignEvent, queuedEvent } from '../dialects/foreign-event.ts';
import { jsonBody, optionalJsonBody, type Answer, type Operation } from '../openapi/operation.ts';
import { DEAD_LETTER, DELIVERY, EVENT, RECOVERY, WEBHOOK } from './resources.ts';

const EVENT_EXAMPLE = { id: 'order-1', type: 'order.created', source: '/shop', data: { total: 19.9 } };
const CLOUD_EVENT = { specversion: '1.0', ...EVENT_EXAMPLE };

const publishing = {
  headers: {
    'Idempotency-Key': z
      .string()
      .regex(/^[\x20-\x7e]{1,255}$/)
      .optional()
      .meta({ description: 'Names the request: sent again under it, events without an id are the same events.' }),
  },
  problems: {
    400: ['schema_mismatch', 'tenant_not_allowed'],
    409: ['event_id_taken', 'idempotency_key_reused'],
    413: ['payload_quota_exceeded'],
    429: ['event_quota_exceeded'],
    503: ['event_log_unavailable', 'event_pending'],
  },
} as const;
const deduplication = {
  'Hookline-Deduplication': '`unavailable`: the store of ids is away, a repeat would not have been noticed.',
};
const batch: Answer = { description: 'All are durable.', schema: batchAnswer, headers: deduplication };
const someOnly: Answer = {
  ...batch,
  description:
    'Some are not: each is answered for itself, in their order. `Retry-After` where some are to be sent again.',
};

export const PUBLISH_DOCS = {
  one: {
    ...publishing,
    id: 'publishEvent',
    tag: 'events',
    summary: 'Publish an event',
    details:
      'Our own form, or a CloudEvent: structured, batched, or binary (headers `ce-*`, the body is the data). The same event again within 24 hours is answered as the first time; another one under its id is a 409. Ingestion takes the same at its own port, `POST /events`, without a token, into the default tenant.',
    body: {
      content: {
        'application/json': { schema: z.union([eventBody, foreignEvent]), example: EVENT_EXAMPLE },
        'application/cloudevents+json': { schema: cloudEventBody, example: CLOUD_EVENT },
        'application/cloudevents-batch+json': { schema: cloudEventsBody, example: [CLOUD_EVENT] },
      },
    },
    answers: {
      202: {
        description: 'It is durable.',
        schema: z.union([publishedAnswer, batchAnswer]),
        headers: { ...deduplication, 'Hookline-Duplicate': '`true`: it had been published before.' },
      },
      201: { description: 'It is durable: one that came as another system has it.', schema: queuedEvent },
      207: someOnly,
    },
  },
  batch: {
    ...publishing,
    id: 'publishEvents',
    tag: 'events',
    summary: 'Publish up to 1,000 events',
    body: jsonBody(batchBody, { events: [EVENT_EXAMPLE, { ...EVENT_EXAMPLE, id: 'order-2' }] }),
    answers: { 202: batch, 207: someOnly },
  },
} as const satisfies Record<string, Operation>;

/** `metadata.KEY=value`, as an object whose members are parameters. */
const METADATA = z
  .record(z.string(), z.string())
  .optional()
  .meta({
    patternProperties: { '^metadata\\..': { type: 'string' } },
    additionalProperties: false,
    description: 'Any of the event’s metadata: `metadata.team=blue`; at most 8.',
    example: { 'metadata.team': 'blue' },
  });

export const listed = (filters: Filters) => ({
  ...timedPage,
  ...Object.fromEntries(Object.entries(filters).map(([name, schema]) => [name, schema.optional()])),
});

const command = (schema: z.ZodType, description: string) => ({
  body: optionalJsonBody(noBody, {}),
  answers: { 202: { description, schema } },
  problems: { 503: ['event_log_unavailable', 'search_too_slow'] },
});

/** Of whatever is read from the log. */
const searchProblems = { 503: ['search_too_slow'] };

const resendProblems = { 409: ['content_not_kept'] };

export const LOG_DOCS = {
  events: {
    id: 'listEvents',
    tag: 'events',
    summary: 'Search events',
    query: { ...listed(FILTERS.events), metadata: METADATA },
    answers: { 200: { description: 'A page.', schema: eventPage } },
    problems: searchProblems,
  },
  event: {
    id: 'getEvent',
    tag: 'events',
    summary: 'Get an event and its deliveries',
    details: 'There from the moment of its 202.',
    resource: EVENT,
    answers: { 200: { description: 'The event.', schema: eventAnswer } },
    problems: { 503: ['log_behind', 'search_too_slow'] },
  },
  cancelEvent: {
    ...command(eventCancelled, 'Nothing of it is sent any more.'),
    id: 'cancelEvent',
    tag: 'events',
    summary: 'Cancel an event',
    resource: EVENT,
  },
  eraseContent: {
    id: 'eraseEventContent',
    tag: 'events',
    summary: 'Delete an event’s content',
    details: 'Its data, metadata and answers are deleted, and what waits is not sent.',
    resource: EVENT,
    answers: { 200: { description: 'It is deleted.', schema: contentErased } },
    problems: { 503: ['log_behind', 'search_too_slow'] },
  },
  webhookDeliveries: {
    id: 'listWebhookDeliveries',
    tag: 'deliveries',
    summary: 'Search a webhook’s deliveries',
    resource: WEBHOOK,
    query: listed(FILTERS.webhookDeliveries),
    answers: { 200: { description: 'A page.', schema: deliveryPage } },
    problems: searchProblems,
  },
  tenantStats: {
    id: 'getStats',
    tag: 'deliveries',
    summary: 'Get how deliveries are doing',
    details: 'Of the events accepted in the last hour and in the last 24, to all webhooks.',
    answers: { 200: { description: 'Counted now.', schema: tenantStatsAnswer } },
    problems: searchProblems,
  },
  stats: {
    id: 'getWebhookStats',
    tag: 'webhooks',
    summary: 'Get how a webhook is doing',
    details: 'Of the events accepted in the last hour and in the last 24.',
    resource: WEBHOOK,
    answers: { 200: { description: 'Counted now.', schema: statsAnswer } },
    problems: searchProblems,
  },
  deliveries: {
    id: 'listDeliveries',
    tag: 'deliveries',
    summary: 'Search deliveries',
    query: { ...listed(FILTERS.deliveries), ...attemptQuery },
    answers: { 200: { description: 'A page.', schema: z.union([deliveryPage, attemptList]) } },
    problems: searchProblems,
  },
  attempts: {
    id: 'listAttempts',
    tag: 'deliveries',
    summary: 'Search attempts',
    details:
      'Of all deliveries: in the order of their events’ acceptance, which `after` and `before` are about, too. `GET /api/v1/deliveries/{id}` has each in full.',
    query: listed(FILTERS.attempts),
    answers: { 200: { description: 'A page.', schema: attemptPage } },
    problems: searchProblems,
  },
  delivery: {
    id: 'getDelivery',
    tag: 'deliveries',
    summary: 'Get a delivery with every attempt',
    resource: DELIVERY,
    answers: { 200: { description: 'The delivery.', schema: deliveryAnswer } },
    problems: searchProblems,
  },
  retry: {
    ...command(attemptOrdered, 'There will be one more attempt, now.'),
    id: 'retryDelivery',
    tag: 'deliveries',
    summary: 'Try a delivery again now',
    resource: DELIVERY,
    problems: { ...resendProblems, 503: ['event_log_unavailable', 'search_too_slow'] },
  },
  cancelDelivery: {
    ...command(deliveryCancelled, 'There will be no further attempt.'),
    id: 'cancelDelivery',
    tag: 'deliveries',
    summary: 'Cancel a delivery',
    resource: DELIVERY,
  },
  deadLetters: {
    id: 'listDeadLetters',
    tag: 'dead letters',
    summary: 'Search dead letters',
    query: listed(FILTERS.deadLetters),
    answers: { 200: { description: 'A page.', schema: deadLetterPage } },
    problems: searchProblems,
  },
  deadLetter: {
    id: 'getDeadLetter',
    tag: 'dead letters',
    summary: 'Get a dead letter with its payload',
    resource: DEAD_LETTER,
    answers: { 200: { description: 'The dead letter.', schema: deadLetterAnswer } },
    problems: searchProblems,
  },
  replay: {
    ...command(attemptOrdered, 'It will be sent again, its schedule from the beginning.'),
    id: 'replayDeadLetter',
    tag: 'dead letters',
    summary: 'Send a dead letter again',
    resource: DEAD_LETTER,
    problems: { ...resendProblems, 503: ['event_log_unavailable', 'search_too_slow'] },
  },
  resolve: {
    id: 'resolveDeadLetter',
    tag: 'dead letters',
    summary: 'Be done with a dead letter',
    details: 'By whom and why is kept; what was resolved stays as it was resolved first.',
    resource: DEAD_LETTER,
    body: jsonBody(resolution, { reason: 'The customer has left.' }),
    answers: { 200: { description: 'As it is now.', schema: deadLetterItem } },
  },
  purge: {
    id: 'purgeDeadLetters',
    tag: 'dead letters',
    summary: 'Delete old dead letters',
    query: {
      before: z
        .string()
        .meta({ format: 'date-time', description: 'Those that died before.', example: '2020-01-01T00:00:00Z' }),
      webhook: FILTERS.purge.webhook.optional(),
    },
    answers: { 200: { description: 'As many as could be within a moment.', schema: purged } },
  },
  recover: {
    id: 'createRecovery',
    tag: 'dead letters',
    summary: 'Send again what has died since',
    details: 'A job. With `dry_run` it is only said how many there are.',
    body: jsonBody(newRecovery, { since: '2026-11-01T00:00:00Z', reason: 'attempts_exhausted', rate: 20 }),
    answers: { 202: { description: 'It has begun.', schema: z.union([recoveryAnswer, recoveryEstimate]) } },
    problems: { 409: ['too_many_recoveries'], ...searchProblems },
  },
  recoveries: {
    id: 'listRecoveries',
    tag: 'dead letters',
    summary: 'List recoveries',
    query: timedPage,
    answers: { 200: { description: 'A page.', schema: recoveryPage } },
    problems: searchProblems,
  },
  recovery: {
    id: 'getRecovery',
    tag: 'dead letters',
    summary: 'Get a recovery’s progress',
    resource: RECOVERY,
    answers: { 200: { description: 'The recovery.', schema: recoveryAnswer } },
    problems: searchProblems,
  },
  turn: (action: 'pause' | 'resume' | 'cancel'): Operation => ({
    id: `${action}Recovery`,
    tag: 'dead letters',
    summary: { pause: 'Pause a recovery', resume: 'Resume a recovery', cancel: 'Cancel a recovery' }[action],
    resource: RECOVERY,
    answers: { 200: { description: 'As it is now.', schema: recoveryAnswer } },
    problems: { 409: ['recovery_ended'], ...searchProblems },
  }),
} as const satisfies Record<string, Operation | ((action: 'pause' | 'resume' | 'cancel') => Operation)>;
