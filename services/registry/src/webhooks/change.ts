import type { WebhookChange } from '@hookline/contracts';
import type { StoredWebhook } from './store.ts';

/** What the dispatchers need to know of a webhook. */
export function changeOf(webhook: StoredWebhook): WebhookChange {
  const { id, tenant, url, eventTypes, sealedHeaders, sealedSecrets, status, policy } = webhook;
  return { id, tenant, url, eventTypes, sealedHeaders, sealedSecrets, status, policy };
}
