import type { WebhookMessage } from '@hookline/contracts/grpc';
import { sendJson } from '@hookline/service-kit';
import { readJson } from '../http/json-body.ts';
import type { Route } from '../http/route.ts';
import type { RegistryClient } from '../registry-client.ts';
import { patchWebhook } from '../routes/patch-webhook.ts';
import { MOST_SUBSCRIBERS, newSubscriber, SUBSCRIBER_DOCS, subscriberChange } from './subscriber-docs.ts';
import { inTheirWords, type Names } from './their-words.ts';
import { createForeign, given } from './webhook-fields.ts';

const ALL = '/api/v1/subscribers';
const ONE = '/api/v1/subscribers/{id}';
const NAMES: Names = { url: 'endpoint_url', description: 'name', rate_limit: 'rate_limit_per_second' };

/** Webhooks, as a system of subscribers calls them. */
export function subscriberRoutes(registry: RegistryClient): Route[] {
  return [
    {
      method: 'POST',
      path: ALL,
      access: 'webhooks:write',
      tokenless: true,
      doc: SUBSCRIBER_DOCS.create,
      async handle({ request, response, passed }) {
        const { name, endpoint_url: url, event_types } = await readJson(request, newSubscriber);
        const webhook = await inTheirWords(NAMES, () =>
          createForeign(registry, { url, event_types, description: name }, passed),
        );
        const answer = { id: webhook.id, name, secret_key: webhook.secret };
        sendJson(response, 201, answer, { location: `${ALL}/${webhook.id}`, 'cache-control': 'no-store' });
      },
    },
    {
      method: 'GET',
      path: ALL,
      access: 'webhooks:read',
      tokenless: true,
      doc: SUBSCRIBER_DOCS.list,
      async handle({ response, passed }) {
        const { webhooks } = await registry.listWebhooks({ limit: MOST_SUBSCRIBERS, cursor: '' }, passed);
        sendJson(response, 200, webhooks.map(subscriberJson));
      },
    },
    {
      method: 'GET',
      path: ONE,
      access: 'webhooks:read',
      tokenless: true,
      doc: SUBSCRIBER_DOCS.get,
      async handle({ response, id, passed }) {
        const webhook = await registry.getWebhook({ id }, passed);
        const subscriptions = webhook.eventTypes.map((type) => ({ subscriber_id: webhook.id, event_type: type }));
        sendJson(response, 200, { ...subscriberJson(webhook), subscriptions });
      },
    },
    {
      method: 'PATCH',
      path: ONE,
      access: 'webhooks:write',
      tokenless: true,
      doc: SUBSCRIBER_DOCS.patch,
      async handle({ request, response, id, passed }) {
        const change = await readJson(request, subscriberChange);
        const { name, endpoint_url: url, is_active: isActive, rate_limit_per_second: limit } = change;
        const patch = given({
          description: name,
          url,
          status: isActive === undefined ? undefined : isActive ? 'enabled' : 'disabled',
          rate_limit: limit === undefined ? undefined : { limit, window: '1s' },
        });
        const webhook = await inTheirWords(NAMES, () => patchWebhook(registry, { id, passed }, patch));
        sendJson(response, 200, subscriberJson(webhook));
      },
    },
  ];
}

function subscriberJson(webhook: WebhookMessage) {
  const { limit, windowMs } = webhook.delivery?.rateLimit ?? {};
  return {
    id: webhook.id,
    name: webhook.description,
    endpoint_url: webhook.url,
    is_active: webhook.status === 'enabled',
    rate_limit_per_second: limit === undefined || windowMs === undefined ? null : (limit * 1_000) / windowMs,
    created_at: webhook.createdAt,
    updated_at: webhook.updatedAt,
  };
}
