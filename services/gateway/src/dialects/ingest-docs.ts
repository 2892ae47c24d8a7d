import { answeredTime, anyJson } from '@hookline/contracts/api';
import { z } from 'zod';
import { jsonBody, type Operation } from '../openapi/operation.ts';
import { EVENT } from '../routes/resources.ts';
import { SUBSCRIPTION } from './subscription.ts';
import { TASK_STATUSES } from './task-status.ts';

export const signedBody = z
  .strictObject({
    body: anyJson,
    signature: z.string().meta({ description: 'HMAC-SHA256 of `body` as it stands in the request, in hex.' }),
  })
  .meta({ id: 'SignedBody' });

const status = z.enum(TASK_STATUSES);

const accepted = z
  .strictObject({ task_id: z.string(), status, subscription_id: z.string(), event_type: z.string() })
  .meta({ id: 'IngestedEvent' });

const task = z
  .strictObject({
    task_id: z.string(),
    status,
    event_type: z.string(),
    created_at: answeredTime,
    deliveries: z.array(
      z.strictObject({
        subscription_id: z.string(),
        status,
        attempts: z.int().min(0),
        status_code: z.int().nullable(),
      }),
    ),
  })
  .meta({ id: 'Task' });

/** Signed with the secret of createSubscription's example. */
const EXAMPLE = {
  body: { order_id: 1 },
  signature: '1c8ba0aafb45aa1862453344e9cbccfb42e4f395fd7f1cdbcd139e6be5a5c4a2',
};

export const INGEST_DOCS = {
  ingest: {
    id: 'ingestEvent',
    tag: 'dialects',
    summary: 'Publish an event, signed with the secret of a subscription',
    details:
      'It goes to every webhook of its type. The signature is of the bytes of `body` as they stand in the request, or, where `body` is a text, of that text.',
    resource: SUBSCRIPTION,
    headers: { 'X-Event-Type': z.string().meta({ description: 'The event’s type.', example: 'order.created' }) },
    body: jsonBody(signedBody, EXAMPLE),
    answers: { 202: { description: 'It is durable.', schema: accepted, headers: { Location: 'Its status.' } } },
    problems: {
      401: ['wrong_signature'],
      400: ['schema_mismatch'],
      413: ['payload_quota_exceeded'],
      429: ['event_quota_exceeded'],
      503: ['event_log_unavailable'],
    },
  },
  status: {
    id: 'getTask',
    tag: 'dialects',
    summary: 'Get what became of an event, as a task',
    resource: EVENT,
    answers: { 200: { description: 'The task.', schema: task } },
    problems: { 503: ['log_behind'] },
  },
} as const satisfies Record<string, Operation>;
