import { createHmac, generateKeyPairSync } from 'node:crypto';
import { Unauthenticated } from '@hookline/domain';
import { describe, expect, test } from '@jest/globals';
import { createSigningKeys } from './signing-keys.ts';
import { createTokens, type Claims } from './tokens.ts';

const SECRET = 'a-secret-of-at-least-32-characters!';
const ALICE: Claims = { tenant: 'acme', subject: 'alice', scopes: ['webhooks:read', 'events:publish'] };
const WHOLE_ALICE = { ...ALICE, via: 'login', credential: null };
const START_MS = 1_800_000_000_000;
const START = START_MS / 1000;
const CLAIMS = {
  iss: 'hookline',
  aud: 'hookline',
  sub: 'alice',
  tenant: 'acme',
  scope: 'webhooks:read',
  iat: START,
  exp: START + 60,
};

let nowMs = START_MS;
const now = () => nowMs;
const tokens = createTokens(SECRET, 60_500, now);

function base64url(value: unknown): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url');
}

/** A token made by hand, so that what the library would not sign can be tried. */
function forge(
  claims: object,
  { alg = 'HS256', secret = SECRET, kid }: { alg?: string; secret?: string; kid?: string } = {},
): string {
  const text = `${base64url({ alg, typ: 'JWT', kid })}.${base64url(claims)}`;
  if (alg === 'none') return `${text}.`;
  return `${text}.${createHmac(alg.replace('HS', 'sha'), secret).update(text).digest('base64url')}`;
}

function outcome(token: string, opener = tokens): unknown {
  try {
    return opener.open(token).identity;
  } catch (error) {
    expect(error).toBeInstanceOf(Unauthenticated);
    return (error as Unauthenticated).code;
  }
}

describe('a token', () => {
  test('that was issued says whose it is, how that was proved, and until when', () => {
    nowMs = START_MS;
    const { token, expiresInSeconds } = tokens.issue(ALICE);
    expect(expiresInSeconds).toBe(60);
    expect(tokens.open(token)).toEqual({ identity: WHOLE_ALICE, expiresAtMs: START_MS + 60_000 });
    const portal = { ...ALICE, via: 'portal', credential: 'prt_1' } as const;
    expect(outcome(tokens.issue(portal).token)).toEqual(portal);
  });

  test('expires by the clock', () => {
    nowMs = START_MS;
    const { token } = tokens.issue(ALICE);
    const short = tokens.issue(ALICE, 10_000).token;
    nowMs = START_MS + 59_999;
    expect(outcome(token)).toEqual(WHOLE_ALICE);
    expect(outcome(short)).toBe('token_expired');
    nowMs = START_MS + 60_000;
    expect(outcome(token)).toBe('token_expired');
  });

  test('made by hand with the right secret and claims is as good', () => {
    nowMs = START_MS;
    expect(outcome(forge(CLAIMS))).toMatchObject({ subject: 'alice' });
  });

  test.each([
    ['another secret', forge(CLAIMS, { secret: 'x'.repeat(40) })],
    ['the id of an unknown key', forge(CLAIMS, { kid: 'unknown' })],
    ['no signature', forge(CLAIMS, { alg: 'none' })],
    ['HS512', forge(CLAIMS, { alg: 'HS512' })],
    ['HS384', forge(CLAIMS, { alg: 'HS384' })],
    ['another issuer', forge({ ...CLAIMS, iss: 'other' })],
    ['no issuer', forge({ ...CLAIMS, iss: undefined })],
    ['another audience', forge({ ...CLAIMS, aud: 'other' })],
    ['no audience', forge({ ...CLAIMS, aud: undefined })],
    ['no tenant', forge({ ...CLAIMS, tenant: undefined })],
    ['a tenant that is no text', forge({ ...CLAIMS, tenant: 7 })],
    ['no subject', forge({ ...CLAIMS, sub: undefined })],
    ['no scope', forge({ ...CLAIMS, scope: undefined })],
    ['no expiry', forge({ ...CLAIMS, exp: undefined })],
    ['a session that is no text', forge({ ...CLAIMS, sid: 7 })],
    ['an unknown way of proof', forge({ ...CLAIMS, via: 'magic' })],
    ['other claims under its signature', swapClaims(forge(CLAIMS), { ...CLAIMS, tenant: 'other' })],
    ['nothing of a token', 'abc'],
    ['claims that are no JSON', `${base64url({ alg: 'HS256', typ: 'JWT' })}.bm8.eA`],
    ['claims that are no JSON, and no type', `${base64url({ alg: 'HS256' })}.bm8.eA`],
    ['null for claims', `${base64url({ alg: 'HS256', typ: 'JWT' })}.${base64url(null)}.eA`],
    ['a header that is a number', `${base64url(7)}.${base64url(CLAIMS)}.eA`],
  ])('with %s is refused', (_what, token) => {
    nowMs = START_MS;
    expect(outcome(token)).toBe('unauthenticated');
  });
});

describe('keys', () => {
  const p256 = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const p384 = generateKeyPairSync('ec', { namedCurve: 'P-384' });
  const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 });

  test.each([
    ['ES256', p256],
    ['ES384', p384],
    ['RS256', rsa],
  ])('a pair for %s signs, its public half verifies, and is all that is shown', (alg, pair) => {
    nowMs = START_MS;
    const signing = createSigningKeys([], [pair.privateKey]);
    const verifying = createSigningKeys([], [pair.publicKey]);
    const { token } = createTokens(signing, 60_000, now).issue(ALICE);
    expect(outcome(token, createTokens(verifying, 60_000, now))).toEqual(WHOLE_ALICE);
    expect(() => createTokens(verifying, 60_000, now).issue(ALICE)).toThrow('no private key');
    const [jwk] = signing.jwks();
    expect(jwk).toMatchObject({ alg, use: 'sig', kid: expect.stringMatching(/^[\w-]{43}$/) });
    expect(jwk).toEqual(verifying.jwks()[0]);
    expect(jwk).not.toHaveProperty('d');
  });

  test('take turns: the first signs, tokens of the others stay good until the key is taken away', () => {
    nowMs = START_MS;
    const of = (secrets: string[], pairs = [p256.privateKey]) =>
      createTokens(createSigningKeys(secrets, pairs), 60_000, now);
    const old = createTokens(SECRET, 60_000, now).issue(ALICE).token;
    const both = of([SECRET]);
    expect(outcome(old, both)).toEqual(WHOLE_ALICE);
    expect(Buffer.from(both.issue(ALICE).token.split('.')[0]!, 'base64url').toString()).toContain('ES256');
    expect(outcome(old, of([]))).toBe('unauthenticated');
    const next = createTokens(createSigningKeys(['y'.repeat(32), SECRET]), 60_000, now);
    expect(outcome(old, next)).toEqual(WHOLE_ALICE);
    expect(outcome(next.issue(ALICE).token)).toBe('unauthenticated');
  });

  test('a public key is no secret: what is signed with its text by HS256 is refused', () => {
    nowMs = START_MS;
    const keys = createSigningKeys([], [p256.privateKey]);
    const secret = p256.publicKey.export({ type: 'spki', format: 'pem' });
    const kid = keys.jwks()[0]!.kid;
    for (const named of [{ secret, kid }, { secret }]) {
      expect(outcome(forge(CLAIMS, named), createTokens(keys, 60_000, now))).toBe('unauthenticated');
    }
  });

  test('a shared secret shows no key', () => {
    expect(createSigningKeys([SECRET]).jwks()).toEqual([]);
  });
});

function swapClaims(token: string, claims: object): string {
  const [header, , mac] = token.split('.');
  return `${header}.${base64url(claims)}.${mac}`;
}
