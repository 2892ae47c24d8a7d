import type { Clock } from '@hookline/domain';
import type { CountEvents, ReadStats, Stats } from '../read/stats.ts';
import { json, type Route } from './route.ts';

const HOUR_MS = 3_600_000;

export interface StatsRoutesDeps {
  readStats: ReadStats;
  countEvents: CountEvents;
  clock: Clock;
}

export function statsRoutes({ readStats, countEvents, clock }: StatsRoutesDeps): Route[] {
  async function ofTenant(tenant: string, nowMs: number, hours: number): Promise<object> {
    const [events, stats] = await Promise.all([
      countEvents(tenant, nowMs - hours * HOUR_MS),
      readStats(tenant, null, nowMs, hours),
    ]);
    return { events, ...statsJson(stats) };
  }

  return [
    {
      method: 'GET',
      scope: 'deliveries:read',
      path: '/api/v1/stats',
      async answer({ tenant }) {
        const now = clock.now();
        const [hour, day] = await Promise.all([1, 24].map((hours) => ofTenant(tenant, now, hours)));
        return json({ last_hour: hour, last_day: day });
      },
    },
    {
      method: 'GET',
      scope: 'deliveries:read',
      path: '/api/v1/webhooks/{id}/stats',
      async answer({ tenant, id }) {
        const now = clock.now();
        const [hour, day] = await Promise.all([1, 24].map((hours) => readStats(tenant, id, now, hours)));
        return json({ webhook_id: id, last_hour: statsJson(hour), last_day: statsJson(day) });
      },
    },
  ];
}

function statsJson(stats: Stats | undefined) {
  if (stats === undefined) return null;
  const { succeeded = 0, dead = 0, expired = 0 } = stats.states;
  const ended = succeeded + dead + expired;
  return {
    deliveries: stats.deliveries,
    // Otherwise only the latest were counted.
    complete: stats.isComplete,
    attempts: stats.attempts,
    states: stats.states,
    failures: stats.failures,
    // Of those that ended by themselves.
    success_rate: ended === 0 ? null : Math.round((succeeded / ended) * 10_000) / 10_000,
    latency_ms: stats.latencyMs,
  };
}
