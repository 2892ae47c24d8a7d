import type { Database } from '@hookline/database';
import { digestOf, type RateWindows, type Taken } from '@hookline/limits';
import { createSweep } from './sweep.ts';

/** $1 keys, $2 limits, $3 lengths, $4 counts, $5 now. Windows are locked in the order of their keys. */
const TAKE = `
  SELECT place, granted, remaining, retry_after_ms AS "retryAfterMs" FROM (
    SELECT * FROM unnest($1::bytea[], $2::bigint[], $3::bigint[], $4::bigint[]) WITH ORDINALITY
      AS take (key, at_most, window_ms, wanted, place)
    ORDER BY key, place) AS take,
    LATERAL take_rate(key, at_most, window_ms, wanted, $5::bigint)`;

/** $1 now, $2 limit. A window in use is locked and left to a later call. */
const SWEEP = `
  WITH gone AS (
    DELETE FROM rate_windows WHERE key = ANY (ARRAY(
      SELECT key FROM rate_windows WHERE until_ms <= $1 ORDER BY until_ms LIMIT $2 FOR UPDATE SKIP LOCKED))
    RETURNING key
  )
  DELETE FROM rate_takes WHERE key = ANY (ARRAY(SELECT key FROM gone))`;

export function createPostgresRates(database: Database): RateWindows {
  const sweep = createSweep(database, SWEEP);
  return {
    async take(takes, nowMs) {
      if (takes.length === 0) return [];
      const { rows } = await database.query<Taken & { place: number }>(TAKE, [
        takes.map(({ key }) => digestOf(key)),
        takes.map(({ limit }) => limit),
        takes.map(({ windowMs }) => windowMs),
        takes.map(({ count }) => count),
        nowMs,
      ]);
      await sweep(takes.length, nowMs);
      return rows
        .sort((a, b) => a.place - b.place)
        .map(({ granted, remaining, retryAfterMs }) => ({ granted, remaining, retryAfterMs }));
    },
  };
}
