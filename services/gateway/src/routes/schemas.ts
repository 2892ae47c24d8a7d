import { z } from 'zod';

/* What a body must look like. What it may mean is checked by the service that owns it. */

export const loginBody = z.strictObject({ username: z.string(), password: z.string() });

export const passwordBody = z.strictObject({ current_password: z.string(), new_password: z.string() });

export const webhookBody = z.strictObject({
  url: z.string(),
  event_types: z.array(z.string()),
  // Names are checked by the registry, but __proto__ would not get there: it is no key of a map on the way.
  headers: z
    .custom<Record<string, string>>()
    .superRefine((value, context) => {
      if (typeof value !== 'object' || value === null || Array.isArray(value)) {
        context.addIssue({ code: 'custom', message: 'must be an object' });
        return;
      }
      for (const [name, text] of Object.entries(value as object)) {
        if (name === '__proto__') context.addIssue({ code: 'custom', path: [name], message: 'is no header' });
        else if (typeof text !== 'string')
          context.addIssue({ code: 'custom', path: [name], message: 'must be a string' });
      }
    })
    .optional(),
  policy: z.string().optional(),
  description: z.string().nullable().optional(),
  status: z.string().optional(),
  secret: z.string().optional(),
});
