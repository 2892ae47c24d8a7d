import type { Reader } from './reader.ts';

/** What became of the deliveries, a webhook's or a tenant's, of events that were accepted within some time. */
export interface Stats {
  /** Counted; beyond a bound the oldest are not. */
  deliveries: number;
  isComplete: boolean;
  attempts: number;
  /** Only those that there are. */
  states: Record<string, number>;
  /** By the class of the last attempt, of deliveries that have not succeeded. */
  failures: Record<string, number>;
  /** From acceptance to success; null: there was none. */
  latencyMs: { p50: number; p95: number; p99: number } | null;
}

/** Of the hours until now, so many. @param webhookId null: of all the tenant's */
export type ReadStats = (tenant: string, webhookId: string | null, nowMs: number, hours: number) => Promise<Stats>;

/** How many events a tenant published; beyond a bound there may be more. */
export type CountEvents = (tenant: string, sinceMs: number) => Promise<number>;

/** So that a webhook with millions a day is answered in time, too. */
const MAX_DELIVERIES = 5_000;
const MAX_EVENTS = 50_000;

interface Row {
  /** null: of all of them. */
  state: string | null;
  last_class: string | null;
  total: boolean;
  deliveries: number;
  attempts: number;
  latencies: number[] | null;
  is_complete: boolean;
}

/**
 * Hour by hour from the latest, until that is enough: asked for a day at once, PostgreSQL would read and sort all of it before it takes the latest, since it can't know
 * that deliveries of an hour lie close together.
 */
export function createReadStats(reader: Reader): ReadStats {
  return async (tenant, webhookId, nowMs, hours) => {
    const rows = await reader.all<Row>(
      `WITH latest AS MATERIALIZED (
         SELECT d.* FROM generate_series(0, $2::integer - 1) AS hour CROSS JOIN LATERAL (
           SELECT state, last_class, attempt_count, date_part('epoch', state_at - accepted_at) * 1000 AS latency
           FROM deliveries
           WHERE tenant = $1 ${webhookId === null ? '' : 'AND webhook_id = $4'}
             AND accepted_at > $3::timestamptz - (hour + 1) * interval '1 hour'
             AND accepted_at <= CASE WHEN hour = 0 THEN 'infinity' ELSE $3::timestamptz - hour * interval '1 hour' END
           ORDER BY accepted_at DESC
         ) AS d LIMIT ${MAX_DELIVERIES + 1}
       ), counted AS (SELECT * FROM latest LIMIT ${MAX_DELIVERIES})
       SELECT state, last_class, grouping(state) = 1 AS total, count(*)::integer AS deliveries,
         coalesce(sum(attempt_count), 0)::integer AS attempts,
         percentile_disc(ARRAY[0.5, 0.95, 0.99]) WITHIN GROUP (ORDER BY latency)
           FILTER (WHERE state = 'succeeded') AS latencies,
         (SELECT count(*) FROM latest) <= ${MAX_DELIVERIES} AS is_complete
       FROM counted GROUP BY GROUPING SETS ((state, last_class), ())`,
      [tenant, hours, new Date(nowMs), ...(webhookId === null ? [] : [webhookId])],
    );
    return statsOf(rows);
  };
}

export function createCountEvents(reader: Reader): CountEvents {
  return async (tenant, sinceMs) => {
    const counted = await reader.one<{ count: number }>(
      `SELECT count(*)::integer AS count FROM (
         SELECT 1 FROM events WHERE tenant = $1 AND accepted_at > $2 LIMIT $3
       ) AS latest`,
      [tenant, new Date(sinceMs), MAX_EVENTS],
    );
    return counted?.count ?? 0;
  };
}

function statsOf(rows: readonly Row[]): Stats {
  const all = rows.find(({ total }) => total);
  const states = new Map<string, number>();
  const failures = new Map<string, number>();
  for (const { total, state, last_class: lastClass, deliveries } of rows) {
    if (total || state === null) continue;
    add(states, state, deliveries);
    if (state !== 'succeeded' && lastClass !== null) add(failures, lastClass, deliveries);
  }
  const [p50, p95, p99] = (all?.latencies ?? []).map((ms) => Math.round(ms));
  return {
    deliveries: all?.deliveries ?? 0,
    isComplete: all?.is_complete ?? true,
    attempts: all?.attempts ?? 0,
    states: Object.fromEntries(states),
    failures: Object.fromEntries(failures),
    latencyMs: p50 === undefined || p95 === undefined || p99 === undefined ? null : { p50, p95, p99 },
  };
}

function add(counts: Map<string, number>, name: string, count: number): void {
  counts.set(name, (counts.get(name) ?? 0) + count);
}
