import type { WebhookSettingsMessage } from '@hookline/contracts/grpc';
import { createAddressGuard } from '@hookline/domain';
import { describe, expect, test } from '@jest/globals';
import { checkSettings, NOTHING_STORED, type StoredSecrets } from './check-settings.ts';
import { hideSensitive } from './headers.ts';

const guard = createAddressGuard();
const VALID: WebhookSettingsMessage = {
  url: 'https://example.com/hook',
  eventTypes: ['order.*'],
  headers: {},
  metadata: {},
  delivery: null,
  authorization: null,
  clientCertificate: null,
};

function pointersOf(more: object): string[] {
  const checked = checkSettings({ ...VALID, ...more }, { guard, stored: NOTHING_STORED });
  return checked.kind === 'valid' ? [] : checked.problems.map(({ pointer }) => pointer);
}

test('what is not given is quick, enabled, without description and secret', () => {
  expect(checkSettings(VALID, { guard, stored: NOTHING_STORED })).toEqual({
    kind: 'valid',
    settings: {
      url: VALID.url,
      eventTypes: VALID.eventTypes,
      headers: {},
      policy: 'quick',
      status: 'enabled',
      description: null,
      secret: null,
      uid: undefined,
      metadata: {},
      delivery: {},
      credentials: {},
    },
  });
});

describe('the URL', () => {
  test.each([
    'https://example.com',
    'http://example.com:8080/a?b=c',
    'HTTPS://EXAMPLE.com',
    'https://bücher.example/ä',
    `https://example.com/${'x'.repeat(2048 - 20)}`,
    'http://8.8.8.8/',
    'http://[2606:4700::1111]/',
  ])('may be %.60s', (url) => {
    expect(pointersOf({ url })).toEqual([]);
  });

  test.each([
    '',
    'example.com',
    '/hook',
    '//example.com',
    'ftp://example.com',
    'javascript:alert(1)',
    'file:///etc/passwd',
    'https:example.com',
    'https://',
    'https://user@example.com',
    'https://:pw@example.com',
    ' https://example.com',
    'https://exa\tmple.com',
    'https:\\\\example.com',
    'https://example.com:0/',
    'https://example.com:99999/',
    `https://example.com/${'x'.repeat(2048)}`,
    'http://127.0.0.1/',
    'http://127.1/',
    'http://2130706433/',
    'http://0x7f000001/',
    'http://017700000001/',
    'http://0/',
    'http://localhost/',
    'http://LOCALHOST./',
    'http://a.localhost/',
    'http://10.1.2.3/',
    'http://172.31.0.1/',
    'http://192.168.1.1/',
    'http://169.254.169.254/latest/meta-data',
    'http://100.64.0.1/',
    'http://[::1]/',
    'http://[::]/',
    'http://[fe80::1]/',
    'http://[fd00::1]/',
    'http://[::ffff:127.0.0.1]/',
    'http://[64:ff9b::7f00:1]/',
  ])('must not be %j', (url) => {
    expect(pointersOf({ url })).toEqual(['/url']);
  });

  test('may point inside where the configuration allows it', () => {
    const allowing = createAddressGuard(['127.0.0.0/8', '::1/128']);
    for (const url of ['http://127.0.0.1:1/', 'http://localhost/', 'http://[::1]/']) {
      expect(checkSettings({ ...VALID, url }, { guard: allowing, stored: NOTHING_STORED }).kind).toBe('valid');
    }
  });
});

describe('event types', () => {
  test.each<[string[], string[]]>([
    [[], ['/event_types']],
    [Array.from({ length: 101 }, (_, i) => `t${i}`), ['/event_types']],
    [['a', 'b.*', '*', 'c_d.e-f'], []],
    [['a', 'a'], ['/event_types/1']],
    [['', '.a', 'a.', '*.a', 'a.*.b', 'a*', 'ä'], [0, 1, 2, 3, 4, 5, 6].map((i) => `/event_types/${i}`)],
  ])('%j', (eventTypes, expected) => {
    expect(pointersOf({ eventTypes })).toEqual(expected);
  });
});

const headersOf = (headers: Record<string, string>, stored: Record<string, string> = {}) => {
  const checked = checkSettings({ ...VALID, headers }, { guard, stored: { ...NOTHING_STORED, headers: stored } });
  return checked.kind === 'valid' ? checked.settings.headers : checked.problems;
};

describe('headers', () => {
  test('have names in lower case', () => {
    expect(headersOf({ 'X-Shop': 'a b', constructor: 'c' })).toEqual({ 'x-shop': 'a b', constructor: 'c' });
  });

  test.each([
    'Host',
    'content-length',
    'Content-Type',
    'transfer-encoding',
    'connection',
    'webhook-signature',
    'user-agent',
    'X-Hub-Signature-256',
    'stripe-signature',
    'traceparent',
    'proxy-authorization',
    'a b',
    'a:b',
    'ü',
    '',
    'x'.repeat(128 + 1),
  ])('must not be called %.20j', (name) => {
    expect(pointersOf({ headers: { [name]: 'x' } })).toHaveLength(1);
  });

  test.each(['a\nb', 'a\r\nx: y', '\0', 'ü', 'x'.repeat(4097)])('must not hold %.10j', (value) => {
    expect(pointersOf({ headers: { 'x-a': value } })).toEqual(['/headers/x-a']);
  });

  test('are 32 at most, and none twice', () => {
    const many = Object.fromEntries(Array.from({ length: 33 }, (_, i) => [`x-${i}`, 'a']));
    expect(pointersOf({ headers: many })).toEqual(['/headers']);
    expect(pointersOf({ headers: { 'x-a': '1', 'X-A': '2' } })).toEqual(['/headers/X-A']);
  });

  test('that are sensitive are hidden, and keep their stored value when *** comes back', () => {
    const stored = { authorization: 'Bearer x', 'x-api-key': 'k', 'x-shop': '1' };
    const shown = hideSensitive(stored);
    expect(shown).toEqual({ authorization: '***', 'x-api-key': '***', 'x-shop': '1' });
    expect(headersOf(shown, stored)).toEqual(stored);
    expect(pointersOf({ headers: shown })).toEqual(['/headers/authorization', '/headers/x-api-key']);
    expect(headersOf({ 'x-shop': '***' }, stored)).toEqual({ 'x-shop': '***' });
  });
});

const whsec = (bytes: number) => `whsec_${Buffer.alloc(bytes, 1).toString('base64')}`;

describe('the secret', () => {
  test.each([whsec(24), whsec(64), 'x'.repeat(16), 'x'.repeat(128)])('may be %.20s', (secret) => {
    expect(pointersOf({ secret })).toEqual([]);
  });
  test.each(['', 'x'.repeat(15), 'x'.repeat(129), whsec(23), whsec(65), `${whsec(24)}!`, 'with a\nline break'])(
    'must not be %.20j',
    (secret) => {
      expect(pointersOf({ secret })).toEqual(['/secret']);
    },
  );
});

describe('of what is stored, *** keeps', () => {
  const HIDDEN_BASIC = { basic: { username: 'u', password: '***' } };
  const HIDDEN_OAUTH2 = {
    oauth2: { tokenUrl: 'https://id.example.com/token', clientId: 'c', clientSecret: '***', scope: '' },
  };
  const BASIC = { type: 'basic', username: 'u', password: 'p' } as const;
  const OAUTH2 = {
    type: 'oauth2',
    tokenUrl: 'https://id.example.com/token',
    clientId: 'c',
    clientSecret: 's',
  } as const;
  const BEARER = { type: 'bearer', token: 't' } as const;
  const headers = { 'x-api-key': 'k', 'x-shop': '1' };
  const elsewhere = { url: 'https://other.example.com/hook' };
  const tokensFrom = (tokenUrl: string) => ({ oauth2: { ...HIDDEN_OAUTH2.oauth2, tokenUrl } });

  test.each<[string, object, StoredSecrets['credentials']['authorization'], string[]]>([
    ['a header', { headers: { 'x-api-key': '***' } }, undefined, []],
    ['a header, at another path', { url: `${VALID.url}/2`, headers: { 'x-api-key': '***' } }, undefined, []],
    ['no header elsewhere', { ...elsewhere, headers: { 'x-api-key': '***' } }, undefined, ['/headers/x-api-key']],
    [
      'no header without TLS',
      { url: 'http://example.com/hook', headers: { 'x-api-key': '***' } },
      undefined,
      ['/headers/x-api-key'],
    ],
    [
      'no header at another port',
      { url: 'https://example.com:8443/hook', headers: { 'x-api-key': '***' } },
      undefined,
      ['/headers/x-api-key'],
    ],
    [
      'what is not secret, or given again',
      { ...elsewhere, headers: { 'x-api-key': 'k', 'x-shop': '1' } },
      undefined,
      [],
    ],
    ['nothing that is removed', elsewhere, BASIC, []],
    ['a password', { authorization: HIDDEN_BASIC }, BASIC, []],
    ['no password elsewhere', { ...elsewhere, authorization: HIDDEN_BASIC }, BASIC, ['/authorization/password']],
    [
      'no token elsewhere',
      { ...elsewhere, authorization: { bearer: { token: '***' } } },
      BEARER,
      ['/authorization/token'],
    ],
    ['a client secret', { authorization: tokensFrom('https://id.example.com/new') }, OAUTH2, []],
    [
      'no client secret for another token_url',
      { authorization: tokensFrom('https://id.example.org/token') },
      OAUTH2,
      ['/authorization/client_secret'],
    ],
    [
      'no client secret elsewhere',
      { ...elsewhere, authorization: HIDDEN_OAUTH2 },
      OAUTH2,
      ['/authorization/client_secret'],
    ],
  ])('%s', (_what, given, authorization, expected) => {
    const credentials = authorization === undefined ? {} : { authorization };
    const checked = checkSettings({ ...VALID, ...given }, { guard, stored: { url: VALID.url, headers, credentials } });
    expect(checked.kind === 'valid' ? [] : checked.problems.map(({ pointer }) => pointer)).toEqual(expected);
  });
});
