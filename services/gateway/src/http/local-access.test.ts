import { expect, test } from '@jest/globals';
import type { IncomingMessage } from 'node:http';
import { isFromThisMachine } from './local-access.ts';

function from(remoteAddress: string, headers: Record<string, string>, httpVersion = '1.1'): boolean {
  return isFromThisMachine({ socket: { remoteAddress }, headers, httpVersion } as unknown as IncomingMessage);
}

test.each([
  ['127.0.0.1', { host: 'localhost:8000' }],
  ['127.0.0.1', { host: '127.0.0.1:8080' }],
  ['::ffff:127.0.0.1', { host: 'localhost' }],
  ['::1', { host: '[::1]:8000' }],
  ['127.0.0.1', { host: 'localhost:8080', origin: 'http://localhost:8080', 'sec-fetch-site': 'same-origin' }],
])('%s %j is', (address, headers) => {
  expect(from(address, headers)).toBe(true);
});

test.each([
  ['another machine', '10.0.0.5', { host: 'localhost:8000' }],
  ['a proxy', '127.0.0.1', { host: 'localhost', 'x-forwarded-for': '10.0.0.5' }],
  ['a proxy of the standard', '127.0.0.1', { host: 'localhost', forwarded: 'for=10.0.0.5' }],
  ['a name that leads here', '127.0.0.1', { host: 'evil.example:8000' }],
  ['a name that begins like it', '127.0.0.1', { host: 'localhost.evil.example' }],
  ['a page of somewhere else', '127.0.0.1', { host: 'localhost:8000', origin: 'https://evil.example' }],
  ['a page of another port', '127.0.0.1', { host: 'localhost:8000', origin: 'http://localhost:3000' }],
  ['a page without an origin', '127.0.0.1', { host: 'localhost:8000', 'sec-fetch-site': 'cross-site' }],
  ['a page in a sandbox', '127.0.0.1', { host: 'localhost:8000', origin: 'null' }],
  ['nobody', '127.0.0.1', {}],
])('%s is not', (_name, address, headers) => {
  expect(from(address, headers)).toBe(false);
});

test('a proxy that speaks HTTP/1.0 and names this machine is not', () => {
  expect(from('127.0.0.1', { host: 'localhost:8000', connection: 'close' }, '1.0')).toBe(false);
});
