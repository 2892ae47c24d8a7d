import { z } from 'zod';
import { hasNul, NO_NUL } from './fields.ts';

/** Of every list. */
export const PAGE = { byDefault: 50, max: 200 } as const;

/** `?limit` and `?cursor` as the document has them; readers take them from text. */
export const page = {
  limit: z
    .int()
    .min(1)
    .max(PAGE.max)
    .default(PAGE.byDefault)
    .meta({ description: 'The most that one page has.', example: 20 }),
  cursor: z.string().optional().meta({ description: 'The `next_cursor` of the page before.' }),
};

const time = z
  .string()
  .meta({ format: 'date-time', description: 'RFC 3339, or a day.', example: '2026-11-01T00:00:00Z' })
  .optional();

/** Lists of the log may be of a time. */
export const timedPage = { ...page, after: time, before: time };

/** What a filter's value may be: a text. */
export type Filters = Readonly<Record<string, z.ZodType<string>>>;

/** Any text of a sensible length. */
const text = (description: string) =>
  z
    .string()
    .min(1, 'must be 1 to 1024 characters')
    .max(1_024, 'must be 1 to 1024 characters')
    .refine((value) => !hasNul(value), NO_NUL)
    .meta({ description });

const oneOf = (description: string, values: readonly string[]) =>
  z.enum(values, { error: `must be one of ${values.join(', ')}` }).meta({ description });

export const DELIVERY_STATES = [
  'pending',
  'retrying',
  'deferred',
  'succeeded',
  'dead',
  'expired',
  'discarded',
  'cancelled',
] as const;
export const STATUS_CLASSES = ['2xx', '3xx', '4xx', '5xx', 'none'] as const;
export const TRIGGERS = ['automatic', 'manual', 'replay', 'recovery'] as const;
export const OUTCOMES = ['succeeded', 'failed'] as const;

const ofDelivery = {
  event: text('The event’s id.'),
  state: oneOf('What became of it.', DELIVERY_STATES),
  type: text('The event’s type.'),
  status_class: oneOf('Of the last answer; `none`: there was none.', STATUS_CLASSES),
  class: text('Of the last failure: `timeout`, `dns`, `server_error`, …'),
};

const webhook = text('The webhook’s id.');

const ofAttempt = {
  event: ofDelivery.event,
  type: ofDelivery.type,
  outcome: oneOf('How it ended.', OUTCOMES),
  class: text('Of the failure: `timeout`, `dns`, `server_error`, …'),
  status_class: oneOf('Of the answer; `none`: there was none.', STATUS_CLASSES),
  trigger: oneOf('Why it was made.', TRIGGERS),
};

/** What the lists of the log are filtered by. */
export const FILTERS = {
  events: {
    id: text('The event’s id.'),
    type: text('Exactly this type.'),
    source: text('Exactly this source.'),
  },
  deliveries: { webhook, ...ofDelivery },
  webhookDeliveries: ofDelivery,
  attempts: { webhook, ...ofAttempt },
  webhookAttempts: ofAttempt,
  deadLetters: {
    webhook,
    event: ofDelivery.event,
    type: ofDelivery.type,
    reason: text('Why it was given up: `attempts_exhausted`, `gone`, …'),
    resolved: oneOf('Whether somebody has dealt with it.', ['true', 'false']),
  },
  auditLog: {
    actor: text('The subject of whoever made the change: `usr_…`, `key_…`; `hookline`: the platform itself.'),
    action: text('What was done: `webhook.update`, …'),
    target: text('The id of what it was done to.'),
    format: oneOf('`ndjson`: all of it, as lines of JSON.', ['json', 'ndjson']),
  },
  purge: { webhook },
  recoveries: {},
} as const satisfies Record<string, Filters>;

/** `metadata.KEY=value`, for several keys. */
export const METADATA_PREFIX = 'metadata.';

/** A page of items as it is answered. */
export const pageOf = (item: z.ZodType, description: string) =>
  z.strictObject({
    data: z.array(item).meta({ description }),
    next_cursor: z.string().nullable().meta({ description: 'Asks for the next page; null: this is the last one.' }),
  });
