import type {
  AuthorizationMessage,
  DeliveryMessage,
  WebhookMessage,
  WebhookSecretsMessage,
} from '@hookline/contracts/grpc';
import { liveSecrets, publicKeyText, type DeliverySettings, type ExpiringSecret } from '@hookline/domain';
import { hideCredentials, type GivenCredentials } from '../webhooks/check-credentials.ts';
import { hideSensitive } from '../webhooks/headers.ts';
import type { OpenWebhook } from '../webhooks/seals.ts';
import type { WebhookSecrets } from '../webhooks/webhooks.ts';

/** A webhook as it is shown: without its secrets. */
export function webhookMessage(webhook: OpenWebhook): WebhookMessage {
  const { authorization, clientCertificate } = hideCredentials(webhook.credentials);
  return {
    id: webhook.id,
    uid: webhook.uid ?? '',
    url: webhook.url,
    eventTypes: webhook.eventTypes,
    headers: hideSensitive(webhook.headers),
    policy: webhook.policy,
    delivery: deliveryMessage(webhook.delivery),
    authorization: authorization === undefined ? null : authorizationMessage(authorization),
    clientCertificate: clientCertificate ?? null,
    description: webhook.description ?? '',
    metadata: webhook.metadata,
    status: webhook.status,
    disabledReason: webhook.disabledReason ?? '',
    createdAt: webhook.createdAt.toISOString(),
    updatedAt: webhook.updatedAt.toISOString(),
    revision: webhook.revision,
    secret: '',
  };
}

function deliveryMessage({ filter, ...delivery }: DeliverySettings): DeliveryMessage {
  return {
    ...delivery,
    ...(filter === undefined ? {} : { filter: JSON.stringify(filter) }),
    retryScheduleMs: delivery.retryScheduleMs ?? [],
    signatures: delivery.signatures ?? [],
    rateLimit: delivery.rateLimit ?? null,
  };
}

function authorizationMessage(authorization: NonNullable<GivenCredentials['authorization']>): AuthorizationMessage {
  switch (authorization.type) {
    case 'basic':
      return { basic: authorization };
    case 'bearer':
      return { bearer: authorization };
    case 'oauth2':
      return { oauth2: { ...authorization, scope: authorization.scope ?? '' } };
  }
}

/** Only what signs still; of signing keys the public halves. */
export function secretsMessage({ secrets, signingKeys }: WebhookSecrets, nowMs: number): WebhookSecretsMessage {
  const expiring = (text: string, { expiresAtMs }: ExpiringSecret) => ({
    text,
    expiresAt: expiresAtMs === undefined ? '' : new Date(expiresAtMs).toISOString(),
  });
  return {
    secrets: liveSecrets(secrets, nowMs).map((each) => expiring(each.secret, each)),
    signingKeys: liveSecrets(signingKeys, nowMs).map((each) => expiring(publicKeyText(each.secret), each)),
  };
}
