import { encodeState, type Attempt } from '@hookline/contracts';
import { SCOPES } from '@hookline/domain';
import { eventually } from '@hookline/testkit';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { appendAttempts } from './testing/attempts.ts';
import { listenBySse, listenByWebSocket, listenLate, type Listener } from './testing/listeners.ts';
import { openGatewayScene, shortTokenOf, tokenOf, type GatewayScene } from './testing/scene.ts';

const PATH = '/api/v1/stream';
/** Of one tenant. */
const STREAMS = 6;

let scene: GatewayScene;
beforeAll(async () => {
  scene = await openGatewayScene({ GATEWAY_MAX_STREAMS_PER_TENANT: String(STREAMS), GATEWAY_STREAM_BACKLOG: '1000' });
}, 60_000);
afterAll(() => scene?.stop());

const append = (tenant: string, count: number, more?: Partial<Attempt>) =>
  appendAttempts(scene.eventLog, tenant, count, more);

const WAYS = {
  'server-sent events': (query: string, token: string, headers = {}): Promise<Listener> =>
    listenBySse(scene.base + PATH + query, { authorization: `Bearer ${token}`, ...headers }),
  'a WebSocket': (query: string, token: string, headers = {}): Promise<Listener> =>
    listenByWebSocket(scene.base + PATH + query, { headers: { authorization: `Bearer ${token}`, ...headers } }),
};

describe.each(Object.entries(WAYS))('by %s', (_way, listen) => {
  test('a tenant sees its own attempts and changes of state as they come', async () => {
    const listener = await listen('', tokenOf('default'));
    await eventually(() => expect(listener.messages.map(({ type }) => type)).toEqual(['open']));
    await append('other', 3);
    const mine = await append('default', 3, { status: 500, failure: 'server_error', state: 'retrying' });
    await eventually(() => expect(listener.deliveries().toSorted()).toEqual(mine.toSorted()));
    expect(listener.messages.at(-1)!.data![0]).toMatchObject({
      kind: 'attempt',
      event_type: 'order.created',
      webhook_id: 'wh_x',
      outcome: 'failed',
      class: 'server_error',
      status: 500,
      state: 'retrying',
    });
    const { deliveryId, change } = { deliveryId: 'dlv_state', change: { attempts: 1, nextAttemptAtMs: null } };
    const place = { tenant: 'default', eventId: 'e', eventType: 'a.b', webhookId: 'wh_x', acceptedAtMs: 1, atMs: 2 };
    await scene.eventLog.append([
      encodeState({ ...place, ...change, deliveryId, state: 'cancelled', reason: 'cancelled' }),
    ]);
    await eventually(() => expect(listener.deliveries()).toContain(deliveryId));
    listener.leave();
  });

  test('only what is asked for is shown, webhooks by their uid too', async () => {
    const uid = `shop-${randomUUID()}`;
    const webhook = { url: 'https://example.com/', event_types: ['*'], uid };
    const { body } = await scene.ask('POST', '/api/v1/webhooks', { json: webhook });
    const query = `?webhook=${uid}&type=order.*&outcome=failed`;
    const listener = await listen(query, tokenOf('default'));
    const wanted = { webhookId: String(body['id']), failure: 'timeout', status: null } as const;
    await append('default', 1, { ...wanted, webhookId: 'wh_other' });
    await append('default', 1, { ...wanted, failure: null });
    await append('default', 1, { ...wanted, eventType: 'user.created' });
    const mine = await append('default', 1, wanted);
    await eventually(() => expect(listener.deliveries()).toEqual(mine));
    listener.leave();
  });

  test('whoever comes again with a cursor has missed nothing, and gets nothing twice', async () => {
    const first = await listen('', tokenOf('default'));
    const before = await append('default', 5);
    await eventually(() => expect(first.deliveries()).toHaveLength(5));
    first.leave();
    const missed = await append('default', 450);
    await append('other', 5);
    const again = await listen(`?cursor=${first.cursor()}`, tokenOf('default'));
    const after = await append('default', 5);
    const all = [...before, ...missed, ...after];
    await eventually(() => expect(first.deliveries().length + again.deliveries().length).toBe(all.length));
    expect([...first.deliveries(), ...again.deliveries()].toSorted()).toEqual(all.toSorted());
    expect(again.messages[0]).toEqual({ type: 'open', cursor: first.cursor() });
    // As a browser does: with the address that it had at first.
    const browser = await listen(`?cursor=${first.cursor()}`, tokenOf('default'), { 'last-event-id': again.cursor() });
    const last = await append('default', 1);
    await eventually(() => expect(browser.deliveries()).toEqual(last));
    for (const listener of [again, browser]) listener.leave();
  });

  test('a cursor that leads nowhere is said to, and the stream begins now', async () => {
    const far = Array.from({ length: 12 }, () => 'zzzzz').join('.');
    const listener = await listen(`?cursor=${far}`, tokenOf('default'));
    await eventually(() => expect(listener.messages.map(({ type }) => type)).toEqual(['gap', 'open']));
    const mine = await append('default', 1);
    await eventually(() => expect(listener.deliveries()).toEqual(mine));
    listener.leave();
  });

  test('a tenant has so many streams, and others have theirs', async () => {
    const listeners = [];
    for (let count = 0; count < STREAMS; count++) listeners.push(await listen('', tokenOf('crowd')));
    await expect(listen('', tokenOf('crowd'))).rejects.toThrow(/^429 .*too_many_streams/);
    (await listen('', tokenOf('other'))).leave();
    listeners[0]!.leave();
    const late = await eventually(() => listen('', tokenOf('crowd')));
    for (const listener of [...listeners, late]) listener.leave();
  });

  test.each([
    [400, '?webhooks=x', 'invalid_input'],
    [400, '?type=order.', 'invalid_input'],
    [400, '?cursor=1.2', 'invalid_input'],
    [404, '?webhook=wh_nobody', 'unknown_webhook'],
  ])('%i: %s', async (status, query, code) => {
    await expect(listen(query, tokenOf('default'))).rejects.toThrow(new RegExp(`^${status} .*${code}`));
  });

  test('nobody listens without a token that allows it', async () => {
    await expect(listen('', 'forged')).rejects.toThrow(/^401 /);
    await expect(listen('', tokenOf('default', ['webhooks:read']))).rejects.toThrow(/^403 .*missing_scope/);
  });
});

test("a browser's WebSocket brings its token beside the protocol's name", async () => {
  const protocols = ['hookline.v1', `bearer.${tokenOf('default')}`];
  const listener = await listenByWebSocket(scene.base + PATH, { protocols });
  const mine = await append('default', 1);
  await eventually(() => expect(listener.deliveries()).toEqual(mine));
  listener.leave();
});

test('no other address becomes a WebSocket', async () => {
  const headers = { authorization: `Bearer ${tokenOf('default')}` };
  await expect(listenByWebSocket(`${scene.base}/api/v1/webhooks`, { headers })).rejects.toThrow(/^404 .*unknown_route/);
});

test('whoever reads more slowly than there is to read is told so, and the others get all', async () => {
  const headers = { authorization: `Bearer ${tokenOf('default')}` };
  const slow = await listenLate(scene.base + PATH, headers);
  const other = await listenByWebSocket(scene.base + PATH, { headers });
  // More than a connection holds on its way and the backlog besides: entries are as long as their type.
  const eventType = 'a'.repeat(8_000);
  for (let times = 0; times < 12; times++) {
    await append('default', 200, { eventType });
    await eventually(() => expect(other.deliveries()).toHaveLength((times + 1) * 200));
  }
  slow.read();
  await slow.ended;
  expect(slow.messages.at(-1)).toMatchObject({ type: 'end', reason: 'too_slow' });
  other.leave();
}, 30_000);

test('a token that expires, and a key that is revoked, ends the stream', async () => {
  const mayAll = tokenOf('default', [...SCOPES]);
  const key = { name: 'listener', scopes: ['deliveries:read'] };
  const { body } = await scene.ask('POST', '/api/v1/api-keys', { json: key, token: mayAll });
  const tokens = [shortTokenOf('default'), String(body['key'])];
  const listening = tokens.flatMap((token) => Object.values(WAYS).map((listen) => listen('', token)));
  const listeners = await Promise.all(listening);
  await scene.ask('DELETE', `/api/v1/api-keys/${String(body['id'])}`, { token: mayAll });
  for (const { ended, messages } of listeners) {
    await ended;
    expect(messages.at(-1)).toMatchObject({ type: 'end', reason: 'token_ended' });
  }
}, 30_000);

test('a gateway that closes says so to all who listen, and does not wait for them', async () => {
  const listeners = await Promise.all(Object.values(WAYS).map((listen) => listen('', tokenOf('default'))));
  await scene.stop();
  for (const { ended, messages } of listeners) {
    await ended;
    expect(messages.at(-1)).toMatchObject({ type: 'end', reason: 'shutting_down' });
  }
});
