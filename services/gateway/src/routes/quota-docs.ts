import { answeredTime } from '@hookline/contracts/api';
import { z } from 'zod';
import { jsonBody, type Operation } from '../openapi/operation.ts';
import { TENANT } from './resources.ts';

/* What a tenant may have, as it is sent and answered. */

const quota = z.int().min(0).nullish();

export const quotasBody = z
  .strictObject({
    webhooks: quota.meta({ description: 'At most 10,000.' }),
    events_per_day: quota.meta({ description: 'From midnight to midnight, UTC; at most 1,000,000,000,000.' }),
    payload_bytes: quota.meta({ description: 'Of an event’s data; at most 1,048,576.' }),
  })
  .meta({ id: 'QuotaSettings', description: '0: no limit. Without one, or with null, the configuration’s holds.' });

const limit = {
  limit: z.int().min(1).nullable().meta({ description: 'null: as many as the platform takes of anybody.' }),
  is_default: z.boolean().meta({ description: 'It is the configuration’s.' }),
};

const quotasAnswer = z
  .strictObject({
    tenant: z.string(),
    webhooks: z.strictObject({ ...limit, used: z.int().min(0) }),
    events_per_day: z.strictObject({
      ...limit,
      used: z.int().min(0).nullable().meta({ description: 'Up to a second ago; null: nobody can say just now.' }),
      resets_at: answeredTime,
    }),
    payload_bytes: z.strictObject(limit),
  })
  .meta({ id: 'Quotas' });

const tag = 'access';

export const QUOTA_DOCS = {
  own: {
    id: 'getOwnQuotas',
    tag,
    summary: 'Get your tenant’s quotas, and what is used of them',
    answers: { 200: { description: 'As they are now.', schema: quotasAnswer } },
    problems: { 404: ['unknown_tenant'] },
  },
  get: {
    id: 'getTenantQuotas',
    tag,
    summary: 'Get a tenant’s quotas, and what is used of them',
    resource: TENANT,
    answers: { 200: { description: 'As they are now.', schema: quotasAnswer } },
  },
  set: {
    id: 'setTenantQuotas',
    tag,
    summary: 'Set a tenant’s quotas',
    details: 'What was set before is replaced. It holds within seconds.',
    resource: TENANT,
    body: jsonBody(quotasBody, { webhooks: 1_000, events_per_day: 5_000_000 }),
    answers: { 200: { description: 'As they are now.', schema: quotasAnswer } },
  },
} as const satisfies Record<string, Operation>;
