import { answeredTime } from '@hookline/contracts/api';
import { z } from 'zod';
import { jsonBody, type Operation } from '../openapi/operation.ts';
import { SUBSCRIPTION } from './subscription.ts';
import { TASK_STATUSES } from './task-status.ts';

const secret = z.string().optional().meta({ description: '1 to 128 characters.' });

export const newSubscription = z
  .strictObject({ target_url: z.string(), secret, event_type: z.string().optional() })
  .meta({ id: 'NewSubscription' });

export const subscriptionChange = z
  .strictObject({ target_url: z.string().optional(), secret, event_type: z.string().optional() })
  .meta({ id: 'SubscriptionChange' });

const fields = {
  id: z.string(),
  target_url: z.string(),
  event_type: z.string(),
  is_active: z.boolean(),
  created_at: answeredTime,
  updated_at: answeredTime,
};
const subscription = z.strictObject(fields).meta({ id: 'Subscription' });
const created = z.strictObject({ ...fields, secret: z.string() }).meta({ id: 'CreatedSubscription' });

export const taskDelivery = z
  .strictObject({
    id: z.string(),
    task_id: z.string(),
    subscription_id: z.string(),
    event_type: z.string(),
    status: z.enum(TASK_STATUSES),
    attempts: z.int().min(0),
    status_code: z.int().nullable(),
    error: z.string().nullable(),
    created_at: answeredTime,
    last_attempt_at: answeredTime.nullable(),
    next_attempt_at: answeredTime.nullable(),
  })
  .meta({ id: 'SubscriptionDelivery' });

const tag = 'dialects';
const pending = ['change_pending'];
const EXAMPLE = { target_url: 'https://example.com/hooks', secret: 'my-secret-key', event_type: 'order.created' };

export const SUBSCRIPTION_DOCS = {
  create: {
    id: 'createSubscription',
    tag,
    summary: 'Create a webhook, as a subscription',
    details:
      'Its requests are signed by Standard Webhooks’ scheme and by GitHub’s `X-Hub-Signature-256`. Without an `event_type` it gets everything.',
    body: jsonBody(newSubscription, EXAMPLE),
    answers: { 201: { description: 'It is there.', schema: created, headers: { Location: 'Its address.' } } },
    problems: { 403: ['webhook_quota_exceeded'], 409: ['too_many_webhooks'], 503: pending },
  },
  list: {
    id: 'listSubscriptions',
    tag,
    summary: 'List webhooks, as subscriptions',
    details: 'The newest 200; `GET /api/v1/webhooks` has pages.',
    answers: { 200: { description: 'A list.', schema: z.array(subscription) } },
  },
  get: {
    id: 'getSubscription',
    tag,
    summary: 'Get a webhook, as a subscription',
    resource: SUBSCRIPTION,
    answers: { 200: { description: 'The subscription.', schema: subscription } },
  },
  put: {
    id: 'putSubscription',
    tag,
    summary: 'Change a webhook, as a subscription',
    details: 'What is left out stays.',
    resource: SUBSCRIPTION,
    body: jsonBody(subscriptionChange, EXAMPLE),
    answers: { 200: { description: 'As it is now.', schema: subscription } },
    problems: { 409: ['handshake_refused'], 412: ['precondition_failed'], 503: pending },
  },
  delete: {
    id: 'deleteSubscription',
    tag,
    summary: 'Delete a webhook, as a subscription',
    resource: SUBSCRIPTION,
    answers: { 204: { description: 'It is gone.' } },
    problems: { 503: pending },
  },
  deliveries: {
    id: 'listSubscriptionDeliveries',
    tag,
    summary: 'List a subscription’s deliveries',
    details: 'The newest 200; `GET /api/v1/webhooks/{id}/deliveries` has pages.',
    resource: SUBSCRIPTION,
    answers: { 200: { description: 'A list.', schema: z.array(taskDelivery) } },
  },
} as const satisfies Record<string, Operation>;
