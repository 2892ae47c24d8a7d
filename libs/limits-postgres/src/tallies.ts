import type { Database } from '@hookline/database';
import { digestOf, type Tallies } from '@hookline/limits';
import { QUICK } from './statements.ts';
import { createSweep } from './sweep.ts';

/**
 * $1 keys, $2 copies, $3 totals, $4 ends. Each copy has a row of its own, so nobody waits for anybody. What is written is not yet seen by the statement
 * that writes it, so a row's own total comes from what it returned.
 */
const REPORT = `
  WITH ${QUICK}, report AS (
    SELECT * FROM unnest($1::bytea[], $2::text[], $3::bigint[], $4::bigint[]) WITH ORDINALITY AS report (key, copy, total, until_ms, place)
  ), told AS (
    INSERT INTO tallies AS held (key, copy, total, until_ms)
    SELECT key, copy, total, until_ms FROM report, quick WHERE total > 0 ORDER BY key, copy
    ON CONFLICT (key, copy) DO UPDATE SET total = greatest(held.total, excluded.total)
    RETURNING key, copy, total
  )
  SELECT (coalesce((SELECT sum(total) FROM tallies WHERE key = report.key AND (told.copy IS NULL OR copy <> told.copy)), 0)
    + coalesce(told.total, 0))::bigint AS sum
  FROM report LEFT JOIN told ON told.key = report.key AND told.copy = report.copy
  ORDER BY place`;

/** $1 now, $2 limit */
const SWEEP = `
  DELETE FROM tallies WHERE (key, copy) IN (
    SELECT key, copy FROM tallies WHERE until_ms <= $1 ORDER BY until_ms LIMIT $2 FOR UPDATE SKIP LOCKED)`;

export function createPostgresTallies(database: Database): Tallies {
  const sweep = createSweep(database, SWEEP);
  return {
    async report(reports, nowMs) {
      if (reports.length === 0) return [];
      const { rows } = await database.query<{ sum: number }>(REPORT, [
        reports.map(({ key }) => digestOf(key)),
        reports.map(({ copy }) => copy),
        reports.map(({ total }) => total),
        reports.map(({ untilMs }) => untilMs),
      ]);
      await sweep(reports.length, nowMs);
      return rows.map(({ sum }) => sum);
    },
  };
}
