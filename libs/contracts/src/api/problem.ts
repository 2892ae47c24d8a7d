import { z } from 'zod';

/** RFC 9457, as every error is answered. */
export const problem = z
  .strictObject({
    type: z.url().meta({ description: 'A URL of the code.' }),
    title: z.string().meta({ description: 'For people: the kind of problem.' }),
    status: z.int().min(400).max(599),
    code: z
      .string()
      .regex(/^[a-z_]+$/)
      .meta({ description: 'Stable: decide by it. docs/errors.md lists them.' }),
    detail: z.string().meta({ description: 'For people: this problem.' }),
    errors: z
      .array(
        z.strictObject({
          pointer: z.string().meta({
            description:
              'A JSON pointer into the body (`/event_types/0`), `?limit` for a parameter of the query, or the name of a header.',
          }),
          detail: z.string(),
        }),
      )
      .optional()
      .meta({ description: 'Every field at fault.' }),
  })
  .meta({
    id: 'Problem',
    description: 'An error (RFC 9457).',
    example: {
      type: 'https://hookline.dev/errors#invalid_input',
      title: 'Invalid input',
      status: 400,
      code: 'invalid_input',
      detail: 'The webhook is not valid.',
      errors: [{ pointer: '/url', detail: 'must begin with https:// or http://' }],
    },
  });
