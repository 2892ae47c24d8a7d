import { Conflict } from '@hookline/domain';
import { describe, expect, test } from '@jest/globals';
import { rotate, withSigningKey, type Rotation } from './secrets.ts';

const NOW = 1_000_000;
const to = (secret: string, overlapMs = 100): Rotation => ({ kind: 'secret', overlapMs, secret });

describe('rotating', () => {
  test('puts the new one first, and lets the old one expire', () => {
    expect(rotate(['a'], to('b'), NOW)).toEqual(['b', { secret: 'a', expiresAtMs: NOW + 100 }]);
  });

  test('leaves out what has expired, also if it was long the newest', () => {
    const secrets = [
      { secret: 'b', expiresAtMs: NOW - 1 },
      { secret: 'a', expiresAtMs: NOW },
    ];
    expect(rotate(secrets, to('c'), NOW)).toEqual(['c', { secret: 'b', expiresAtMs: NOW + 100 }]);
  });

  test('back to a secret that signs still makes it the newest', () => {
    const once = rotate(['a'], to('b'), NOW);
    expect(rotate(once, to('a'), NOW)).toEqual(['a', { secret: 'b', expiresAtMs: NOW + 100 }]);
  });

  test('without overlap lets the old one go at once, and those before it as they were to', () => {
    const once = rotate(['a'], to('b'), NOW);
    expect(rotate(once, to('c', 0), NOW)).toEqual(['c', { secret: 'a', expiresAtMs: NOW + 100 }]);
  });

  test('has five at most', () => {
    let secrets: ReturnType<typeof rotate> = ['0'];
    for (const next of ['1', '2', '3', '4']) secrets = rotate(secrets, to(next), NOW);
    expect(() => rotate(secrets, to('5'), NOW)).toThrow(Conflict);
    expect(rotate(secrets, to('5'), NOW + 101)).toHaveLength(2);
  });

  test('makes what is not given', () => {
    expect(rotate([], { kind: 'secret', overlapMs: 0, secret: null }, NOW)).toEqual([expect.stringMatching(/^whsec_/)]);
    const key = { kind: 'signing_key', overlapMs: 0, secret: null } as const;
    expect(rotate([], key, NOW)).toEqual([expect.stringMatching(/^whsk_/)]);
  });
});

test('a signing key is made where one is needed and there is none', () => {
  expect(withSigningKey({}, ['standard'])).toEqual({});
  const made = withSigningKey({}, ['ed25519']);
  expect(made.signingKeys).toEqual([expect.stringMatching(/^whsk_/)]);
  expect(withSigningKey(made, ['ed25519'])).toBe(made);
});
