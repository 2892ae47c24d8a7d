import type { Resource } from '../openapi/operation.ts';
import { WEBHOOK } from '../routes/resources.ts';

/** What `{id}` stands for. */
export const SUBSCRIPTION: Resource = {
  ...WEBHOOK,
  description: 'The subscription’s id, which is its webhook’s, or its uid.',
  example: 'wh_019ac39f2b5a7c3e9d1a4b6c8e0f1a2c',
};
