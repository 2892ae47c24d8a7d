import { createDestination, type Destination } from '@hookline/delivery';
import { createSigning, type ExpiringSecret, type WebhookCredentials } from '@hookline/domain';
import type { Sealing } from '@hookline/service-kit';
import type { KnownWebhook } from './webhook-table.ts';

/**
 * Where a webhook's requests go, what is in them and what signs them. Its headers, secrets and credentials are opened once per version.
 * @throws Error if they were sealed with another key
 */
export function openDestination(webhook: KnownWebhook, sealing: Sealing): Destination {
  webhook.destination ??= open(webhook, sealing);
  return webhook.destination;
}

function open(webhook: KnownWebhook, sealing: Sealing): Destination {
  const { id, url, sealedHeaders, sealedSecrets, sealedCredentials, delivery = {} } = webhook;
  const unseal = (sealed: string, what: string) => JSON.parse(sealing.open(sealed, `${what}:${id}`)) as unknown;
  const credentials =
    sealedCredentials === undefined ? {} : (unseal(sealedCredentials, 'credentials') as WebhookCredentials);
  return createDestination({
    url,
    headers: unseal(sealedHeaders, 'headers') as Record<string, string>,
    signing: createSigning({
      profiles: delivery.signatures,
      secrets: unseal(sealedSecrets, 'secrets') as (string | ExpiringSecret)[],
      signingKeys: credentials.signingKeys,
    }),
    format: delivery.payload,
    compression: delivery.compression,
    caBundle: delivery.caBundle,
    requestOrigin: delivery.requestOrigin,
    credentials,
  });
}
