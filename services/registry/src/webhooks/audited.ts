import { isDeepStrictEqual } from 'node:util';
import { hideCredentials } from './check-credentials.ts';
import type { OpenWebhook, Seals } from './seals.ts';

/** A webhook as the audit log may show it: no secret, and of its headers the names alone, since those that seem harmless may hold tokens. */
export function auditedWebhook(webhook: OpenWebhook): object {
  const { uid, url, eventTypes, headers, policy, delivery, description, metadata, status, disabledReason } = webhook;
  const { authorization, clientCertificate } = hideCredentials(webhook.credentials);
  return {
    uid,
    url,
    event_types: eventTypes,
    headers: Object.keys(headers),
    policy,
    delivery,
    authorization: authorization ?? null,
    client_certificate: clientCertificate ?? null,
    description,
    metadata,
    status,
    disabled_reason: disabledReason,
  };
}

/** Both sides of a change. What it changed of what is not shown is told by name: `secrets_changed`. */
export function auditedChange(
  before: OpenWebhook,
  after: OpenWebhook,
  { openSecrets }: Pick<Seals, 'openSecrets'>,
): { before: object; after: object } {
  const secretsChanged: string[] = (['headers', 'credentials'] as const).filter(
    (name) => !isDeepStrictEqual(before[name], after[name]),
  );
  // Sealed anew, the same secret is another text.
  const isSealedAnew = before.sealedSecrets !== after.sealedSecrets;
  if (isSealedAnew && !isDeepStrictEqual(openSecrets(before), openSecrets(after))) secretsChanged.push('secrets');
  const told = secretsChanged.length === 0 ? {} : { secrets_changed: secretsChanged };
  return { before: auditedWebhook(before), after: { ...auditedWebhook(after), ...told } };
}
