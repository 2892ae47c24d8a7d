import { z } from 'zod';

/* What several of the API's bodies have in common. A schema that is here checks what comes in, or says what goes out, and is in the API's document. */

/** PostgreSQL's text can't hold it, so that nothing has it. */
export const NO_NUL = 'must not contain the character NUL';

export function hasNul(text: string): boolean {
  return text.includes('\0');
}

/** A time as it is answered. */
export const answeredTime = z.iso.datetime().meta({ example: '2026-11-27T10:15:00.000Z' });

/** A time span as it is sent and answered. */
export const SPAN = { pattern: '^\\d{1,15}(\\.\\d{1,6})?(ms|s|m|h|d)$', example: '30s' } as const;

export const textMap = z.record(z.string(), z.string());

/** JSON of any kind: an event's data. */
export const anyJson = z.unknown().meta({ description: 'Any JSON.' });

/** No member is needed, and none is known. */
export const nothing = z.strictObject({}, { error: 'must be an empty object, or nothing' });
