import { SPAN } from '@hookline/contracts/api';
import { ON_MISMATCH, parseDuration } from '@hookline/domain';
import { z } from 'zod';

/* What a body must look like. What it may mean is checked by the service that owns it. */

export const loginBody = z.strictObject({ username: z.string(), password: z.string() }).meta({ id: 'Login' });

export const passwordBody = z
  .strictObject({ current_password: z.string(), new_password: z.string() })
  .meta({ id: 'PasswordChange' });

export const refreshBody = z.strictObject({ refresh_token: z.string() }).meta({ id: 'Refresh' });

/** A time span such as `30s`, in whole milliseconds. */
export const span = z
  .string()
  .meta(SPAN)
  .transform((text, context) => {
    const ms = parseDuration(text);
    if (ms !== null && Number.isSafeInteger(Math.round(ms))) return Math.round(ms);
    context.addIssue({ code: 'custom', message: 'must be a time span such as "500ms", "30s", "5m", "24h" or "7d"' });
    return z.NEVER;
  });

/** An object of texts. __proto__ would not get to whoever checks names: it is no key of a map on the way. */
export const textMap = z
  .custom<Record<string, string>>()
  .superRefine((value, context) => {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) {
      context.addIssue({ code: 'custom', message: 'must be an object' });
      return;
    }
    for (const [name, text] of Object.entries(value as object)) {
      if (name === '__proto__')
        context.addIssue({ code: 'custom', path: [name], message: 'is no name that can be used' });
      else if (typeof text !== 'string')
        context.addIssue({ code: 'custom', path: [name], message: 'must be a string' });
    }
  })
  .meta({ type: 'object', additionalProperties: { type: 'string' } });

export const eventTypeBody = z
  .strictObject({
    /** In the path, when it is put. */
    name: z.string().optional().meta({ description: 'Needed where the path has none; otherwise the same.' }),
    description: z.string().nullish().meta({ description: 'At most 1,024 characters.' }),
    example: z.unknown().optional().meta({ description: 'Data of such an event; it must fit the schema.' }),
    schema: z
      .custom<object>(isObject, 'must be an object')
      .meta({ type: 'object', description: 'A JSON Schema (draft 2020-12) of the data.' })
      .nullish(),
    on_mismatch: z
      .string()
      .meta({ enum: ON_MISMATCH, description: 'What becomes of an event whose data doesn’t fit.' })
      .nullish(),
  })
  .meta({ id: 'EventTypeSettings' });

export function isObject(value: unknown): boolean {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
