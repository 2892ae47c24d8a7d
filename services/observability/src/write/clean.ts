/*
 * What a record says in the form that the database takes. Records come from other programs, so a number may be absurd and a text may hold
 * what PostgreSQL's text can't; neither is worth losing the row for.
 */

const REPLACEMENT = '\ufffd';
const LATEST_MS = Date.UTC(9999, 11, 31);
const MAX_INTEGER = 2_147_483_647;

/** Without NUL characters and halves of surrogate pairs. */
export function cleanText(text: string): string {
  const whole = text.isWellFormed() ? text : text.toWellFormed();
  return whole.includes('\0') ? whole.replaceAll('\0', REPLACEMENT) : whole;
}

/** Milliseconds of the years 1970 to 9999, which a timestamptz can hold. */
export function timeMs(ms: number): number {
  return clamp(ms, LATEST_MS);
}

/** A non-negative integer. */
export function integer(value: number): number {
  return clamp(value, MAX_INTEGER);
}

function clamp(value: number, max: number): number {
  return Math.min(max, Math.max(0, Math.round(value)));
}
