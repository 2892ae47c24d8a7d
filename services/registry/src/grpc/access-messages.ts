import type { ApiKeyMessage, SessionMessage, TenantMessage, UserMessage } from '@hookline/contracts/grpc';
import type { StoredApiKey } from '../access/api-key-store.ts';
import type { OpenedSession } from '../access/sessions.ts';
import type { Tenant } from '../access/tenants.ts';
import type { Account } from '../users/accounts.ts';

const timeOf = (date: Date | null) => date?.toISOString() ?? '';

/** @param key only when it was made just now */
export function apiKeyMessage(stored: StoredApiKey, key = ''): ApiKeyMessage {
  const { id, name, scopes, createdBy, createdAt, expiresAt, lastUsedAt, rateLimit, secrets } = stored;
  return {
    id,
    name,
    scopes,
    createdBy,
    createdAt: timeOf(createdAt),
    expiresAt: timeOf(expiresAt),
    lastUsedAt: timeOf(lastUsedAt),
    secrets: secrets.map((secret) => ({
      ending: secret.ending,
      createdAt: timeOf(secret.createdAt),
      expiresAt: timeOf(secret.expiresAt),
    })),
    key,
    rateLimit: rateLimit ?? 0,
  };
}

export function sessionMessage(session: OpenedSession): SessionMessage {
  const { token, expiresInSeconds, refreshToken, refreshExpiresInSeconds } = session;
  return { token, expiresIn: expiresInSeconds, refreshToken, refreshExpiresIn: refreshExpiresInSeconds };
}

export function tenantMessage({ id, createdAt }: Tenant): TenantMessage {
  return { id, createdAt: timeOf(createdAt) };
}

export function userMessage({ id, tenant, username, scopes, createdAt }: Account): UserMessage {
  return { id, tenant, username, scopes: [...scopes], createdAt: timeOf(createdAt) };
}
