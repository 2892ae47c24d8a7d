import type { WebhookMessage, WebhookSettingsMessage } from '@hookline/contracts/grpc';
import { sendJson } from '@hookline/service-kit';
import type { z } from 'zod';
import { readJson } from '../http/json-body.ts';
import { invalidQuery, readQuery } from '../http/query.ts';
import type { Route } from '../http/route.ts';
import type { RegistryClient } from '../registry-client.ts';
import { webhookBody } from './schemas.ts';

const ALL = '/api/v1/webhooks';
const ONE = '/api/v1/webhooks/{id}';
const MAX_LIMIT = 200;

export function webhookRoutes(registry: RegistryClient): Route[] {
  return [
    {
      method: 'POST',
      path: ALL,
      access: 'webhooks:write',
      async handle({ request, response, passed }) {
        const settings = settingsOf(await readJson(request, webhookBody));
        const webhook = await registry.createWebhook({ settings }, passed);
        const headers = { location: `${ALL}/${webhook.id}`, 'cache-control': 'no-store' };
        sendJson(response, 201, { ...webhookJson(webhook), secret: webhook.secret }, headers);
      },
    },
    {
      method: 'GET',
      path: ALL,
      access: 'webhooks:read',
      async handle({ request, response, passed }) {
        const { limit, cursor = '' } = readQuery(request, ['limit', 'cursor']);
        const { webhooks, nextCursor } = await registry.listWebhooks({ limit: limitOf(limit), cursor }, passed);
        sendJson(response, 200, {
          data: webhooks.map(webhookJson),
          next_cursor: nextCursor === '' ? null : nextCursor,
        });
      },
    },
    {
      method: 'GET',
      path: ONE,
      access: 'webhooks:read',
      async handle({ response, id, passed }) {
        sendJson(response, 200, webhookJson(await registry.getWebhook({ id }, passed)));
      },
    },
    {
      method: 'PUT',
      path: ONE,
      access: 'webhooks:write',
      async handle({ request, response, id, passed }) {
        const settings = settingsOf(await readJson(request, webhookBody));
        sendJson(response, 200, webhookJson(await registry.replaceWebhook({ id, settings }, passed)));
      },
    },
    {
      method: 'DELETE',
      path: ONE,
      access: 'webhooks:write',
      async handle({ response, id, passed }) {
        await registry.deleteWebhook({ id }, passed);
        response.writeHead(204).end();
      },
    },
  ];
}

function limitOf(text: string | undefined): number {
  if (text === undefined) return 0;
  const limit = /^\d{1,6}$/.test(text) ? Number(text) : 0;
  if (limit >= 1 && limit <= MAX_LIMIT) return limit;
  throw invalidQuery([{ pointer: '?limit', detail: `must be a whole number from 1 to ${MAX_LIMIT}` }]);
}

function settingsOf(body: z.infer<typeof webhookBody>): WebhookSettingsMessage {
  const { url, event_types: eventTypes, headers = {}, description, ...optional } = body;
  const given = description === null || description === undefined ? optional : { ...optional, description };
  // Absent, not undefined: the message tells them apart.
  return { url, eventTypes, headers, ...(JSON.parse(JSON.stringify(given)) as typeof given) } as WebhookSettingsMessage;
}

function webhookJson(webhook: WebhookMessage) {
  return {
    id: webhook.id,
    url: webhook.url,
    event_types: webhook.eventTypes,
    headers: webhook.headers,
    policy: webhook.policy,
    description: webhook.description === '' ? null : webhook.description,
    status: webhook.status,
    disabled_reason: webhook.disabledReason === '' ? null : webhook.disabledReason,
    created_at: webhook.createdAt,
    updated_at: webhook.updatedAt,
  };
}
