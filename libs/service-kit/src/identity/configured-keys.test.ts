import { generateKeyPairSync, type KeyObject } from 'node:crypto';
import { expect, test } from '@jest/globals';
import { configuredKeys, keyProblem } from './configured-keys.ts';
import { createTokens } from './tokens.ts';

const SECRET = 'a-secret-of-at-least-32-characters!';
const ALICE = { tenant: 'acme', subject: 'alice', scopes: ['webhooks:read'] };

function pemOf(key: KeyObject): string {
  return key.export({ type: 'pkcs8', format: 'pem' });
}

function pem(): { private: string; public: string } {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  return {
    private: pemOf(privateKey),
    public: publicKey.export({ type: 'spki', format: 'pem' }),
  };
}
const tokensOf = (jwt_secret: string, jwt_previous?: string) =>
  createTokens(configuredKeys({ jwt_secret, jwt_previous }), 60_000);

test('a secret gives way to a pair, and that to the next, without a token in between being refused', () => {
  const [one, two] = [pem(), pem()];
  const bySecret = tokensOf(SECRET).issue(ALICE).token;
  const first = tokensOf(one.private, SECRET);
  expect(first.open(bySecret).identity.subject).toBe('alice');
  const byFirst = first.issue(ALICE).token;
  // Announced beside the old one, then the first, then alone.
  for (const keys of [
    tokensOf(one.private + two.private),
    tokensOf(two.private + one.public),
    tokensOf(two.private, one.public),
  ]) {
    expect(keys.open(byFirst).identity.subject).toBe('alice');
  }
  expect(() => tokensOf(two.private).open(byFirst)).toThrow('not valid');
  const back = tokensOf(SECRET, two.public);
  expect(tokensOf(SECRET).open(back.issue(ALICE).token).identity.subject).toBe('alice');
});

test('public halves alone verify', () => {
  const pair = pem();
  const { token } = tokensOf(pair.private).issue(ALICE);
  expect(tokensOf(pair.public).open(token).identity.subject).toBe('alice');
  expect(configuredKeys({ jwt_secret: pair.public }).signer).toBeNull();
});

test('several secrets are accepted, a line each', () => {
  const old = ['b'.repeat(32), 'c'.repeat(32)];
  const keys = tokensOf(SECRET, `${old[0]}\n${old[1]}\n`);
  for (const secret of old) expect(keys.open(tokensOf(secret).issue(ALICE).token).identity.subject).toBe('alice');
});

const weak = pemOf(generateKeyPairSync('rsa', { modulusLength: 1024 }).privateKey);
const ed25519 = pemOf(generateKeyPairSync('ed25519').privateKey);
test.each([
  ['short', 'at least 32'],
  ['-----BEGIN CERTIFICATE-----\nx\n-----END CERTIFICATE-----', 'private or public keys'],
  ['-----BEGIN PRIVATE KEY-----\nx\n-----END PRIVATE KEY-----', 'can not be read'],
  [weak, 'no algorithm'],
  [ed25519, 'no algorithm'],
])('what can not be used is told: %#', (text, problem) => {
  expect(keyProblem(text)).toContain(problem);
});

test('what can be used is no problem', () => {
  for (const text of [SECRET, pem().private, pem().public]) expect(keyProblem(text)).toBeNull();
});
