import { createSecret, createSigningKey, Conflict, InvalidInput, liveSecrets, formatDuration } from '@hookline/domain';
import type { ExpiringSecret, WebhookCredentials } from '@hookline/domain';
import { secretProblem } from './check-secret.ts';
import { WEBHOOK_LIMITS } from './limits.ts';
import type { Secrets } from './seals.ts';

/** A new secret or signing key in the place of the newest one. */
export interface Rotation {
  kind: 'secret' | 'signing_key';
  /** How long the one that it replaces signs beside it. */
  overlapMs: number;
  /** null: one is made. */
  secret: string | null;
}

/** @throws InvalidInput */
export function checkRotation({ kind, overlapMs, secret }: Rotation): void {
  const problems = [];
  const { max } = WEBHOOK_LIMITS.overlapMs;
  if (overlapMs < 0 || overlapMs > max) {
    problems.push({ pointer: '/overlap', detail: `must be from 0s to ${formatDuration(max)}` });
  }
  const detail =
    secret === null ? null : kind === 'secret' ? secretProblem(secret) : 'is made here: it can not be given';
  if (detail !== null) problems.push({ pointer: '/secret', detail });
  if (problems.length > 0) throw new InvalidInput('The secret can not be rotated like this.', { problems });
}

/** Those that sign from now on, newest first. @throws Conflict if there would be too many */
export function rotate(secrets: Secrets, { kind, overlapMs, secret }: Rotation, nowMs: number): Secrets {
  const [newest, ...older] = liveSecrets(secrets, nowMs);
  const made = secret ?? (kind === 'secret' ? createSecret() : createSigningKey());
  if (newest === undefined) return [made];
  const leaving: ExpiringSecret = { secret: newest.secret, expiresAtMs: nowMs + overlapMs };
  const rest = [...(overlapMs > 0 ? [leaving] : []), ...older].filter((each) => each.secret !== made);
  if (rest.length >= WEBHOOK_LIMITS.signing) {
    throw new Conflict(`${WEBHOOK_LIMITS.signing} sign at once already: wait until one of them expires.`, {
      code: 'too_many_secrets',
    });
  }
  return [made, ...rest];
}

/** With a signing key, if the webhook's signatures need one and it has none. */
export function withSigningKey(
  credentials: WebhookCredentials,
  signatures: readonly string[] = [],
): WebhookCredentials {
  if (!signatures.includes('ed25519') || credentials.signingKeys !== undefined) return credentials;
  return { ...credentials, signingKeys: [createSigningKey()] };
}
