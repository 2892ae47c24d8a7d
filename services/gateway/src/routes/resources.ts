import { z } from 'zod';
import type { Resource } from '../openapi/operation.ts';

/* What `{id}` stands for. The examples of ids that are made by chance lead nowhere by themselves. */

export const WEBHOOK: Resource = {
  description: 'The webhook’s id, or its uid.',
  schema: z
    .string()
    .max(128)
    .regex(/^[A-Za-z0-9][A-Za-z0-9._~-]*$/),
  example: 'orders',
  missing: 'unknown_webhook',
};

export const WEBHOOK_ID: Resource = {
  description: 'The webhook’s id.',
  schema: z.string().regex(/^wh_[0-9a-f]{32}$/),
  example: 'wh_019ac39f2b5a7c3e9d1a4b6c8e0f1a2b',
  missing: 'unknown_webhook',
};

export const EVENT_TYPE: Resource = {
  description: 'The type’s name.',
  schema: z
    .string()
    .max(256)
    .regex(/^[a-zA-Z0-9_-]+(\.[a-zA-Z0-9_-]+)*$/),
  example: 'order.created',
  missing: 'unknown_event_type',
};

export const EVENT: Resource = {
  description: 'The event’s id, encoded as URLs ask.',
  schema: z.string().min(1).max(256),
  example: 'order-1',
  missing: 'not_found',
};

export const DELIVERY: Resource = {
  description: 'The delivery’s id: what its receiver gets as `webhook-id`.',
  schema: z.string().regex(/^dlv_[0-9a-f]{32}$/),
  example: 'dlv_5f0c6d2b9a3e4f718c2d4e6f8a0b1c3d',
  missing: 'not_found',
};

export const DEAD_LETTER: Resource = {
  ...DELIVERY,
  description: 'The id of the dead delivery.',
  example: 'dlv_9b1d3f5a7c2e4068b1d3f5a7c9e0b2d4',
};

export const RECOVERY: Resource = {
  description: 'The recovery’s id.',
  schema: z.string().regex(/^rec_[0-9a-f]{32}$/),
  example: 'rec_019ac39f2b5a7c3e9d1a4b6c8e0f1a2b',
  missing: 'not_found',
};

export const API_KEY: Resource = {
  description: 'The API key’s id.',
  schema: z.string().regex(/^key_[0-9a-f]{32}$/),
  example: 'key_019ac39f2b5a7c3e9d1a4b6c8e0f1a2b',
  missing: 'unknown_api_key',
};

export const TENANT: Resource = {
  description: 'The tenant’s id.',
  schema: z.string().regex(/^[a-z0-9][a-z0-9_-]{0,62}$/),
  example: 'default',
  missing: 'unknown_tenant',
};

export const USER: Resource = {
  description: 'The user’s id.',
  schema: z.string().regex(/^usr_[0-9a-f]{32}$/),
  example: 'usr_019ac39f2b5a7c3e9d1a4b6c8e0f1a2b',
  missing: 'unknown_user',
};

const tag = z.string().regex(/^[\x20-\x7e]*$/);

/** Of changes. */
export const IF_MATCH = {
  'If-Match': tag.optional().meta({ description: 'The `ETag` that it must still have; without it, any.' }),
};

/** Of what may be known already. */
export const IF_NONE_MATCH = {
  'If-None-Match': tag
    .optional()
    .meta({ description: 'The `ETag` that the client has: 304 if that is still the one.' }),
};

export const ETAG = { ETag: 'The version: for `If-Match` and `If-None-Match`.' };
