import type { WebhookChange } from '@hookline/contracts';
import type { StoredWebhook } from './store.ts';

/** What the dispatchers need to know of a webhook. */
export function changeOf(webhook: StoredWebhook): WebhookChange {
  const { id, tenant, url, eventTypes, sealedHeaders, sealedSecrets, sealedCredentials, status, policy } = webhook;
  const change: WebhookChange = { id, tenant, url, eventTypes, sealedHeaders, sealedSecrets, status, policy };
  if (sealedCredentials !== null) change.sealedCredentials = sealedCredentials;
  if (Object.keys(webhook.delivery).length > 0) change.delivery = webhook.delivery;
  return change;
}
