import { createDestination, type Destination } from '@hookline/delivery';
import { createSigning, type DeliverySettings, type WebhookCredentials } from '@hookline/domain';
import type { Secrets } from './seals.ts';

export interface DestinationParts {
  url: string;
  headers: Record<string, string>;
  delivery: DeliverySettings;
  credentials: WebhookCredentials;
}

/** Where a webhook's requests go, and what is in each, as dispatchers have it. */
export function destinationOf(
  { url, headers, delivery, credentials }: DestinationParts,
  secrets: Secrets,
): Destination {
  return createDestination({
    url,
    headers,
    signing: createSigning({ profiles: delivery.signatures, secrets, signingKeys: credentials.signingKeys }),
    format: delivery.payload,
    compression: delivery.compression,
    caBundle: delivery.caBundle,
    requestOrigin: delivery.requestOrigin,
    credentials,
  });
}
