import { HooklineError, Unauthenticated, Unavailable } from '@hookline/domain';
import type { Log } from '../log.ts';
import { within } from '../within.ts';
import { hashOfSecret, isApiKey, noCredentials, type Credentials, type FoundApiKey } from './credentials.ts';
import type { Identity } from './identity.ts';
import { createRemembered } from './remembered.ts';
import { createRevoked } from './revoked.ts';
import type { OpenedToken, Tokens } from './tokens.ts';

/** Says who asks, by the header `authorization`: a token of ours, an API key, or a token of an outside issuer. */
export interface Authenticator {
  /**
   * @param beforeLookUp called before a key that isn't remembered is looked up while many are; throws where whoever asks has been refused too often
   * @throws Unauthenticated: missing, forged, expired, revoked; Unavailable where an API key can't be looked up
   */
  verify(authorization: string | undefined, beforeLookUp?: () => void): Promise<Identity>;
  /** From now on it learns what was revoked, within 5 s as long as the registry answers. */
  start(): void;
  close(): void;
}

export interface AuthenticatorDependencies {
  tokens: Pick<Tokens, 'open'>;
  credentials?: Credentials | undefined;
  /** null: it isn't a token of the outside issuer. */
  outside?: ((token: string) => Promise<OpenedToken | null>) | undefined;
  log: Log;
  now?: (() => number) | undefined;
}

const LOOK_UP_WITHIN_MS = 1_000;
const RETRY_AFTER_MS = 2_000;
/** What is remembered is trusted so long without asking, */
const FRESH_MS = 60_000;
/** so long while it is being asked about, or nobody can be asked, */
const KEPT_MS = 900_000;
/** and then asked about again after so long. */
const AGAIN_MS = 5_000;
const MAX_UNDER_WAY = 256;
/** So many may be of those that have been refused too often. */
const MAX_SUSPECT = 16;

export function createAuthenticator(dependencies: AuthenticatorDependencies): Authenticator {
  const { tokens, credentials = noCredentials, outside, log, now = Date.now } = dependencies;
  const remembered = createRemembered();
  const revoked = createRevoked({ credentials, log, now, ended: (ids) => remembered.forget(ids) });
  /** Many requests with a key that isn't known yet are one question. */
  const underWay = new Map<string, Promise<Identity>>();

  async function learn(authorization: string | undefined, beforeLookUp?: () => void): Promise<Identity> {
    const token = /^Bearer ([^\s]+)$/i.exec(authorization ?? '')?.[1];
    if (authorization === undefined || token === undefined) {
      throw new Unauthenticated(
        'A token is needed: send `Authorization: Bearer <token>` (POST /auth/login gives one).',
      );
    }
    if (isApiKey(token)) return once(authorization, () => learnKey(authorization, token), beforeLookUp);
    const { identity, expiresAtMs } = (await outside?.(token)) ?? tokens.open(token);
    if (revoked.has(identity.credential)) {
      throw new Unauthenticated('The token was revoked: log in again.', { code: 'token_revoked' });
    }
    remembered.keep(authorization, { identity, freshUntilMs: Math.min(expiresAtMs, now() + FRESH_MS) });
    return identity;
  }

  async function once(
    authorization: string,
    work: () => Promise<Identity>,
    beforeLookUp?: () => void,
  ): Promise<Identity> {
    const asked = underWay.get(authorization);
    if (asked !== undefined) return asked;
    if (underWay.size >= MAX_SUSPECT) beforeLookUp?.();
    if (underWay.size >= MAX_UNDER_WAY) {
      throw new Unavailable('Too many API keys are being looked up.', { code: 'overloaded' });
    }
    const asking = work().finally(() => underWay.delete(authorization));
    underWay.set(authorization, asking);
    return asking;
  }

  async function learnKey(authorization: string, key: string): Promise<Identity> {
    const begun = revoked.batches();
    let found: FoundApiKey | null;
    try {
      found = await within(LOOK_UP_WITHIN_MS, 'the registry', credentials.findApiKey(hashOfSecret(key)));
    } catch (error) {
      return lastKnown(authorization, error);
    }
    if (found === null) {
      remembered.drop(authorization);
      throw new Unauthenticated('The API key is not valid: unknown, revoked or expired.');
    }
    const { id, tenant, scopes, expiresAtMs, rateLimit = 0 } = found;
    const identity: Identity = { tenant, subject: id, scopes, via: 'api_key', credential: id };
    if (rateLimit > 0) identity.rateLimit = rateLimit;
    // What was found before something was revoked may be that.
    if (revoked.batches() === begun) {
      const until = (ms: number) => Math.min(expiresAtMs ?? Infinity, now() + ms);
      remembered.keep(authorization, { identity, freshUntilMs: until(FRESH_MS), keptUntilMs: until(KEPT_MS) });
    }
    return identity;
  }

  /** With the registry away a key that was good lately is still good. */
  function lastKnown(authorization: string, cause: unknown): Identity {
    const last = remembered.get(authorization);
    const { keptUntilMs = 0 } = last ?? {};
    if (last !== undefined && keptUntilMs > now()) {
      remembered.keep(authorization, { ...last, freshUntilMs: Math.min(keptUntilMs, now() + AGAIN_MS) });
      return last.identity;
    }
    if (!(cause instanceof HooklineError)) log.error({ err: cause }, 'api-key.look-up-failed');
    throw new Unavailable('API keys can not be checked just now: send it again, or use a token.', {
      code: 'keys_unavailable',
      retryAfterMs: RETRY_AFTER_MS,
      cause,
    });
  }

  return {
    async verify(authorization, beforeLookUp) {
      const known = remembered.get(authorization);
      if (known === undefined) return learn(authorization, beforeLookUp);
      const { identity, freshUntilMs, keptUntilMs = 0 } = known;
      if (freshUntilMs > now()) return identity;
      if (keptUntilMs <= now()) return learn(authorization, beforeLookUp);
      // Nobody waits for the answer: it is what the next one meets.
      learn(authorization).catch(() => undefined);
      return identity;
    },
    start: () => revoked.start(),
    close: () => revoked.close(),
  };
}
