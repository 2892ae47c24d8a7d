import { createHmac } from 'node:crypto';
import { Unauthenticated } from '@hookline/domain';
import { describe, expect, test } from '@jest/globals';
import { createTokens, type Identity } from './tokens.ts';

const SECRET = 'a-secret-of-at-least-32-characters!';
const ALICE: Identity = { tenant: 'acme', subject: 'alice', scopes: ['webhooks:read', 'events:publish'] };
const START_MS = 1_800_000_000_000;
const START = START_MS / 1000;
const CLAIMS = { iss: 'hookline', sub: 'alice', tenant: 'acme', scope: 'webhooks:read', iat: START, exp: START + 60 };

let nowMs = START_MS;
const tokens = createTokens(SECRET, 60_500, () => nowMs);

function base64url(value: unknown): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url');
}

/** A token made by hand, so that what the library would not sign can be tried. */
function forge(claims: object, { alg = 'HS256', secret = SECRET } = {}): string {
  const text = `${base64url({ alg, typ: 'JWT' })}.${base64url(claims)}`;
  if (alg === 'none') return `${text}.`;
  return `${text}.${createHmac(alg.replace('HS', 'sha'), secret).update(text).digest('base64url')}`;
}

function refusal(token: string): unknown {
  try {
    return tokens.verify(`Bearer ${token}`);
  } catch (error) {
    expect(error).toBeInstanceOf(Unauthenticated);
    return (error as Unauthenticated).code;
  }
}

describe('a token', () => {
  test('that was issued says whose it is, the second time too', () => {
    nowMs = START_MS;
    const { token, expiresInSeconds } = tokens.issue(ALICE);
    expect(expiresInSeconds).toBe(60);
    for (const scheme of ['Bearer', 'bearer', 'Bearer']) expect(tokens.verify(`${scheme} ${token}`)).toEqual(ALICE);
  });

  test('expires by the clock, also one that was verified before', () => {
    nowMs = START_MS;
    const known = tokens.issue(ALICE).token;
    const unseen = tokens.issue({ ...ALICE, subject: 'bob' }).token;
    expect(refusal(known)).toEqual(ALICE);
    nowMs = START_MS + 59_999;
    expect(refusal(known)).toEqual(ALICE);
    nowMs = START_MS + 60_000;
    expect(refusal(known)).toBe('token_expired');
    expect(refusal(unseen)).toBe('token_expired');
  });

  test('made by hand with the right secret and claims is as good', () => {
    nowMs = START_MS;
    expect(refusal(forge(CLAIMS))).toMatchObject({ subject: 'alice' });
  });

  test.each([
    ['another secret', forge(CLAIMS, { secret: 'x'.repeat(40) })],
    ['no signature', forge(CLAIMS, { alg: 'none' })],
    ['HS512', forge(CLAIMS, { alg: 'HS512' })],
    ['HS384', forge(CLAIMS, { alg: 'HS384' })],
    ['another issuer', forge({ ...CLAIMS, iss: 'other' })],
    ['no issuer', forge({ ...CLAIMS, iss: undefined })],
    ['no tenant', forge({ ...CLAIMS, tenant: undefined })],
    ['a tenant that is no text', forge({ ...CLAIMS, tenant: 7 })],
    ['no subject', forge({ ...CLAIMS, sub: undefined })],
    ['no scope', forge({ ...CLAIMS, scope: undefined })],
    ['no expiry', forge({ ...CLAIMS, exp: undefined })],
    ['other claims under its signature', swapClaims(forge(CLAIMS), { ...CLAIMS, tenant: 'other' })],
    ['nothing of a token', 'abc'],
  ])('with %s is refused', (_what, token) => {
    nowMs = START_MS;
    expect(refusal(token)).toBe('unauthenticated');
  });

  test.each([undefined, '', 'Bearer', 'Bearer ', 'Basic YTpi', `Bearer a b`])('is missing in %p', (authorization) => {
    expect(() => tokens.verify(authorization)).toThrow('A token is needed');
  });
});

function swapClaims(token: string, claims: object): string {
  const [header, , mac] = token.split('.');
  return `${header}.${base64url(claims)}.${mac}`;
}
