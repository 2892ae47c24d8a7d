import { expect, test } from '@jest/globals';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { createCors } from './cors.ts';

function ask(origins: string[], method: string, headers: Record<string, string>): Record<string, string> {
  const shown: Record<string, string> = {};
  const response = { setHeader: (name: string, value: string) => (shown[name] = value) };
  createCors(origins)({ method, headers } as unknown as IncomingMessage, response as unknown as ServerResponse);
  return shown;
}

const PAGE = 'https://app.example.com';
const PREFLIGHT = { origin: PAGE, 'access-control-request-method': 'PUT' };

test('nothing is said of other origins where none is named', () => {
  expect(ask([], 'GET', { origin: PAGE })).toEqual({});
  expect(ask([], 'OPTIONS', PREFLIGHT)).toEqual({});
});

test('a named origin may ask, and sees the headers that are for it', () => {
  const shown = ask([PAGE], 'GET', { origin: PAGE });
  expect(shown['access-control-allow-origin']).toBe(PAGE);
  expect(shown['access-control-expose-headers']?.split(', ')).toEqual(expect.arrayContaining(['ratelimit', 'etag']));
  expect(shown['vary']).toBe('origin');
  expect(shown['access-control-allow-methods']).toBeUndefined();
  expect(shown['access-control-allow-credentials']).toBeUndefined();
});

test('its preflight request is told what it may send', () => {
  const shown = ask([PAGE], 'OPTIONS', PREFLIGHT);
  expect(shown['access-control-allow-methods']).toContain('PUT');
  expect(shown['access-control-allow-headers']).toContain('authorization');
});

test.each(['https://app.example.com.evil.example', 'http://app.example.com', 'null'])(
  '%s is another origin',
  (origin) => {
    expect(ask([PAGE], 'OPTIONS', { ...PREFLIGHT, origin })).toEqual({ vary: 'origin' });
  },
);

test('with * every origin may ask', () => {
  expect(ask(['*'], 'GET', { origin: 'https://anywhere.example' })['access-control-allow-origin']).toBe('*');
});
