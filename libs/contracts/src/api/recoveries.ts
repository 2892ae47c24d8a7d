import { z } from 'zod';
import { answeredTime, hasNul, NO_NUL } from './fields.ts';
import { pageOf } from './lists.ts';

const DEFAULT_RATE = 50;
const MAX_RATE = 1_000;

const time = z.iso
  .datetime({ offset: true, error: 'must be an RFC 3339 time, e.g. 2026-11-27T10:00:00Z' })
  .transform((text) => new Date(text));
const text = z
  .string({ error: 'must be a text' })
  .min(1, 'must not be empty')
  .max(1_024, 'must have at most 1024 characters')
  .refine((value) => !hasNul(value), NO_NUL);

/** Which dead letters are to be sent again, and how. */
export const newRecovery = z
  .strictObject(
    {
      since: time.meta({ description: 'Those that died from then on, …' }),
      until: time.optional().meta({ description: '… and before; now without it.' }),
      webhook_id: text.optional(),
      type: text.optional().meta({ description: 'The event’s type.' }),
      reason: text.optional().meta({ description: 'Why they are dead.' }),
      rate: z
        .int({ error: 'must be a whole number' })
        .min(1, 'must be at least 1')
        .max(MAX_RATE, `must be at most ${MAX_RATE}`)
        .default(DEFAULT_RATE)
        .meta({ description: 'Dead letters per second.' }),
      trigger: z.enum(['recovery', 'replay'], { error: 'must be recovery or replay' }).default('recovery'),
      dry_run: z
        .boolean({ error: 'must be true or false' })
        .default(false)
        .meta({ description: 'Only say how many there are.' }),
    },
    { error: (issue) => (issue.code === 'unrecognized_keys' ? 'unknown field' : 'must be an object') },
  )
  .meta({ id: 'NewRecovery' });

const count = z.int().min(0);

export const recoveryAnswer = z
  .strictObject({
    id: z.string(),
    trigger: z.enum(['recovery', 'replay']),
    webhook_id: z.string().nullable(),
    type: z.string().nullable(),
    reason: z.string().nullable(),
    since: answeredTime,
    until: answeredTime,
    rate: count,
    state: z.enum(['running', 'paused', 'completed', 'cancelled']),
    total: count,
    done: count,
    skipped: count.meta({ description: 'Their content was not kept.' }),
    created_at: answeredTime,
    created_by: z.string(),
    finished_at: answeredTime.nullable(),
  })
  .meta({ id: 'Recovery' });
export const recoveryPage = pageOf(recoveryAnswer, 'Newest first.').meta({ id: 'RecoveryPage' });

export const recoveryEstimate = z
  .strictObject({
    dry_run: z.literal(true),
    total: count,
    seconds: count,
    rate: count,
    since: answeredTime,
    until: answeredTime,
  })
  .meta({ id: 'RecoveryEstimate' });
