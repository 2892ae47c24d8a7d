import { DEFAULT_TENANT, type Scope } from '@hookline/domain';
import { configuredKeys, createTokens, tokenNames } from '@hookline/service-kit';
import type { StandaloneConfig } from './config.ts';

/** All that the addresses of other systems ask for. */
const SCOPES: readonly Scope[] = ['webhooks:read', 'webhooks:write', 'events:publish', 'deliveries:read'];

/** Tokens for whoever works on this machine and has none (services/gateway/src/http/local-access.ts): the default tenant's. */
export function createLocalAccess({ security, gateway }: StandaloneConfig) {
  const tokens = createTokens(configuredKeys(security), security.jwt_expiry, Date.now, tokenNames(security));
  let known: { header: string; renewAtMs: number } | undefined;
  return {
    port: gateway.dialect_port,
    authorization(): string {
      if (known === undefined || Date.now() >= known.renewAtMs) {
        const { token, expiresInSeconds } = tokens.issue({ tenant: DEFAULT_TENANT, subject: 'local', scopes: SCOPES });
        known = { header: `Bearer ${token}`, renewAtMs: Date.now() + expiresInSeconds * 500 };
      }
      return known.header;
    },
  };
}
