import { EVENT_LIMITS } from '@hookline/domain';
import { z } from 'zod';
import { answeredTime, anyJson, SPAN } from './fields.ts';
import { problem } from './problem.ts';

/*
 * Events as they are published. What reads them is written by hand, since it is on the way of every event (ingestion's native-event.ts and
 * cloud-event.ts); a test there holds it to these schemas.
 */

const text = (longest: number, description: string) =>
  z
    .string()
    .min(1)
    .max(longest)
    .regex(/^[^\u0000-\u001f\u007f-\u009f]*$/) // eslint-disable-line no-control-regex
    .meta({ description });

const type = z
  .string()
  .max(EVENT_LIMITS.type)
  .regex(/^[a-zA-Z0-9_-]+(\.[a-zA-Z0-9_-]+)*$/)
  .meta({ description: 'Words with dots between them.', example: 'order.created' });
const id = text(EVENT_LIMITS.id, 'For ever: the same id later is the same event.');
const source = text(EVENT_LIMITS.source, 'Where it happened.');
const time = z.string().meta({ format: 'date-time', description: 'RFC 3339: when it happened.' });
const subject = text(EVENT_LIMITS.subject, 'What it is about.');
const partitionkey = text(EVENT_LIMITS.partitionKey, 'Events of one key are read in the order of their acceptance.');
const span = (description: string) => z.string().meta({ ...SPAN, description });

/** One event in our own form. */
export const eventBody = z
  .strictObject({
    type,
    source,
    id: id.optional(),
    time: time.optional(),
    data: anyJson.optional(),
    subject: subject.optional(),
    partitionkey: partitionkey.optional(),
    metadata: z
      .record(z.string().min(1).max(EVENT_LIMITS.metadataKey), z.string().max(EVENT_LIMITS.metadataValue))
      .optional()
      .meta({
        maxProperties: EVENT_LIMITS.metadataEntries,
        description: 'Seen by filters and by search, not by receivers.',
      }),
    deliver_at: z
      .string()
      .optional()
      .meta({ format: 'date-time', description: 'RFC 3339, at most 30 days ahead: not delivered before.' }),
    ttl: span('`1s` to `30d`: what isn’t delivered by then expires.').optional(),
    retry_schedule: z
      .array(span('At most `7d`.'))
      .min(1)
      .max(EVENT_LIMITS.retries)
      .optional()
      .meta({ description: 'Delays before retry 1, 2, …, instead of the webhook’s.' }),
    max_retries: z.int().min(0).max(EVENT_LIMITS.retries).optional().meta({ description: 'Instead of the webhook’s.' }),
  })
  .meta({ id: 'NewEvent', description: 'An event to publish.' });

export const MAX_BATCH_EVENTS = 1_000;

export const batchBody = z
  .strictObject({ events: z.array(eventBody).min(1).max(MAX_BATCH_EVENTS) })
  .meta({ id: 'NewEvents' });

const extension = z.union([z.string(), z.boolean(), z.int(), z.null()]);

/** A CloudEvent in structured mode. */
export const cloudEventBody = z
  .object({
    specversion: z.literal('1.0'),
    type,
    source,
    id,
    time: time.nullish(),
    subject: subject.nullish(),
    partitionkey: partitionkey.nullish(),
    datacontenttype: z.string().min(1).max(256).nullish(),
    data: anyJson.optional(),
    data_base64: z.string().optional(),
  })
  .catchall(extension)
  .meta({
    id: 'CloudEvent',
    description:
      'A CloudEvent 1.0 in structured mode. `deliverat`, `expirytime`, `retryschedule` and `maxretries` have a meaning; other extensions become metadata.',
    propertyNames: { pattern: '^([a-z0-9]{1,64}|data_base64)$' },
  });

export const cloudEventsBody = z.array(cloudEventBody).min(1).max(MAX_BATCH_EVENTS).meta({ id: 'CloudEvents' });

/** 202: it is durable. */
export const publishedAnswer = z
  .strictObject({ id: z.string(), accepted_at: answeredTime })
  .meta({ id: 'PublishedEvent' });

/** Each of a batch, in their order. */
export const batchAnswer = z
  .strictObject({
    accepted: z.int().min(0).meta({ description: 'With those that had been accepted before.' }),
    not_accepted: z.int().min(0),
    events: z.array(
      z.union([
        z.strictObject({ id: z.string(), status: z.enum(['accepted', 'duplicate']), accepted_at: answeredTime }),
        z.strictObject({
          id: z.string().nullable(),
          status: z.enum(['rejected', 'failed']).meta({ description: '`failed`: send it again.' }),
          problem,
        }),
      ]),
    ),
  })
  .meta({ id: 'PublishedEvents' });
