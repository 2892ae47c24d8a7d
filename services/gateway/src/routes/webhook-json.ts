import type { AuthorizationMessage, WebhookMessage, WebhookSecretsMessage } from '@hookline/contracts/grpc';
import { formatDuration } from '@hookline/domain';

/** A webhook as it is answered. */
export function webhookJson(webhook: WebhookMessage) {
  const { uid, ...settings } = settingsJson(webhook);
  return {
    id: webhook.id,
    uid,
    ...settings,
    disabled_reason: orNull(webhook.disabledReason),
    created_at: webhook.createdAt,
    updated_at: webhook.updatedAt,
  };
}

/** What a client sets of it, as it would be sent: a PATCH changes this. Secrets are hidden, and stay when they come back so. */
export function settingsJson(webhook: WebhookMessage) {
  const { delivery, clientCertificate } = webhook;
  const rateLimit = delivery?.rateLimit ?? null;
  return {
    uid: orNull(webhook.uid),
    url: webhook.url,
    event_types: webhook.eventTypes,
    filter: delivery?.filter === undefined ? null : (JSON.parse(delivery.filter) as object),
    headers: webhook.headers,
    authorization: authorizationJson(webhook.authorization),
    client_certificate:
      clientCertificate === null
        ? null
        : { certificate: clientCertificate.certificate, private_key: clientCertificate.privateKey },
    ca_bundle: delivery?.caBundle ?? null,
    handshake_origin: delivery?.requestOrigin ?? null,
    policy: webhook.policy,
    retry_schedule: listOrNull(delivery?.retryScheduleMs)?.map(formatDuration) ?? null,
    max_retries: delivery?.maxRetries ?? null,
    max_age: spanOrNull(delivery?.maxAgeMs),
    ttl: spanOrNull(delivery?.ttlMs),
    timeout: spanOrNull(delivery?.timeoutMs),
    rate_limit: rateLimit === null ? null : { limit: rateLimit.limit, window: formatDuration(rateLimit.windowMs) },
    max_in_flight: delivery?.maxInFlight ?? null,
    ordering: delivery?.orderBy === undefined ? 'none' : 'key',
    ordering_key: delivery?.orderBy ?? null,
    payload: delivery?.payload ?? 'event',
    compression: delivery?.compression ?? null,
    signatures: listOrNull(delivery?.signatures) ?? ['standard'],
    description: orNull(webhook.description),
    metadata: webhook.metadata,
    status: webhook.status,
  };
}

/** What signs for a webhook; what has been replaced and signs still is `previous`. */
export function secretsJson({ secrets, signingKeys }: WebhookSecretsMessage) {
  const [secret, ...previous] = secrets;
  const [key, ...previousKeys] = signingKeys;
  return {
    secret: secret?.text ?? null,
    previous: previous.map(({ text, expiresAt }) => ({ secret: text, expires_at: orNull(expiresAt) })),
    public_key: key?.text ?? null,
    previous_public_keys: previousKeys.map(({ text, expiresAt }) => ({
      public_key: text,
      expires_at: orNull(expiresAt),
    })),
  };
}

function authorizationJson(authorization: AuthorizationMessage | null) {
  const { basic, bearer, oauth2 } = authorization ?? {};
  if (basic) return { type: 'basic', username: basic.username, password: basic.password };
  if (bearer) return { type: 'bearer', token: bearer.token };
  if (!oauth2) return null;
  const { tokenUrl, clientId, clientSecret, scope } = oauth2;
  return {
    type: 'oauth2',
    token_url: tokenUrl,
    client_id: clientId,
    client_secret: clientSecret,
    scope: orNull(scope),
  };
}

function orNull(text: string): string | null {
  return text === '' ? null : text;
}

function listOrNull<T>(list: readonly T[] | undefined): readonly T[] | null {
  return list === undefined || list.length === 0 ? null : list;
}

function spanOrNull(ms: number | undefined): string | null {
  return ms === undefined ? null : formatDuration(ms);
}
