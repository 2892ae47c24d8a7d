import type { Database } from '@hookline/database';
import { digestOf, type RateWindows, type Taken } from '@hookline/limits';

const TAKE = 'SELECT allowed, remaining, retry_after_ms AS "retryAfterMs" FROM take_rate($1, $2, $3, $4)';

/** $1 now, $2 limit. A window in use is locked and left to a later call. */
const SWEEP = `
  WITH gone AS (
    DELETE FROM rate_windows WHERE key = ANY (ARRAY(
      SELECT key FROM rate_windows WHERE until_ms <= $1 ORDER BY until_ms LIMIT $2 FOR UPDATE SKIP LOCKED))
    RETURNING key
  )
  DELETE FROM rate_takes WHERE key = ANY (ARRAY(SELECT key FROM gone))`;

/** A call adds one window at most, so sweeping twice as many as there were calls keeps up. */
const CALLS_PER_SWEEP = 50;

export function createPostgresRates(database: Database): RateWindows {
  let calls = 0;
  return {
    async take(key, limit, windowMs, nowMs) {
      const { rows } = await database.query<Taken>(TAKE, [digestOf(key), limit, windowMs, nowMs]);
      calls++;
      if (calls % CALLS_PER_SWEEP === 0) await database.query(SWEEP, [nowMs, 2 * CALLS_PER_SWEEP]);
      return rows[0]!;
    },
  };
}
