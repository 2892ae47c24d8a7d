import { sendJson } from '@hookline/service-kit';
import { askJson } from '../ask-json.ts';
import type { Upstream } from '../forward.ts';
import type { Route } from '../http/route.ts';
import type { RegistryClient } from '../registry-client.ts';
import type { AttemptJson } from './log-json.ts';
import { MOST_SUBSCRIBERS, SUBSCRIBER_DOCS } from './subscriber-docs.ts';

interface StatsJson {
  last_day: { events: number; attempts: number; states: Record<string, number> };
}

const LATEST_ATTEMPTS = 200;

/** How a tenant's deliveries are doing, as a system of subscribers counts it. */
export function subscriberMetricsRoutes(registry: RegistryClient, observability: Upstream): Route[] {
  return [
    {
      method: 'GET',
      path: '/api/v1/metrics',
      access: 'deliveries:read',
      tokenless: true,
      doc: SUBSCRIBER_DOCS.metrics,
      async handle({ response, identity, passed }) {
        const read = <T>(path: string) => askJson<T>(observability, { method: 'GET', path, passed });
        const webhooks = identity.scopes.includes('webhooks:read')
          ? registry.listWebhooks({ limit: MOST_SUBSCRIBERS, cursor: '', activeOnly: true }, passed)
          : null;
        const [stats, attempts, active] = await Promise.all([
          read<StatsJson>('/api/v1/stats'),
          read<{ data: AttemptJson[] }>(`/api/v1/attempts?limit=${LATEST_ATTEMPTS}`),
          webhooks,
        ]);
        sendJson(response, 200, metricsOf(stats.json, attempts.json.data, active?.webhooks.length ?? null));
      },
    },
  ];
}

function metricsOf({ last_day: day }: StatsJson, attempts: readonly AttemptJson[], subscribers: number | null) {
  const succeeded = day.states['succeeded'] ?? 0;
  const totalMs = attempts.reduce((sum, { duration_ms: ms }) => sum + ms, 0);
  return {
    total_events: day.events,
    total_deliveries: day.attempts,
    success_count: succeeded,
    // What failed but goes on counts there by its attempts.
    failed_count: Math.max(0, day.attempts - succeeded),
    success_rate: day.attempts === 0 ? 0 : Math.min(100, (succeeded / day.attempts) * 100),
    avg_response_ms: attempts.length === 0 ? 0 : totalMs / attempts.length,
    dead_letter_count: day.states['dead'] ?? 0,
    active_subscribers: subscribers,
  };
}
