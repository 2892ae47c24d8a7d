import { parseDuration } from '@hookline/domain';
import { z } from 'zod';

/** A time span such as `500ms`, `30s`, `5m`, `24h` or `7d`, in milliseconds. */
export function duration(byDefault: string) {
  return z.string().default(byDefault).transform(toMs).meta({ example: byDefault });
}

export function optionalDuration(example: string) {
  return z.string().transform(toMs).optional().meta({ example });
}

function toMs(text: string, context: z.RefinementCtx): number {
  const ms = parseDuration(text);
  if (ms !== null) return ms;
  context.addIssue({ code: 'custom', message: `"${text}" is no time span` });
  return z.NEVER;
}

/** Text that isn't empty. */
export function plainText(byDefault: string, example = byDefault) {
  return z.string().min(1).default(byDefault).meta({ example });
}

export function optionalText(example: string) {
  return z.string().min(1).optional().meta({ example });
}

export function optionalUrl(protocols: RegExp, example: string) {
  return z
    .url({ protocol: protocols, error: `must be a URL such as ${example}` })
    .optional()
    .meta({ example });
}

const NO_NUMBER = { error: 'must be a number' };

/** A number, or text that is one. Coercion alone would make 0 of a key without a value (`port:`), and 1 of `true`. */
const numeric = z.union([z.number(), z.string().regex(/\S/, NO_NUMBER)], NO_NUMBER);

/** A whole number within bounds, also as text (the environment has nothing else). */
export function integer(byDefault: number, min: number, max: number) {
  const bounded = z.coerce
    .number<string | number>(NO_NUMBER)
    .int('must be a whole number')
    .min(min, `must be at least ${min}`)
    .max(max, `must be at most ${max}`);
  return numeric.pipe(bounded).default(byDefault).meta({ example: byDefault });
}

/** A number within bounds, also as text. */
export function decimal(byDefault: number, min: number, max: number) {
  const bounded = z.coerce
    .number<string | number>(NO_NUMBER)
    .min(min, `must be at least ${min}`)
    .max(max, `must be at most ${max}`);
  return numeric.pipe(bounded).default(byDefault).meta({ example: byDefault });
}

export function port(byDefault: number) {
  return integer(byDefault, 0, 65_535);
}

/** `true` or `false`. */
export function flag(byDefault: boolean) {
  return z
    .union([z.boolean(), z.enum(['true', 'false'], { error: 'must be true or false' })])
    .default(byDefault)
    .transform((value) => value === true || value === 'true')
    .meta({ example: byDefault });
}

/** Several values, as a YAML list or separated by commas. */
export function list(example: string) {
  return z
    .union([z.array(z.string()), z.string()])
    .default([])
    .transform((value) =>
      (Array.isArray(value) ? value : value.split(',')).map((item) => item.trim()).filter((item) => item !== ''),
    )
    .meta({ example });
}
