import { createDestination, type Destination } from '@hookline/delivery';
import { secretKey } from '@hookline/domain';
import type { Sealing } from '@hookline/service-kit';
import type { KnownWebhook } from './webhook-table.ts';

/**
 * Where a webhook's requests go and what signs them. Its headers and secrets are opened once per version.
 * @throws Error if they were sealed with another key
 */
export function openDestination(webhook: KnownWebhook, sealing: Sealing): Destination {
  webhook.destination ??= createDestination(
    webhook.url,
    JSON.parse(sealing.open(webhook.sealedHeaders, `headers:${webhook.id}`)) as Record<string, string>,
    (JSON.parse(sealing.open(webhook.sealedSecrets, `secrets:${webhook.id}`)) as string[]).map(secretKey),
  );
  return webhook.destination;
}
