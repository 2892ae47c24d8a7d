import { gunzipSync } from 'node:zlib';
import { createId, type WebhookCredentials } from '@hookline/domain';
import { createConnectProxy, eventually, type ConnectProxy } from '@hookline/testkit';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { createScene, type Scene } from './testing/scene.ts';

let scene: Scene;
let proxy: ConnectProxy;
let answer: number;

beforeAll(async () => {
  scene = await createScene();
}, 120_000);

afterAll(async () => {
  await scene.close();
}, 60_000);

beforeEach(async () => {
  scene.failures.length = 0;
  answer = 200;
  proxy = await createConnectProxy(() => answer);
});

afterEach(async () => {
  await scene.stopAll();
  await proxy.close();
  expect(scene.failures).toEqual([]);
});

describe('through a proxy', () => {
  test('a webhook is sent to with a token and compressed; the token was asked for through it as well', async () => {
    await scene.start({ DISPATCHER_PROXY: proxy.url });
    const endpoint = await scene.receive(() => ({
      status: 200,
      body: '{"access_token":"abc","token_type":"Bearer","expires_in":60}',
    }));
    const receiver = await scene.receive();
    const id = createId('wh');
    const credentials: WebhookCredentials = {
      authorization: { type: 'oauth2', tokenUrl: `${endpoint.url}/token`, clientId: 'id', clientSecret: 'secret' },
    };
    await scene.register(receiver.url, {
      id,
      sealedCredentials: scene.seal(credentials, `credentials:${id}`),
      delivery: { compression: 'gzip', payload: 'cloudevent' },
    });
    const data = Buffer.from(`{"n": 1.0, "text": "${'x'.repeat(2_000)}"}`);
    const delivery = await scene.publish(id, { data });
    const [request] = await receiver.waitFor(1);
    expect(request?.headers).toMatchObject({
      authorization: 'Bearer abc',
      'content-encoding': 'gzip',
      'content-type': 'application/cloudevents+json',
    });
    expect(gunzipSync(request!.body).includes(data)).toBe(true);
    expect(proxy.asked.map(({ host }) => host)).toEqual([`127.0.0.1:${endpoint.port}`, `127.0.0.1:${receiver.port}`]);
    await eventually(() => expect(scene.attemptsOf(delivery)).toHaveLength(1));
    const [attempt] = scene.attemptsOf(delivery);
    expect(attempt).toMatchObject({ state: 'succeeded', timings: { firstByteMs: expect.any(Number) } });
    expect(attempt).not.toHaveProperty('requestHeaders');
  });

  test('its own faults use up no attempt; the receiver’s do', async () => {
    await scene.start({ DISPATCHER_PROXY: proxy.url });
    const receiver = await scene.receive();
    const webhookId = await scene.register(receiver.url);
    answer = 407;
    const ours = await scene.publish(webhookId);
    await eventually(() => expect(scene.retriesOf(ours)).toHaveLength(1));
    expect(scene.retriesOf(ours)[0]).toMatchObject({ attempt: 1, deferred: true });
    await eventually(() =>
      expect(scene.attemptsOf(ours)).toMatchObject([{ failure: 'proxy', state: 'deferred', phase: 'connect' }]),
    );
    answer = 502;
    const theirs = await scene.publish(webhookId);
    await eventually(() => expect(scene.retriesOf(theirs)).toHaveLength(1));
    expect(scene.retriesOf(theirs)[0]).toMatchObject({ attempt: 2, deferred: false });
    await eventually(() =>
      expect(scene.attemptsOf(theirs)).toMatchObject([
        { failure: 'refused', state: 'retrying', requestHeaders: { 'webhook-id': theirs } },
      ]),
    );
    expect(receiver.requests).toHaveLength(0);
  });

  test('that is away uses up none, whatever the receiver', async () => {
    await scene.start({ DISPATCHER_PROXY: 'http://127.0.0.1:1' });
    const webhookId = await scene.register('http://127.0.0.1:2');
    const delivery = await scene.publish(webhookId);
    await eventually(() => expect(scene.retriesOf(delivery)).toHaveLength(1));
    expect(scene.retriesOf(delivery)[0]).toMatchObject({ attempt: 1, deferred: true });
  });
});

test('an attempt ends when a phase has had its time, as it is set, and says which', async () => {
  await scene.start({ DISPATCHER_HTTP_TIMEOUT: '2m', DISPATCHER_HEADERS_TIMEOUT: '500ms' });
  const receiver = await scene.receive(() => 'hang');
  const delivery = await scene.publish(await scene.register(receiver.url));
  await eventually(() =>
    expect(scene.attemptsOf(delivery)).toMatchObject([
      { failure: 'timeout', state: 'retrying', phase: 'headers', error: 'no answer in time' },
    ]),
  );
});
