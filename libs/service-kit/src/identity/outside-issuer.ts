import { createPublicKey, type JsonWebKeyInput, type KeyObject } from 'node:crypto';
import { InvalidInput, isTenantId, SCOPES, Unauthenticated, Unavailable } from '@hookline/domain';
import jwt from 'jsonwebtoken';
import type { Log } from '../log.ts';
import { algorithmOf } from './signing-keys.ts';
import { expired, readUnverified, type OpenedToken } from './tokens.ts';

/** An OpenID Connect provider, or anybody who signs tokens and shows the public keys, whose tokens are accepted too. */
export interface OutsideIssuerSettings {
  oauth2_enabled: boolean;
  oauth2_issuer?: string | undefined;
  oauth2_audience?: string | undefined;
  oauth2_jwks_url?: string | undefined;
  oauth2_tenant_claim: string;
  oauth2_scope_claim: string;
}

/** Of its keys: how long they are used without asking, how soon they are asked for again because of an unknown one, and how long they hold while it is away. */
const FRESH_MS = 600_000;
const AGAIN_MS = 30_000;
const KEPT_MS = 86_400_000;
const ANSWER_WITHIN_MS = 5_000;
const MAX_ANSWER_BYTES = 256 * 1024;
const MAX_KEYS = 50;

interface Keys {
  byKid: ReadonlyMap<string, KeyObject>;
  fetchedAtMs: number;
}

/** undefined: none is configured. @throws InvalidInput if it is, but not wholly */
export function createOutsideIssuer(
  settings: OutsideIssuerSettings,
  { log, now = Date.now }: { log: Log; now?: () => number },
): ((token: string) => Promise<OpenedToken | null>) | undefined {
  const { oauth2_issuer: issuer, oauth2_audience: audience, oauth2_jwks_url: jwksUrl } = settings;
  if (!settings.oauth2_enabled) return undefined;
  if (issuer === undefined || audience === undefined) {
    throw new InvalidInput(
      'security.oauth2_enabled needs security.oauth2_issuer and security.oauth2_audience: e.g. SECURITY_OAUTH2_ISSUER=https://login.example.com SECURITY_OAUTH2_AUDIENCE=hookline',
    );
  }
  let keys: Keys | undefined;
  let asking: Promise<Keys> | undefined;
  let askedAtMs = -Infinity;

  async function fetchKeys(): Promise<Keys> {
    const url = jwksUrl ?? (await discover(issuer as string));
    const byKid = readKeys(await fetchJson(url));
    return { byKid, fetchedAtMs: now() };
  }

  /** One question at a time, and not more often than that. */
  async function refresh(): Promise<void> {
    if (asking === undefined && now() - askedAtMs < AGAIN_MS) return;
    askedAtMs = asking === undefined ? now() : askedAtMs;
    asking ??= fetchKeys().finally(() => (asking = undefined));
    try {
      keys = await asking;
    } catch (error) {
      log.warn({ error: (error as Error).message, issuer }, 'outside-issuer.away');
    }
  }

  async function keyOf(kid: string): Promise<KeyObject> {
    const ageMs = now() - (keys?.fetchedAtMs ?? -Infinity);
    if (ageMs >= FRESH_MS || !keys?.byKid.has(kid)) await refresh();
    if (keys === undefined || now() - keys.fetchedAtMs > KEPT_MS) {
      throw new Unavailable('The keys of the outside issuer can not be had just now: send it again.', {
        code: 'issuer_unavailable',
      });
    }
    return keys.byKid.get(kid) ?? refuse();
  }

  return async (token) => {
    const { kid, issuer: named } = readUnverified(token);
    if (named !== issuer) return null;
    const key = await keyOf(kid ?? refuse());
    const algorithm = algorithmOf(key) ?? refuse();
    try {
      const options = { algorithms: [algorithm], issuer, audience, clockTimestamp: Math.floor(now() / 1000) };
      return openedFrom(jwt.verify(token, key, options) as Record<string, unknown>, settings);
    } catch (error) {
      throw error instanceof jwt.TokenExpiredError ? expired() : refused();
    }
  };
}

/** The scopes that are ours; a token without a tenant, of the form that ours have, or without an end is none for us. */
function openedFrom(claims: Record<string, unknown>, settings: OutsideIssuerSettings): OpenedToken {
  const tenant = claims[settings.oauth2_tenant_claim];
  const given = claims[settings.oauth2_scope_claim];
  const { sub: subject, exp } = claims;
  if (typeof tenant !== 'string' || !isTenantId(tenant) || typeof subject !== 'string' || typeof exp !== 'number')
    throw refused();
  const named: unknown[] = Array.isArray(given) ? given : typeof given === 'string' ? given.split(' ') : [];
  const scopes = SCOPES.filter((scope) => named.includes(scope));
  return { identity: { tenant, subject, scopes, via: 'outside_issuer', credential: null }, expiresAtMs: exp * 1000 };
}

/** OpenID Connect Discovery. */
async function discover(issuer: string): Promise<string> {
  const document = await fetchJson(`${issuer.replace(/\/$/, '')}/.well-known/openid-configuration`);
  const { issuer: named, jwks_uri: url } = document as { issuer?: unknown; jwks_uri?: unknown };
  if (named !== issuer || typeof url !== 'string')
    throw new Error('its discovery document is of another issuer, or names no keys');
  return url;
}

async function fetchJson(url: string): Promise<object> {
  const response = await fetch(url, { signal: AbortSignal.timeout(ANSWER_WITHIN_MS), redirect: 'error' });
  if (!response.ok || response.body === null) throw new Error(`${url} answered ${response.status}`);
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of response.body) {
    bytes += chunk.length;
    if (bytes > MAX_ANSWER_BYTES) throw new Error(`${url} answered more than ${MAX_ANSWER_BYTES} bytes`);
    chunks.push(chunk);
  }
  const value: unknown = JSON.parse(Buffer.concat(chunks).toString('utf8'));
  if (typeof value !== 'object' || value === null) throw new Error(`${url} answered no object`);
  return value;
}

/** Those that sign, for algorithms that we take; what else there is is left out. */
function readKeys(document: object): Map<string, KeyObject> {
  const { keys } = document as { keys?: unknown };
  if (!Array.isArray(keys)) throw new Error('there are no keys in it');
  const byKid = new Map<string, KeyObject>();
  for (const jwk of (keys as (JsonWebKeyInput['key'] & { kid?: unknown; use?: unknown })[]).slice(0, MAX_KEYS)) {
    if (typeof jwk?.kid !== 'string' || (jwk.use !== undefined && jwk.use !== 'sig')) continue;
    try {
      const key = createPublicKey({ key: jwk, format: 'jwk' });
      if (algorithmOf(key) !== null) byKid.set(jwk.kid, key);
    } catch {
      continue;
    }
  }
  return byKid;
}

function refused(): Unauthenticated {
  return new Unauthenticated('The token is not valid.');
}

function refuse(): never {
  throw refused();
}
