import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { openGatewayScene, type GatewayScene } from './testing/scene.ts';

let scene: GatewayScene;
let receiver: Server;
let base: string;
let asked: Pick<IncomingMessage, 'method' | 'url' | 'headers'>[];
let consent: Record<string, string>;

beforeAll(async () => {
  scene = await openGatewayScene({ SECURITY_ALLOW_NETWORKS: '127.0.0.0/8' });
  receiver = createServer((request, response) => {
    asked.push({ method: request.method, url: request.url, headers: request.headers });
    response.writeHead(request.method === 'OPTIONS' ? 405 : 204, consent).end();
  });
  await new Promise<void>((resolve) => receiver.listen(0, '127.0.0.1', resolve));
  base = `http://127.0.0.1:${(receiver.address() as AddressInfo).port}`;
}, 60_000);
afterAll(async () => {
  receiver?.closeAllConnections();
  receiver?.close();
  await scene?.stop();
});
beforeEach(() => {
  asked = [];
  consent = { 'webhook-allowed-origin': '*', 'webhook-allowed-rate': '*' };
});

const ALL = '/api/v1/webhooks';
const HANDSHAKE = { handshake_origin: 'events.example.com', event_types: ['*'] };

test('a receiver is asked before its webhook is made, and each request says who asked', async () => {
  const json = {
    ...HANDSHAKE,
    url: `${base}/hook?a=b`,
    headers: { 'x-shop': '1' },
    authorization: { type: 'bearer', token: 't' },
    rate_limit: { limit: 10, window: '1s' },
  };
  const { status, body } = await scene.ask('POST', ALL, { json });
  expect([status, body]).toMatchObject([201, { handshake_origin: HANDSHAKE.handshake_origin }]);
  const headers = {
    'webhook-request-origin': 'events.example.com',
    'webhook-request-rate': '600',
    'x-shop': '1',
    authorization: 'Bearer t',
  };
  expect(asked).toMatchObject([{ method: 'OPTIONS', url: '/hook?a=b', headers }]);

  const path = `${ALL}/${String(body['id'])}`;
  await scene.ask('POST', `${path}/test`);
  expect(asked.at(-1)).toMatchObject({ method: 'POST', headers: { 'webhook-request-origin': 'events.example.com' } });
  // Nothing that it consented to changes.
  await scene.ask('PATCH', path, { json: { description: 'x' } });
  expect(asked).toHaveLength(2);
  await scene.ask('PATCH', path, { json: { url: `${base}/other` } });
  expect(asked.at(-1)).toMatchObject({ method: 'OPTIONS', url: '/other' });
});

test('a receiver that doesn’t consent gets no webhook, and one that there is stays as it is', async () => {
  consent = {};
  const refused = await scene.ask('POST', ALL, { json: { ...HANDSHAKE, url: `${base}/none` } });
  expect([refused.status, refused.body['code'], refused.body.errors]).toMatchObject([
    409,
    'handshake_refused',
    [{ pointer: '/handshake_origin' }],
  ]);
  consent = { 'webhook-allowed-origin': 'events.example.com' };
  const { body } = await scene.ask('POST', ALL, { json: { ...HANDSHAKE, url: `${base}/one` } });
  const path = `${ALL}/${String(body['id'])}`;
  consent = { 'webhook-allowed-origin': 'elsewhere.example' };
  expect((await scene.ask('PATCH', path, { json: { url: `${base}/two` } })).body['code']).toBe('handshake_refused');
  expect((await scene.ask('GET', path)).body['url']).toBe(`${base}/one`);
  expect((await scene.ask('PATCH', path, { json: { handshake_origin: null, url: `${base}/two` } })).status).toBe(200);
});

test.each(['', 'a b', 'https://example.com', '-a.com', 'a..b', `${'a'.repeat(64)}.com`])(
  '%j is no origin',
  async (origin) => {
    const json = { ...HANDSHAKE, url: base, handshake_origin: origin };
    const answer = await scene.ask('POST', ALL, { json });
    expect([answer.status, answer.body.errors?.map(({ pointer }) => pointer)]).toEqual([400, ['/handshake_origin']]);
    expect(asked).toEqual([]);
  },
);
