import { answeredTime } from '@hookline/contracts/api';
import { z } from 'zod';
import { jsonBody, type Operation } from '../openapi/operation.ts';
import { WEBHOOK } from '../routes/resources.ts';

const count = z.int().min(1).max(100_000);

export const newSubscriber = z
  .strictObject({ name: z.string(), endpoint_url: z.string(), event_types: z.array(z.string()) })
  .meta({ id: 'NewSubscriber' });

export const subscriberChange = z
  .strictObject({
    name: z.string().optional(),
    endpoint_url: z.string().optional(),
    is_active: z.boolean().optional(),
    rate_limit_per_second: count.optional(),
  })
  .meta({ id: 'SubscriberChange' });

const fields = {
  id: z.string(),
  name: z.string(),
  endpoint_url: z.string(),
  is_active: z.boolean(),
  rate_limit_per_second: z.number().min(0).nullable().meta({ description: 'null: without one.' }),
  created_at: answeredTime,
  updated_at: answeredTime,
};
const subscriber = z.strictObject(fields).meta({ id: 'Subscriber' });
const detail = z
  .strictObject({
    ...fields,
    subscriptions: z.array(z.strictObject({ subscriber_id: z.string(), event_type: z.string() })),
  })
  .meta({ id: 'SubscriberDetail' });
const created = z
  .strictObject({ id: z.string(), name: z.string(), secret_key: z.string() })
  .meta({ id: 'CreatedSubscriber' });

/** There are no pages: so many, the newest. */
export const MOST_SUBSCRIBERS = 200;

const BREAKER_SHOWN = ['closed', 'open', 'half-open', 'unknown'] as const;
export type BreakerShown = (typeof BREAKER_SHOWN)[number];
const health = z
  .strictObject({
    id: z.string(),
    name: z.string(),
    endpoint_url: z.string(),
    is_active: z.boolean(),
    circuit_breaker: z.strictObject({
      state: z.enum(BREAKER_SHOWN).meta({ description: '`unknown`: it could not be asked.' }),
    }),
  })
  .meta({ id: 'SubscriberHealth' });

const metrics = z
  .strictObject({
    total_events: z.int().min(0),
    total_deliveries: z.int().min(0).meta({ description: 'Attempts.' }),
    success_count: z.int().min(0),
    failed_count: z.int().min(0),
    success_rate: z.number().min(0).max(100).meta({ description: 'Percent.' }),
    avg_response_ms: z.number().min(0).meta({ description: 'Of the latest 200 attempts.' }),
    dead_letter_count: z.int().min(0),
    active_subscribers: z
      .int()
      .min(0)
      .nullable()
      .meta({ description: '200 is the most that is counted; null: the token can’t read webhooks.' }),
  })
  .meta({ id: 'SubscriberMetrics' });

const tag = 'dialects';
const pending = ['change_pending'];

export const SUBSCRIBER_DOCS = {
  create: {
    id: 'createSubscriber',
    tag,
    summary: 'Create a webhook, as a subscriber',
    body: jsonBody(newSubscriber, {
      name: 'My App',
      endpoint_url: 'https://example.com/hooks',
      event_types: ['order.created'],
    }),
    answers: { 201: { description: 'It is there.', schema: created, headers: { Location: 'Its address.' } } },
    problems: { 403: ['webhook_quota_exceeded'], 409: ['too_many_webhooks'], 503: pending },
  },
  list: {
    id: 'listSubscribers',
    tag,
    summary: 'List webhooks, as subscribers',
    details: 'The newest 200; `GET /api/v1/webhooks` has pages.',
    answers: { 200: { description: 'A list.', schema: z.array(subscriber) } },
  },
  get: {
    id: 'getSubscriber',
    tag,
    summary: 'Get a webhook, as a subscriber',
    resource: WEBHOOK,
    answers: { 200: { description: 'The subscriber.', schema: detail } },
  },
  patch: {
    id: 'patchSubscriber',
    tag,
    summary: 'Change a webhook, as a subscriber',
    resource: WEBHOOK,
    body: jsonBody(subscriberChange, { name: 'Our App', rate_limit_per_second: 100 }),
    answers: { 200: { description: 'As it is now.', schema: subscriber } },
    problems: { 409: ['handshake_refused'], 412: ['precondition_failed'], 503: pending },
  },
  health: {
    id: 'getSubscriberHealth',
    tag,
    summary: 'Get a webhook’s circuit breaker, as a subscriber’s',
    resource: WEBHOOK,
    answers: { 200: { description: 'As it is now.', schema: health } },
  },
  allHealth: {
    id: 'listSubscriberHealth',
    tag,
    summary: 'List webhooks’ circuit breakers, as subscribers’',
    details: 'Of the newest 200.',
    answers: { 200: { description: 'A list.', schema: z.array(health) } },
  },
  metrics: {
    id: 'getSubscriberMetrics',
    tag,
    summary: 'Get how deliveries are doing, as a system of subscribers counts it',
    details: 'Of the events accepted in the last 24 hours; `GET /api/v1/stats` says more.',
    answers: { 200: { description: 'Counted now.', schema: metrics } },
  },
} as const satisfies Record<string, Operation>;
