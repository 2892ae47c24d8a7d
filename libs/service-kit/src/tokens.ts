import { Unauthenticated } from '@hookline/domain';
import jwt from 'jsonwebtoken';

/** What a token says about its bearer. */
export interface Identity {
  tenant: string;
  subject: string;
  scopes: readonly string[];
}

export interface Tokens {
  issue(identity: Identity): { token: string; expiresInSeconds: number };
  /** @throws Unauthenticated: missing, forged, expired or of another kind */
  verify(authorization: string | undefined): Identity;
}

const ISSUER = 'hookline';
const ALGORITHM = 'HS256';
/** Verified tokens are remembered, so that a busy client's costs a look-up; an expired one is never answered from here. */
const MAX_REMEMBERED = 1_000;

export function createTokens(secret: string, expiryMs: number, now: () => number = Date.now): Tokens {
  const verified = new Map<string, { identity: Identity; expiresAtMs: number }>();

  function verify(authorization: string | undefined): Identity {
    const token = /^Bearer ([^\s]+)$/i.exec(authorization ?? '')?.[1];
    if (token === undefined) {
      throw new Unauthenticated(
        'A token is needed: send `Authorization: Bearer <token>` (POST /auth/login gives one).',
      );
    }
    const known = verified.get(token);
    if (known !== undefined && known.expiresAtMs > now()) return known.identity;
    const claims = checkedClaims(token);
    const identity = { tenant: claims.tenant, subject: claims.sub, scopes: claims.scope.split(' ') };
    if (verified.size >= MAX_REMEMBERED) verified.clear();
    verified.set(token, { identity, expiresAtMs: claims.exp * 1000 });
    return identity;
  }

  function checkedClaims(token: string): { tenant: string; sub: string; scope: string; exp: number } {
    let claims: unknown;
    try {
      claims = jwt.verify(token, secret, {
        algorithms: [ALGORITHM],
        issuer: ISSUER,
        clockTimestamp: Math.floor(now() / 1000),
      });
    } catch (error) {
      const expired = error instanceof jwt.TokenExpiredError;
      throw new Unauthenticated(
        expired ? 'The token has expired: log in again.' : 'The token is not valid.',
        expired ? { code: 'token_expired' } : {},
      );
    }
    const { tenant, sub, scope, exp } = claims as Record<string, unknown>;
    if (typeof tenant !== 'string' || typeof sub !== 'string' || typeof scope !== 'string' || typeof exp !== 'number') {
      throw new Unauthenticated('The token is not valid.');
    }
    return { tenant, sub, scope, exp };
  }

  return {
    issue({ tenant, subject, scopes }) {
      const issuedAt = Math.floor(now() / 1000);
      const expiresInSeconds = Math.floor(expiryMs / 1000);
      const claims = { tenant, scope: scopes.join(' '), iat: issuedAt, exp: issuedAt + expiresInSeconds };
      return {
        token: jwt.sign(claims, secret, { algorithm: ALGORITHM, issuer: ISSUER, subject }),
        expiresInSeconds,
      };
    },
    verify,
  };
}
