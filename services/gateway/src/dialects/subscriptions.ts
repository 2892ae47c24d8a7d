import type { WebhookMessage } from '@hookline/contracts/grpc';
import { sendJson } from '@hookline/service-kit';
import { askJson } from '../ask-json.ts';
import type { Upstream } from '../forward.ts';
import { readJson } from '../http/json-body.ts';
import type { Route } from '../http/route.ts';
import type { RegistryClient } from '../registry-client.ts';
import { patchWebhook } from '../routes/patch-webhook.ts';
import type { DeliveryPageJson } from './log-json.ts';
import { newSubscription, SUBSCRIPTION_DOCS, subscriptionChange } from './subscription-docs.ts';
import { taskStatus } from './task-status.ts';
import { inTheirWords, type Names } from './their-words.ts';
import { createForeign, given } from './webhook-fields.ts';

const ALL = '/subscriptions/';
const ONE = '/subscriptions/{id}';
const NAMES: Names = { url: 'target_url', event_types: 'event_type' };
/** There are no pages: so many, the newest. */
const MOST = 200;

/** Webhooks of one event type, as a system of subscriptions calls them. */
export function subscriptionRoutes(registry: RegistryClient, observability: Upstream): Route[] {
  return [
    {
      method: 'POST',
      path: ALL,
      access: 'webhooks:write',
      tokenless: true,
      doc: SUBSCRIPTION_DOCS.create,
      async handle({ request, response, passed }) {
        const { target_url: url, event_type: type = '*', secret } = await readJson(request, newSubscription);
        const webhook = await inTheirWords(NAMES, () =>
          createForeign(
            registry,
            given({ url, event_types: [type], secret, signatures: ['standard', 'github'] }),
            passed,
          ),
        );
        const answer = { ...subscriptionJson(webhook), secret: webhook.secret };
        sendJson(response, 201, answer, { location: `${ALL}${webhook.id}`, 'cache-control': 'no-store' });
      },
    },
    {
      method: 'GET',
      path: ALL,
      access: 'webhooks:read',
      tokenless: true,
      doc: SUBSCRIPTION_DOCS.list,
      async handle({ response, passed }) {
        const { webhooks } = await registry.listWebhooks({ limit: MOST, cursor: '' }, passed);
        sendJson(response, 200, webhooks.map(subscriptionJson));
      },
    },
    {
      method: 'GET',
      path: ONE,
      access: 'webhooks:read',
      tokenless: true,
      doc: SUBSCRIPTION_DOCS.get,
      async handle({ response, id, passed }) {
        sendJson(response, 200, subscriptionJson(await registry.getWebhook({ id }, passed)));
      },
    },
    {
      method: 'PUT',
      path: ONE,
      access: 'webhooks:write',
      tokenless: true,
      doc: SUBSCRIPTION_DOCS.put,
      async handle({ request, response, id, passed }) {
        const { target_url: url, event_type: type, secret } = await readJson(request, subscriptionChange);
        const patch = given({ url, event_types: type === undefined ? undefined : [type], secret });
        const webhook = await inTheirWords(NAMES, () =>
          patchWebhook(registry, { id, passed }, patch, { shortSecret: true }),
        );
        sendJson(response, 200, subscriptionJson(webhook));
      },
    },
    {
      method: 'DELETE',
      path: ONE,
      access: 'webhooks:write',
      tokenless: true,
      doc: SUBSCRIPTION_DOCS.delete,
      async handle({ response, id, passed }) {
        await registry.deleteWebhook({ id, ifRevision: [] }, passed);
        response.writeHead(204).end();
      },
    },
    {
      method: 'GET',
      path: `${ONE}/deliveries`,
      access: 'deliveries:read',
      tokenless: true,
      doc: SUBSCRIPTION_DOCS.deliveries,
      async handle({ response, id: name, passed }) {
        const { id } = await registry.getWebhook({ id: name }, passed);
        const path = `/api/v1/webhooks/${encodeURIComponent(id)}/deliveries?limit=${MOST}`;
        const { json } = await askJson<DeliveryPageJson>(observability, { method: 'GET', path, passed });
        sendJson(response, 200, json.data.map(deliveryJson));
      },
    },
  ];
}

function subscriptionJson({ id, url, eventTypes, status, createdAt, updatedAt }: WebhookMessage) {
  return {
    id,
    target_url: url,
    // One that was made otherwise may have several.
    event_type: eventTypes.join(','),
    is_active: status === 'enabled',
    created_at: createdAt,
    updated_at: updatedAt,
  };
}

function deliveryJson(delivery: DeliveryPageJson['data'][number]) {
  return {
    id: delivery.id,
    task_id: delivery.event_id,
    subscription_id: delivery.webhook_id,
    event_type: delivery.event_type,
    status: taskStatus([delivery]),
    attempts: delivery.attempt_count,
    status_code: delivery.last_status,
    error: delivery.last_class,
    created_at: delivery.accepted_at,
    last_attempt_at: delivery.last_attempt_at,
    next_attempt_at: delivery.next_attempt_at,
  };
}
