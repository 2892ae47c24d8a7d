import type { WebhookMessage } from '@hookline/contracts/grpc';
import type { BreakerState } from '@hookline/domain';
import type { Breakers } from '@hookline/limits';
import { sendJson, within } from '@hookline/service-kit';
import type { Route } from '../http/route.ts';
import type { RegistryClient } from '../registry-client.ts';
import { MOST_SUBSCRIBERS, SUBSCRIBER_DOCS, type BreakerShown } from './subscriber-docs.ts';

export interface SubscriberHealthDeps {
  registry: RegistryClient;
  breakers: Pick<Breakers, 'report'>;
  now: () => number;
}

/** Past that nobody knows, and the answer says so. */
const ASK_DEADLINE_MS = 1_000;

/** Whether webhooks' circuit breakers let requests through, as a system of subscribers tells it. */
export function subscriberHealthRoutes({ registry, breakers, now }: SubscriberHealthDeps): Route[] {
  async function healthOf(webhooks: readonly WebhookMessage[]) {
    // Reports without outcomes ask.
    const reports = webhooks.map(({ id: webhookId }) => ({ webhookId, succeeded: 0, failed: 0, failuresInARow: 0 }));
    const states =
      reports.length === 0
        ? []
        : await within(ASK_DEADLINE_MS, 'the breakers', breakers.report(reports, now())).catch(() => null);
    return webhooks.map(({ id, description, url, status }, index) => ({
      id,
      name: description,
      endpoint_url: url,
      is_active: status === 'enabled',
      circuit_breaker: { state: shown(states?.[index]) },
    }));
  }

  return [
    {
      method: 'GET',
      path: '/api/v1/subscribers/{id}/health',
      access: 'webhooks:read',
      tokenless: true,
      doc: SUBSCRIBER_DOCS.health,
      async handle({ response, id, passed }) {
        const [health] = await healthOf([await registry.getWebhook({ id }, passed)]);
        sendJson(response, 200, health);
      },
    },
    {
      method: 'GET',
      path: '/api/v1/subscribers-health',
      access: 'webhooks:read',
      tokenless: true,
      doc: SUBSCRIBER_DOCS.allHealth,
      async handle({ response, passed }) {
        const { webhooks } = await registry.listWebhooks({ limit: MOST_SUBSCRIBERS, cursor: '' }, passed);
        sendJson(response, 200, await healthOf(webhooks));
      },
    },
  ];
}

function shown(state: BreakerState | undefined): BreakerShown {
  if (state === undefined) return 'unknown';
  return state.kind === 'half_open' ? 'half-open' : state.kind;
}
