import type { Reader } from './reader.ts';

/** What became of a webhook's deliveries of events that were accepted within some time. */
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

export type ReadStats = (tenant: string, webhookId: string, sinceMs: number) => Promise<Stats>;

/** So that a webhook with millions a day is answered in time, too. */
const MAX_DELIVERIES = 50_000;

interface Row {
  /** null: of all of them. */
  state: string | null;
  last_class: string | null;
  total: boolean;
  deliveries: number;
  attempts: number;
  latencies: number[] | null;
}

export function createReadStats(reader: Reader): ReadStats {
  return async (tenant, webhookId, sinceMs) => {
    const rows = await reader.all<Row>(
      `WITH latest AS MATERIALIZED (
         SELECT state, last_class, attempt_count, extract(epoch FROM state_at - accepted_at) * 1000 AS latency
         FROM deliveries WHERE tenant = $1 AND webhook_id = $2 AND accepted_at > $3
         ORDER BY accepted_at DESC LIMIT $4
       )
       SELECT state, last_class, grouping(state) = 1 AS total, count(*)::integer AS deliveries,
         coalesce(sum(attempt_count), 0)::integer AS attempts,
         percentile_disc(ARRAY[0.5, 0.95, 0.99]) WITHIN GROUP (ORDER BY latency::double precision)
           FILTER (WHERE state = 'succeeded') AS latencies
       FROM latest GROUP BY GROUPING SETS ((state, last_class), ())`,
      [tenant, webhookId, new Date(sinceMs), MAX_DELIVERIES],
    );
    return statsOf(rows);
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
  const deliveries = all?.deliveries ?? 0;
  return {
    deliveries,
    isComplete: deliveries < MAX_DELIVERIES,
    attempts: all?.attempts ?? 0,
    states: Object.fromEntries(states),
    failures: Object.fromEntries(failures),
    latencyMs: p50 === undefined || p95 === undefined || p99 === undefined ? null : { p50, p95, p99 },
  };
}

function add(counts: Map<string, number>, name: string, count: number): void {
  counts.set(name, (counts.get(name) ?? 0) + count);
}
