import { Unauthenticated } from '@hookline/domain';
import jwt from 'jsonwebtoken';
import { isVia, type Identity } from './identity.ts';
import { createSigningKeys, type SigningKeys } from './signing-keys.ts';

/** Our own tokens: JSON Web Tokens, signed by the registry. */
export interface Tokens {
  /** @throws Error where only public halves of keys are known */
  issue(claims: Claims, expiryMs?: number): { token: string; expiresInSeconds: number };
  /** @throws Unauthenticated: forged, expired or of another kind */
  open(token: string): OpenedToken;
}

/** What a token says. Without `via` it is a login's, without `credential` nothing ends it before its time. */
export type Claims = Pick<Identity, 'tenant' | 'subject' | 'scopes'> & Partial<Identity>;

export interface OpenedToken {
  identity: Identity;
  expiresAtMs: number;
}

export interface TokenNames {
  issuer: string;
  audience: string;
}

export const TOKEN_NAMES: TokenNames = { issuer: 'hookline', audience: 'hookline' };

/** Of the configuration. */
export function tokenNames(security: { jwt_issuer: string; jwt_audience: string }): TokenNames {
  return { issuer: security.jwt_issuer, audience: security.jwt_audience };
}

/** @param keys or a secret alone, for HS256 @param expiryMs of tokens whose issue says nothing else */
export function createTokens(
  keys: SigningKeys | string,
  expiryMs: number,
  now: () => number = Date.now,
  { issuer, audience }: TokenNames = TOKEN_NAMES,
): Tokens {
  const signingKeys = typeof keys === 'string' ? createSigningKeys([keys]) : keys;

  return {
    issue({ tenant, subject, scopes, via = 'login', credential = null, rateLimit }, wantedMs = expiryMs) {
      const { signer } = signingKeys;
      if (signer === null) throw new Error('there is no private key to sign tokens with');
      const issuedAt = Math.floor(now() / 1000);
      const expiresInSeconds = Math.floor(wantedMs / 1000);
      const claims = {
        tenant,
        scope: scopes.join(' '),
        via,
        iat: issuedAt,
        exp: issuedAt + expiresInSeconds,
        ...(credential === null ? {} : { sid: credential }),
        ...(rateLimit === undefined ? {} : { rate: rateLimit }),
      };
      const { key, algorithm, kid } = signer;
      const token = jwt.sign(claims, key, {
        algorithm,
        keyid: kid,
        issuer,
        audience,
        subject,
      });
      return { token, expiresInSeconds };
    },

    open(token) {
      const { kid } = readUnverified(token);
      let refusal = new Unauthenticated('The token is not valid.');
      for (const { key, algorithm } of signingKeys.candidates(kid)) {
        try {
          const options = { algorithms: [algorithm], issuer, audience, clockTimestamp: Math.floor(now() / 1000) };
          return openedFrom(jwt.verify(token, key, options));
        } catch (error) {
          if (error instanceof jwt.TokenExpiredError) refusal = expired();
        }
      }
      throw refusal;
    },
  };
}

/** What a token that nobody has verified yet says of itself. @throws Unauthenticated */
export function readUnverified(token: string): { kid: string | undefined; issuer: unknown } {
  let decoded: jwt.Jwt | null = null;
  try {
    decoded = jwt.decode(token, { complete: true });
  } catch {
    // Its claims are no JSON, although it says so.
  }
  if (decoded === null) throw new Unauthenticated('The token is not valid.');
  const { kid } = decoded.header;
  const claims = decoded.payload as jwt.JwtPayload | string | null;
  return {
    kid: typeof kid === 'string' ? kid : undefined,
    issuer: typeof claims === 'object' ? claims?.iss : undefined,
  };
}

export function expired(): Unauthenticated {
  return new Unauthenticated('The token has expired: log in again.', { code: 'token_expired' });
}

/** @throws Error if it is signed as it must be, but isn't one of ours */
function openedFrom(claims: unknown): OpenedToken {
  const { tenant, sub, scope, exp, via = 'login', sid = null, rate } = claims as Record<string, unknown>;
  const isText = [tenant, sub, scope].every((claim) => typeof claim === 'string');
  if (!isText || typeof exp !== 'number' || !isVia(via) || !(sid === null || typeof sid === 'string')) {
    throw new Error('a token without the claims of ours');
  }
  const identity = { tenant, subject: sub, scopes: (scope as string).split(' '), via, credential: sid } as Identity;
  if (typeof rate === 'number' && rate > 0) identity.rateLimit = rate;
  return { identity, expiresAtMs: exp * 1000 };
}
