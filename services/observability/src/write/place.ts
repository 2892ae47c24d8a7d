/*
 * Where in the log an event's rows are: in the tables of the day (UTC) on which it was accepted, and those of its deliveries and attempts with it
 * (migration 0021).
 */

const DAY_MS = 86_400_000;
/** More than the longest retention; and as far as a clock may be ahead. */
const OLDEST_MS = 400 * DAY_MS;
const NEWEST_MS = 2 * DAY_MS;

/** Days since 1970. */
export type Day = number;

export function dayOf(ms: number): Day {
  return Math.floor(ms / DAY_MS);
}

/** The end of the names of a day's tables: `20261127`. */
export function suffixOf(day: Day): string {
  return isoDay(day).replaceAll('-', '');
}

/** `2026-11-27`. */
export function isoDay(day: Day): string {
  return new Date(day * DAY_MS).toISOString().slice(0, 10);
}

/**
 * A time that the log has, or can make, a day for. A producer may say anything; one that says what can't be has its rows in 1970, always in the same
 * place, until retention drops that day.
 */
export function placeable(acceptedAtMs: number, nowMs: number): number {
  const rounded = Math.round(acceptedAtMs);
  return rounded >= nowMs - OLDEST_MS && rounded <= nowMs + NEWEST_MS ? rounded : 0;
}
