import { FILTERS, attemptPage } from '@hookline/contracts/api';
import type { Upstream } from '../forward.ts';
import type { Route } from '../http/route.ts';
import type { RegistryClient } from '../registry-client.ts';
import { listed } from '../routes/event-docs.ts';
import { queryOf } from '../routes/log.ts';
import { WEBHOOK } from '../routes/resources.ts';

/** A webhook's attempts, under another system's name for them. */
export function logsRoutes(registry: RegistryClient, observability: Upstream): Route[] {
  return [
    {
      method: 'GET',
      path: '/api/v1/webhooks/{id}/logs',
      access: 'deliveries:read',
      doc: {
        id: 'listWebhookLogs',
        tag: 'dialects',
        summary: 'Search a webhook’s attempts, as its logs',
        details: 'What `GET /api/v1/attempts?webhook=` answers.',
        resource: WEBHOOK,
        query: listed(FILTERS.webhookAttempts),
        answers: { 200: { description: 'A page.', schema: attemptPage } },
      },
      async handle(call) {
        const { request, response, passed } = call;
        const { id } = await registry.getWebhook({ id: call.id }, passed);
        const path = `/api/v1/attempts?webhook=${encodeURIComponent(id)}${queryOf(call).replace('?', '&')}`;
        await observability.forward(request, response, { path, passed });
      },
    },
  ];
}
