import type { Queryable } from '@hookline/database';
import { dayOf, type Day } from '../write/place.ts';

/** The tables that are kept in days; dropped together, and the events last, since by them the rest is found. */
export const DAY_TABLES = ['attempts', 'deliveries', 'event_metadata', 'events'] as const;

export interface DayFound {
  day: Day;
  /** As PostgreSQL estimates them. */
  events: number;
  bytes: number;
}

/** The days that there are tables of, the oldest first. */
export async function findDays(database: Queryable): Promise<DayFound[]> {
  const { rows } = await database.query<{ suffix: string; events: number; bytes: number }>(
    `SELECT substring(leaf.relname FROM '[0-9]+$') AS suffix,
       coalesce(max(leaf.reltuples) FILTER (WHERE parent.relname = 'events'), 0)::int8 AS events,
       sum(pg_total_relation_size(leaf.oid))::int8 AS bytes
     FROM pg_inherits JOIN pg_class AS leaf ON leaf.oid = inhrelid JOIN pg_class AS parent ON parent.oid = inhparent
     WHERE inhparent = ANY (ARRAY['events'::regclass, 'event_metadata'::regclass, 'attempts'::regclass, 'deliveries'::regclass])
     GROUP BY 1 ORDER BY 1`,
  );
  return rows.map(({ suffix, events, bytes }) => ({ day: dayOfSuffix(suffix), events: Math.max(0, events), bytes }));
}

function dayOfSuffix(suffix: string): Day {
  return dayOf(Date.parse(suffix.replace(/^(\d{4})(\d\d)(\d\d)$/, '$1-$2-$3')));
}
