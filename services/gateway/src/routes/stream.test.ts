import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { eventually } from '@hookline/testkit';
import { once } from 'node:events';
import { createServer, get, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Accepted } from '../stream/accept.ts';
import { streamRoutes } from './stream.ts';

const IDENTITY = { tenant: 't', subject: 'usr_x', scopes: [], via: 'login', credential: null } as const;

let server: Server;
let accepting: PromiseWithResolvers<Accepted>;
let answer: ServerResponse | undefined;
let handled: Promise<void> | undefined;

beforeEach(async () => {
  accepting = Promise.withResolvers();
  answer = undefined;
  const [route] = streamRoutes(() => accepting.promise);
  server = createServer((request, response) => {
    answer = response;
    const withLocals = Object.assign(response, { locals: {} }) as never;
    handled = route!.handle({
      request: request as never,
      response: withLocals,
      identity: IDENTITY,
      id: '',
      passed: {} as never,
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
});

afterEach(() => {
  server.closeAllConnections();
  server.close();
});

test('a client that goes before its stream may begin leaves its place', async () => {
  const client = get(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`).on('error', () => {});
  await eventually(() => expect(answer).toBeDefined());
  client.destroy();
  await eventually(() => expect(answer!.destroyed).toBe(true));
  let [begun, left] = [0, 0];
  accepting.resolve({
    begin: () => {
      begun++;
      return Promise.reject(new Error('nobody is there'));
    },
    leave: () => void left++,
  });
  await handled;
  expect([begun, left]).toEqual([0, 1]);
});
