import { EVENT_LIMITS } from '@hookline/domain';
import { readBody } from '@hookline/service-kit';
import type { Upstream } from '../forward.ts';
import type { Call, Route } from '../http/route.ts';
import type { RegistryClient } from '../registry-client.ts';

/** An event with what JSON needs around it; ingestion draws the exact line. */
const MAX_EVENT_BODY_BYTES = EVENT_LIMITS.sizeBytes + 64 * 1024;

export interface EventRoutesDependencies {
  registry: RegistryClient;
  ingestion: Upstream;
  observability: Upstream;
}

/** What happened and what became of it: ingestion and observability answer, in their own words. */
export function eventRoutes({ registry, ingestion, observability }: EventRoutesDependencies): Route[] {
  const read = (path: string, check: (call: Call) => Promise<unknown> = async () => undefined): Route => ({
    method: 'GET',
    path,
    access: 'deliveries:read',
    async handle(call) {
      await check(call);
      // Made from what was matched: `..` in a client's path leads nowhere else.
      const target = path.replace('{id}', encodeURIComponent(call.id)) + queryOf(call);
      await observability.forward(call.request, call.response, { path: target, passed: call.passed });
    },
  });

  return [
    {
      method: 'POST',
      path: '/api/v1/events',
      access: 'events:publish',
      async handle(call) {
        // Read before it is passed on: a slow client costs ingestion nothing.
        const body = await readBody(call.request, MAX_EVENT_BODY_BYTES);
        const path = '/api/v1/events' + queryOf(call);
        await ingestion.forward(call.request, call.response, { path, body, passed: call.passed });
      },
    },
    read('/api/v1/events/{id}'),
    // Observability knows of deliveries only: that there is such a webhook, perhaps without any, the registry says.
    read('/api/v1/webhooks/{id}/deliveries', ({ id, passed }) => registry.getWebhook({ id }, passed)),
    read('/api/v1/deliveries/{id}'),
    read('/api/v1/dead-letters'),
    read('/api/v1/dead-letters/{id}'),
  ];
}

function queryOf({ request }: Call): string {
  const at = request.originalUrl.indexOf('?');
  return at < 0 ? '' : request.originalUrl.slice(at);
}
