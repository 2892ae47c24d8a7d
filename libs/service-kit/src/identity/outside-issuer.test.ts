import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { generateKeyPairSync, type KeyObject } from 'node:crypto';
import type { HooklineError } from '@hookline/domain';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import jwt from 'jsonwebtoken';
import { createLog } from '../log.ts';
import { createAuthenticator, type Authenticator } from './authenticator.ts';
import { createOutsideIssuer, type OutsideIssuerSettings } from './outside-issuer.ts';
import { createTokens } from './tokens.ts';

const START_MS = 1_800_000_000_000;
const START = START_MS / 1000;
const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 });
const ec = generateKeyPairSync('ec', { namedCurve: 'P-256' });

let server: Server;
let issuer: string;
let shown: object;
let asked: string[];
let status: number;
let nowMs: number;
let authenticator: Authenticator;
const now = () => nowMs;
const log = createLog('test', 'silent');
const ours = createTokens('a-secret-of-at-least-32-characters!', 60_000, now);

const jwkOf = (key: KeyObject, kid: string) => ({ ...key.export({ format: 'jwk' }), kid, use: 'sig' });

beforeEach(async () => {
  [asked, status, nowMs] = [[], 200, START_MS];
  shown = { keys: [jwkOf(rsa.publicKey, 'one')] };
  server = createServer((request, response) => {
    asked.push(String(request.url));
    const document = { issuer, jwks_uri: `${issuer}/keys` };
    response.writeHead(status, { 'content-type': 'application/json' });
    response.end(JSON.stringify(request.url === '/keys' ? shown : document));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  authenticator = open();
});
afterEach(() => {
  server.closeAllConnections();
  server.close();
});

function open(more: Partial<OutsideIssuerSettings> = {}): Authenticator {
  const settings = {
    oauth2_enabled: true,
    oauth2_issuer: issuer,
    oauth2_audience: 'hookline-api',
    oauth2_tenant_claim: 'org',
    oauth2_scope_claim: 'scope',
    ...more,
  };
  return createAuthenticator({ tokens: ours, outside: createOutsideIssuer(settings, { log, now }), log, now });
}

function sign(
  more: object = {},
  {
    key = rsa.privateKey,
    kid = 'one',
    algorithm = 'RS256',
  }: { key?: KeyObject; kid?: string; algorithm?: jwt.Algorithm } = {},
): string {
  const claims = {
    iss: issuer,
    aud: 'hookline-api',
    sub: 'auth0|7',
    org: 'acme',
    scope: 'openid webhooks:read',
    exp: START + 600,
    ...more,
  };
  return jwt.sign(JSON.parse(JSON.stringify(claims)) as object, key, { keyid: kid, algorithm, noTimestamp: true });
}

async function outcome(token: string): Promise<unknown> {
  return authenticator.verify(`Bearer ${token}`).catch((error: unknown) => (error as HooklineError).code);
}

const IDENTITY = {
  tenant: 'acme',
  subject: 'auth0|7',
  scopes: ['webhooks:read'],
  via: 'outside_issuer',
  credential: null,
};

describe('a token of an outside issuer', () => {
  test('is accepted with the scopes that are ours; its keys are asked for once', async () => {
    expect(await outcome(sign())).toEqual(IDENTITY);
    expect(await outcome(sign({ scope: ['events:publish', 'all'] }))).toEqual({
      ...IDENTITY,
      scopes: ['events:publish'],
    });
    expect(asked).toEqual(['/.well-known/openid-configuration', '/keys']);
  });

  test('beside ours, which need nobody else', async () => {
    expect(await outcome(ours.issue({ tenant: 'acme', subject: 'usr_1', scopes: [] }).token)).toMatchObject({
      via: 'login',
    });
    expect(asked).toEqual([]);
  });

  test('signed with a new key makes its keys asked for again, but not with every request', async () => {
    await outcome(sign());
    shown = { keys: [jwkOf(ec.publicKey, 'two')] };
    const next = () => sign({ jti: Math.random() }, { key: ec.privateKey, kid: 'two', algorithm: 'ES256' });
    nowMs += 30_000;
    expect(await outcome(next())).toEqual(IDENTITY);
    for (let i = 0; i < 5; i++)
      expect(await outcome(sign({ jti: i }, { kid: `made-up-${i}` }))).toBe('unauthenticated');
    expect(asked).toHaveLength(4);
  });

  test('is accepted for a day while the issuer is away, by the keys known before', async () => {
    await outcome(sign());
    status = 500;
    nowMs += 23 * 3_600_000;
    const later = { exp: START + 30 * 3_600 };
    expect(await outcome(sign(later))).toEqual(IDENTITY);
    nowMs += 2 * 3_600_000;
    expect(await outcome(sign({ ...later, jti: 'x' }))).toBe('issuer_unavailable');
  });

  test.each<[string, () => string]>([
    ['of another audience', () => sign({ aud: 'other' })],
    ['without a tenant', () => sign({ org: undefined })],
    ['with what can be no tenant', () => sign({ org: 'acme:other' })],
    ['with the address of a tenant', () => sign({ org: 'https://acme.example.com/' })],
    ['without a subject', () => sign({ sub: undefined })],
    ['without an end', () => sign({ exp: undefined })],
    ['signed by somebody else', () => sign({}, { key: ec.privateKey, algorithm: 'ES256' })],
    [
      'signed with the public key as a secret',
      () => jwt.sign({ iss: issuer, aud: 'hookline-api' }, 'x'.repeat(32), { keyid: 'one' }),
    ],
    [
      'without a key’s id',
      () => jwt.sign({ iss: issuer, aud: 'hookline-api' }, rsa.privateKey, { algorithm: 'RS256' }),
    ],
    ['whose claims are no JSON', () => `${Buffer.from('{"alg":"HS256","typ":"JWT"}').toString('base64url')}.bm8.eA`],
    ['that is no JSON and has no type', () => `${Buffer.from('{"alg":"HS256"}').toString('base64url')}.bm8.eA`],
    ['of another issuer', () => sign({ iss: 'https://elsewhere.example.com' })],
  ])('%s is refused', async (_what, token) => {
    expect(await outcome(token())).toBe('unauthenticated');
  });

  test('that has expired is refused', async () => {
    expect(await outcome(sign({ exp: START - 1 }))).toBe('token_expired');
  });
});

test.each([
  [{ keys: 'none' }],
  [{}],
  [{ keys: [{ kid: 'one', kty: 'oct', k: 'eA' }] }],
  [{ keys: [null, { kid: 7 }] }],
])('keys that are none open nothing: %j', async (document) => {
  shown = document;
  expect(['issuer_unavailable', 'unauthenticated']).toContain(await outcome(sign()));
});

test('an issuer that answers without end is given up', async () => {
  shown = { keys: [jwkOf(rsa.publicKey, 'one')], more: 'x'.repeat(300_000) };
  expect(await outcome(sign())).toBe('issuer_unavailable');
});

test('is off unless it is switched on, and then wants an issuer and an audience', () => {
  const settings = { oauth2_tenant_claim: 'org', oauth2_scope_claim: 'scope' };
  expect(createOutsideIssuer({ ...settings, oauth2_enabled: false }, { log })).toBeUndefined();
  expect(() => createOutsideIssuer({ ...settings, oauth2_enabled: true }, { log })).toThrow('SECURITY_OAUTH2_ISSUER');
});
