import { createNameServer } from '@hookline/testkit';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { createHmac } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { openGatewayScene, tokenOf, type GatewayScene } from './testing/scene.ts';

let scene: GatewayScene;
beforeAll(async () => {
  scene = await openGatewayScene({ SECURITY_ALLOW_NETWORKS: '127.0.0.0/8' });
}, 60_000);
afterAll(() => scene?.stop());

let receiver: Server;
let url: string;
let seen: { headers: IncomingMessage['headers']; body: string }[];
let answer: (response: ServerResponse) => void;

beforeEach(async () => {
  seen = [];
  answer = (response) => response.writeHead(200, { 'x-said': 'yes' }).end('thanks');
  receiver = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      seen.push({ headers: request.headers, body: Buffer.concat(chunks).toString() });
      answer(response);
    });
  });
  await new Promise<void>((resolve) => receiver.listen(0, '127.0.0.1', resolve));
  url = `http://127.0.0.1:${(receiver.address() as AddressInfo).port}/hook`;
});

afterEach(async () => {
  receiver.closeAllConnections();
  await new Promise((resolve) => receiver.close(resolve));
});

async function create(more: object = {}): Promise<{ path: string; secret: string }> {
  const { body } = await scene.ask('POST', '/api/v1/webhooks', { json: { url, event_types: ['order.*'], ...more } });
  return { path: `/api/v1/webhooks/${String(body['id'])}`, secret: String(body['secret']) };
}

test('a test answers with what the receiver said to a signed sample', async () => {
  const headers = { 'x-api-key': 'k' };
  const { path, secret } = await create({ headers, authorization: { type: 'bearer', token: 'the-token' } });
  const { status, body } = await scene.ask('POST', `${path}/test`);
  expect([status, body]).toEqual([
    200,
    {
      event: { id: expect.stringMatching(/^evt_/), type: 'order.test', data: { test: true } },
      matches: true,
      outcome: 'succeeded',
      class: null,
      status: 200,
      error: null,
      duration_ms: expect.any(Number),
      timings: expect.objectContaining({ first_byte_ms: expect.any(Number), tls_ms: null }),
      request_headers: expect.objectContaining({ 'x-api-key': '***', authorization: '***' }),
      response_headers: expect.objectContaining({ 'x-said': 'yes' }),
      response_body: 'thanks',
    },
  ]);
  const [got] = seen;
  expect(got?.headers).toMatchObject({ ...headers, authorization: 'Bearer the-token', 'user-agent': 'Hookline/0.1' });
  const { 'webhook-id': id, 'webhook-timestamp': timestamp, 'webhook-signature': signature } = got?.headers ?? {};
  const mac = createHmac('sha256', Buffer.from(secret.slice('whsec_'.length), 'base64'));
  expect(signature).toBe(`v1,${mac.update(`${String(id)}.${String(timestamp)}.${got?.body}`).digest('base64')}`);
  expect(JSON.parse(got?.body ?? '')).toMatchObject({ type: 'order.test', source: 'hookline:test' });
});

test('a disabled webhook can be tried, with data of one’s own or the catalogue’s', async () => {
  const { path } = await create({ status: 'disabled', payload: 'data', filter: { 'data.total': { $gt: 1 } } });
  const own = await scene.ask('POST', `${path}/test`, { json: { type: 'order.created', data: { total: 5 } } });
  expect(own.body).toMatchObject({ event: { type: 'order.created', data: { total: 5 } }, matches: true });
  const filtered = await scene.ask('POST', `${path}/test`, { json: { data: { total: 1 } } });
  expect(filtered.body).toMatchObject({ matches: false, outcome: 'succeeded' });
  const other = await scene.ask('POST', `${path}/test`, { json: { type: 'invoice.paid', data: { total: 5 } } });
  expect(other.body).toMatchObject({ matches: false });
  await scene.ask('PUT', '/api/v1/event-types/order.shipped', { json: { example: { total: 2, id: 'o-1' } } });
  await scene.ask('POST', `${path}/test`, { json: { type: 'order.shipped' } });
  expect(seen.map(({ body }) => body)).toEqual(['{"total":5}', '{"total":1}', '{"total":5}', '{"total":2,"id":"o-1"}']);
});

test('what goes wrong is answered, too', async () => {
  answer = (response) => response.writeHead(503, { 'retry-after': '5' }).end('no');
  const { path } = await create();
  expect((await scene.ask('POST', `${path}/test`)).body).toMatchObject({
    outcome: 'failed',
    class: 'server_error',
    status: 503,
    response_headers: { 'retry-after': '5' },
    response_body: 'no',
  });
  await scene.ask('PATCH', path, { json: { url: 'http://127.0.0.1:1/' } });
  expect((await scene.ask('POST', `${path}/test`)).body).toMatchObject({
    outcome: 'failed',
    class: 'refused',
    status: null,
    error: expect.stringContaining('ECONNREFUSED'),
    response_headers: null,
    response_body: null,
  });
  answer = () => undefined;
  await scene.ask('PATCH', path, { json: { url, timeout: '500ms' } });
  expect((await scene.ask('POST', `${path}/test`)).body).toMatchObject({ outcome: 'failed', class: 'timeout' });
});

test('an address inside is not reached, whatever the name', async () => {
  const names = await createNameServer(() => ['10.2.3.4']);
  const guarded = await openGatewayScene({ DISPATCHER_NAME_SERVERS: names.address });
  try {
    const json = { url: 'http://inner.test/', event_types: ['*'] };
    const { body } = await guarded.ask('POST', '/api/v1/webhooks', { json });
    const named = await guarded.ask('POST', `/api/v1/webhooks/${String(body['id'])}/test`);
    expect(named.body).toMatchObject({ outcome: 'failed', class: 'blocked', status: null });
    expect(named.body['error']).toMatch(/not public/);
    expect(named.body['error']).not.toContain('10.2.3.4');
    // As if its name had come to point inside after the URL was checked.
    await guarded.database.query('UPDATE webhooks SET url = $1', [url]);
    const tested = await guarded.ask('POST', `/api/v1/webhooks/${String(body['id'])}/test`);
    expect(tested.body).toMatchObject({ outcome: 'failed', class: 'blocked', status: null });
    expect(seen).toEqual([]);
  } finally {
    await guarded.stop();
    names.close();
  }
}, 60_000);

test.each<[unknown, string[]]>([
  [{ type: 'order.*' }, ['/type']],
  [{ type: 5 }, ['/type']],
  [{ data: 'x'.repeat(70_000) }, ['/data']],
  [{ event: 'x' }, ['/event']],
])('%.40j is refused at %j', async (json, expected) => {
  const { path } = await create();
  const { status, body } = await scene.ask('POST', `${path}/test`, { json });
  expect([status, body.errors?.map(({ pointer }) => pointer)]).toEqual([400, expected]);
  expect(seen).toEqual([]);
});

test('needs to be allowed to write webhooks, and one’s own', async () => {
  const { path } = await create();
  expect((await scene.ask('POST', `${path}/test`, { token: tokenOf('default', ['webhooks:read']) })).status).toBe(403);
  expect((await scene.ask('POST', `${path}/test`, { token: tokenOf('other') })).status).toBe(404);
  expect(seen).toEqual([]);
});
