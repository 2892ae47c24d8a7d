import type { ApiWebhookMessage, WebhookMessage, WebhookServiceHandlers } from '@hookline/contracts/grpc';
import type { RegistryClient } from '../registry-client.ts';
import type { Calls } from './calls.ts';
import { invalidField } from './errors.ts';
import { checkedNamespace, patternOf, typeOf } from './event-type.ts';

type WebhookCalls = Pick<WebhookServiceHandlers, 'RegisterWebhook' | 'UnregisterWebhook' | 'ListWebhooks'>;

/** Webhooks by namespace and event. All that REST can say besides (policy, filter, ...) stays REST's. */
export function webhookCalls(registry: RegistryClient, { unary }: Calls): WebhookCalls {
  return {
    RegisterWebhook: unary('RegisterWebhook', 'webhooks:write', async (request, { passed }) => {
      const eventType = patternOf(request);
      const { url, headers, timeoutSeconds, description, secret } = request;
      if (timeoutSeconds < 0) throw invalidField('timeout_seconds', 'must not be negative; 0 is the default');
      const timeout = timeoutSeconds === 0 ? {} : { timeoutMs: timeoutSeconds * 1_000 };
      const settings = {
        url,
        eventTypes: [eventType],
        headers,
        metadata: {},
        delivery: { retryScheduleMs: [], signatures: [], rateLimit: null, ...timeout },
        authorization: null,
        clientCertificate: null,
        ...(description === '' ? {} : { description }),
        ...(secret === '' ? {} : { secret }),
      };
      const webhook = await registry.createWebhook({ settings }, passed);
      return { webhookId: webhook.id, eventType, secret: webhook.secret, createdAt: webhook.createdAt };
    }),

    UnregisterWebhook: unary('UnregisterWebhook', 'webhooks:write', async ({ webhookId }, { passed }) => {
      if (webhookId === '') throw invalidField('webhook_id', 'is required');
      await registry.deleteWebhook({ id: webhookId, ifRevision: [] }, passed);
      return {};
    }),

    ListWebhooks: unary('ListWebhooks', 'webhooks:read', async (request, { passed }) => {
      const { limit, cursor, activeOnly } = request;
      const { webhooks, nextCursor } = await registry.listWebhooks(
        { limit, cursor, activeOnly, ...ofType(request) },
        passed,
      );
      return { webhooks: webhooks.map(apiWebhook), nextCursor };
    }),
  };
}

function ofType({ namespace, event }: { namespace: string; event: string }) {
  if (namespace === '' && event === '') return {};
  if (event === '') return { patternPrefix: `${checkedNamespace(namespace)}.` };
  return { eventType: typeOf({ namespace, event }) };
}

export function apiWebhook(webhook: WebhookMessage): ApiWebhookMessage {
  const { id, url, eventTypes, headers, description, status, disabledReason, createdAt, delivery } = webhook;
  const timeoutSeconds = Math.ceil((delivery?.timeoutMs ?? 0) / 1_000);
  return { webhookId: id, url, eventTypes, headers, timeoutSeconds, description, status, disabledReason, createdAt };
}
