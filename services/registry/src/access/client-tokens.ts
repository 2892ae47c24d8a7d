import { InvalidInput, Unauthenticated, type Clock } from '@hookline/domain';
import { credentialOfKey, hashOfSecret, isApiKey, type Credentials, type Tokens } from '@hookline/service-kit';

export interface ClientToken {
  token: string;
  expiresInSeconds: number;
  scopes: readonly string[];
}

export interface ClientTokensDependencies {
  credentials: Pick<Credentials, 'findApiKey'>;
  tokens: Pick<Tokens, 'issue'>;
  clock: Clock;
  tokenMs: number;
}

/**
 * OAuth 2.0 client credentials (RFC 6749, 4.4): the client is an API key, its secret the key itself. The token ends with the key, and with what proved it;
 * it has the limit that the key has now.
 * Rejects with Unauthenticated, code invalid_client, or InvalidInput, code invalid_scope.
 */
export function createClientTokens({ credentials, tokens, clock, tokenMs }: ClientTokensDependencies) {
  return async (clientId: string, clientSecret: string, scope: string): Promise<ClientToken> => {
    const hash = hashOfSecret(clientSecret);
    const found = isApiKey(clientSecret) ? await credentials.findApiKey(hash) : null;
    if (found === null || found.id !== clientId) {
      throw new Unauthenticated('The client id or its secret is wrong.', { code: 'invalid_client' });
    }
    const wanted = scope.split(' ').filter((name) => name !== '');
    const scopes = wanted.length === 0 ? found.scopes : wanted;
    if (!scopes.every((name) => found.scopes.includes(name))) {
      throw new InvalidInput('The client may not have this scope.', { code: 'invalid_scope' });
    }
    const { tenant, id, rateLimit = 0 } = found;
    const credential = credentialOfKey(id, hash);
    const own = rateLimit > 0 ? { rateLimit } : {};
    const identity = { tenant, subject: id, scopes, via: 'client_credentials', credential, ...own } as const;
    return { ...tokens.issue(identity, Math.min(tokenMs, (found.expiresAtMs ?? Infinity) - clock.now())), scopes };
  };
}
