import { expect, test } from '@jest/globals';
import type { IncomingMessage } from 'node:http';
import { clientAddress } from './client-address.ts';

test.each<[number, string | undefined, string]>([
  [0, undefined, '10.0.0.1'],
  [0, '192.0.2.1', '10.0.0.1'],
  [1, undefined, '10.0.0.1'],
  [1, '192.0.2.1', '192.0.2.1'],
  [1, '198.51.100.7, 192.0.2.1', '192.0.2.1'],
  [2, '198.51.100.7, 192.0.2.1 , 10.0.0.9', '192.0.2.1'],
  [2, '192.0.2.1', '192.0.2.1'],
  [1, '198.51.100.7,2001:db8::1', '2001:db8::1'],
])('behind %d proxies that said %j it is %s', (trusted, forwarded, address) => {
  const headers = forwarded === undefined ? {} : { 'x-forwarded-for': forwarded };
  const request = { headers, socket: { remoteAddress: '10.0.0.1' } } as unknown as IncomingMessage;
  expect(clientAddress(request, trusted)).toBe(address);
});
