import { parseDuration } from '@hookline/domain';
import { z } from 'zod';

/* What a body must look like. What it may mean is checked by the service that owns it. */

export const loginBody = z.strictObject({ username: z.string(), password: z.string() });

export const passwordBody = z.strictObject({ current_password: z.string(), new_password: z.string() });

/** A time span such as `30s`, in whole milliseconds. */
export const span = z.string().transform((text, context) => {
  const ms = parseDuration(text);
  if (ms !== null && Number.isSafeInteger(Math.round(ms))) return Math.round(ms);
  context.addIssue({ code: 'custom', message: 'must be a time span such as "500ms", "30s", "5m", "24h" or "7d"' });
  return z.NEVER;
});

/** An object of texts. __proto__ would not get to whoever checks names: it is no key of a map on the way. */
export const textMap = z.custom<Record<string, string>>().superRefine((value, context) => {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    context.addIssue({ code: 'custom', message: 'must be an object' });
    return;
  }
  for (const [name, text] of Object.entries(value as object)) {
    if (name === '__proto__')
      context.addIssue({ code: 'custom', path: [name], message: 'is no name that can be used' });
    else if (typeof text !== 'string') context.addIssue({ code: 'custom', path: [name], message: 'must be a string' });
  }
});

export const eventTypeBody = z.strictObject({
  /** In the path, when it is put. */
  name: z.string().optional(),
  description: z.string().nullish(),
  example: z.unknown().optional(),
  schema: z.custom<object>(isObject, 'must be an object').nullish(),
  on_mismatch: z.string().nullish(),
});

export function isObject(value: unknown): boolean {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
