import type { WebhookMessage } from '@hookline/contracts/grpc';
import { hideSensitive } from '../webhooks/headers.ts';
import type { OpenWebhook } from '../webhooks/webhooks.ts';

/** A webhook as it is shown: without its secrets. */
export function webhookMessage(webhook: OpenWebhook): WebhookMessage {
  return {
    id: webhook.id,
    url: webhook.url,
    eventTypes: webhook.eventTypes,
    headers: hideSensitive(webhook.headers),
    policy: webhook.policy,
    description: webhook.description ?? '',
    status: webhook.status,
    disabledReason: webhook.disabledReason ?? '',
    createdAt: webhook.createdAt.toISOString(),
    updatedAt: webhook.updatedAt.toISOString(),
    secret: '',
  };
}
