import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { setTimeout as sleep } from 'node:timers/promises';
import { decodeRejected, encodeEvent, GROUP, MAX_BYTES, TOPIC, type Retry } from '@hookline/contracts';
import { createId, deliveryId, Unavailable, type Event } from '@hookline/domain';
import type { EventLog } from '@hookline/event-log';
import { eventually } from '@hookline/testkit';
import { Webhook } from 'standardwebhooks';
import type { Dispatcher } from './index.ts';
import { createScene, SECRET, type Scene } from './testing/scene.ts';
import { openEmbedded, openKafka } from './testing/stores.ts';

const TRACEPARENT = '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01';

describe.each([
  ['embedded', openEmbedded],
  ['Kafka', openKafka],
])('the dispatcher, %s', (_, openStore) => {
  let scene: Scene;
  let dispatcher: Dispatcher;
  /** The log takes nothing from dispatchers. */
  let isAway = false;

  beforeAll(async () => {
    scene = await createScene(openStore);
  }, 120_000);

  afterAll(async () => {
    await scene?.close();
  }, 60_000);

  beforeEach(async () => {
    scene.failures.length = 0;
    await start();
  });

  afterEach(async () => {
    await scene.stopAll();
    expect(scene.failures).toEqual([]);
  });

  async function start(feedDelayMs = 0): Promise<void> {
    const hinder = (own: EventLog): EventLog => ({
      ...own,
      append: (records, options) =>
        isAway ? Promise.reject(new Unavailable('on purpose')) : own.append(records, options),
      follow: (options) =>
        own.follow({
          ...options,
          async received(records) {
            await sleep(feedDelayMs);
            await options.received(records);
          },
        }),
    });
    dispatcher = await scene.start({ RETRY_MANAGER_MAX_RETRIES: '2', DISPATCHER_HTTP_TIMEOUT: '20s' }, hinder);
  }

  async function publish(webhookId: string, data = '{"n": 1.0}', parts: Partial<Event> = {}): Promise<Event> {
    const event = createEvent(webhookId, data, parts);
    await scene.eventLog.append([encodeEvent(event)]);
    return event;
  }

  function createEvent(webhookId: string, data: string, parts: Partial<Event> = {}): Event {
    return scene.event(webhookId, { data: Buffer.from(data), ...parts });
  }

  test('an event goes out signed, byte for byte, and its attempt is recorded', async () => {
    const receiver = await scene.receive();
    const id = createId('wh');
    const sealedHeaders = scene.seal({ 'x-own': 'yes' }, `headers:${id}`);
    const webhookId = await scene.register(`${receiver.url}/hooks?x=1`, { id, sealedHeaders });
    const event = await publish(webhookId, '{"n": 1.0,  "big": 12345678901234567890}', { traceparent: TRACEPARENT });
    const [request] = await receiver.waitFor(1);
    const delivery = deliveryId('default', event.id, webhookId);
    expect(request?.headers).toMatchObject({
      'webhook-id': delivery,
      'content-type': 'application/json',
      'x-own': 'yes',
      traceparent: TRACEPARENT,
      'user-agent': 'Hookline/0.1',
    });
    const text = request!.body.toString();
    expect(() => new Webhook(SECRET).verify(text, request!.headers as Record<string, string>)).not.toThrow();
    expect(text).toBe(
      `{"id":"${event.id}","type":"${event.type}","source":"/test","timestamp":"${event.time}","data":${event.data.toString()}}`,
    );
    await scene.committed(TOPIC.events);
    await eventually(() => expect(scene.attemptsOf(delivery)).toHaveLength(1));
    expect(scene.attemptsOf(delivery)[0]).toMatchObject({
      tenant: 'default',
      eventId: event.id,
      webhookId,
      number: 1,
      trigger: 'automatic',
      state: 'succeeded',
      status: 200,
      failure: null,
      nextAttemptAtMs: null,
    });
    expect(scene.retriesOf(delivery)).toEqual([]);
  });

  test('a failure leaves a retry; handed over and succeeded, it is settled', async () => {
    const receiver = await scene.receive((_request, count) => ({ status: count === 1 ? 500 : 200, body: 'oops' }));
    const webhookId = await scene.register(receiver.url);
    const event = await publish(webhookId);
    const delivery = deliveryId('default', event.id, webhookId);
    const retry = await eventually(() => {
      const [first] = scene.retriesOf(delivery);
      expect(first).toMatchObject({ attempt: 2, webhookId, deferred: false });
      expect(scene.attemptsOf(delivery)).toHaveLength(1);
      return first as Retry;
    });
    expect(retry.event).toEqual(event);
    const [first] = scene.attemptsOf(delivery);
    expect(first).toMatchObject({ state: 'retrying', failure: 'server_error', status: 500, responseBody: 'oops' });
    expect(first?.nextAttemptAtMs).toBe(retry.dueAtMs);
    expect(retry.firstAttemptAtMs).toBe(first?.startedAtMs);
    await scene.committed(TOPIC.events);

    await scene.handOver(retry);
    await eventually(() => {
      expect(scene.retriesOf(delivery)).toEqual([retry, null]);
      expect(scene.attemptsOf(delivery).map(({ number, state }) => [number, state])).toEqual([
        [1, 'retrying'],
        [2, 'succeeded'],
      ]);
    });
    const ids = receiver.requests.map(({ headers }) => headers['webhook-id']);
    expect(ids).toEqual([delivery, delivery]);

    // The same hand-over again is a duplicate; so is an older one.
    await scene.handOver(retry);
    await scene.handOver({ ...retry, attempt: 1 });
    await scene.committed(TOPIC.deliveries);
    expect(receiver.requests).toHaveLength(2);
  });

  test('after the last attempt it is a dead letter, then a tombstone', async () => {
    const receiver = await scene.receive(() => ({ status: 503 }));
    const webhookId = await scene.register(receiver.url);
    const event = createEvent(webhookId, '{"last":true}');
    const delivery = deliveryId('default', event.id, webhookId);
    const firstAttemptAtMs = Date.now() - 1_000;
    await scene.handOver({
      deliveryId: delivery,
      webhookId,
      event,
      attempt: 3,
      dueAtMs: Date.now(),
      firstAttemptAtMs,
      deferred: false,
    });
    await eventually(() => {
      expect(scene.retriesOf(delivery)).toEqual([null]);
      expect(scene.deadLettersOf(delivery)).toMatchObject([
        { webhookId, event, reason: 'attempts_exhausted', attempts: 3, firstAttemptAtMs },
      ]);
      expect(scene.attemptsOf(delivery)).toMatchObject([
        { number: 3, state: 'dead', deadReason: 'attempts_exhausted' },
      ]);
    });
  });

  test('410 is the end of a delivery at once', async () => {
    const receiver = await scene.receive(() => ({ status: 410 }));
    const webhookId = await scene.register(receiver.url);
    const event = await publish(webhookId);
    const delivery = deliveryId('default', event.id, webhookId);
    await eventually(() => expect(scene.deadLettersOf(delivery)).toMatchObject([{ reason: 'gone', attempts: 1 }]));
    await scene.committed(TOPIC.events);
    await eventually(() => expect(scene.retriesOf(delivery)).toEqual([null]));
  });

  test('a hand-over meets the webhook as it is now: moved, disabled, deleted; or comes too late', async () => {
    const [old, moved] = [await scene.receive(), await scene.receive()];
    const webhooks = {
      moved: await scene.register(old.url),
      disabled: await scene.register(old.url),
      deleted: await scene.register(old.url),
      late: await scene.register(old.url),
    };
    await scene.register(moved.url, { id: webhooks.moved });
    await scene.register(old.url, { id: webhooks.disabled, status: 'disabled' });
    await scene.deleteWebhook(webhooks.deleted);
    const deliveries: Record<string, string> = {};
    for (const [name, webhookId] of Object.entries(webhooks)) {
      const event = createEvent(webhookId, '{}');
      deliveries[name] = deliveryId('default', event.id, webhookId);
      const firstAttemptAtMs = name === 'late' ? Date.now() - 30 * 86_400_000 : Date.now() - 1_000;
      const retry = {
        deliveryId: deliveries[name],
        webhookId,
        event,
        attempt: 2,
        dueAtMs: Date.now(),
        firstAttemptAtMs,
      };
      await scene.handOver({ ...retry, deferred: false });
    }
    await scene.committed(TOPIC.deliveries);
    await eventually(() => {
      for (const delivery of Object.values(deliveries)) expect(scene.retriesOf(delivery)).toEqual([null]);
      expect(scene.attemptsOf(deliveries['moved'] as string)).toHaveLength(1);
      for (const name of ['disabled', 'late']) expect(scene.deadLettersOf(deliveries[name] as string)).toHaveLength(1);
    });
    const of = (name: keyof typeof webhooks) => deliveries[name] as string;
    expect([old.requests.length, moved.requests.length]).toEqual([0, 1]);
    expect(scene.attemptsOf(of('moved'))).toMatchObject([{ number: 2, state: 'succeeded', url: moved.url }]);
    expect(scene.deadLettersOf(of('disabled'))).toMatchObject([{ reason: 'webhook_disabled', attempts: 1 }]);
    expect(scene.deadLettersOf(of('late'))).toMatchObject([{ reason: 'max_age', attempts: 1 }]);
    expect([scene.deadLettersOf(of('deleted')), scene.attemptsOf(of('deleted'))]).toEqual([[], []]);
  });

  test('what is due to a webhook whose latest change can’t be read is put off, and not lost', async () => {
    const receiver = await scene.receive();
    const webhookId = await scene.register(receiver.url);
    await scene.spoil(webhookId);
    const event = await publish(webhookId);
    const handedOver = createEvent(webhookId, '{}');
    const delivery = deliveryId('default', handedOver.id, webhookId);
    const retry: Retry = {
      deliveryId: delivery,
      webhookId,
      event: handedOver,
      attempt: 2,
      dueAtMs: Date.now(),
      firstAttemptAtMs: Date.now() - 1_000,
      deferred: false,
    };
    await scene.handOver(retry);
    await eventually(() => {
      expect(scene.retriesOf(delivery)).toMatchObject([{ attempt: 2, deferred: true, event: handedOver }]);
      expect(scene.retriesOf(deliveryId('default', event.id, webhookId))).toMatchObject([
        { attempt: 1, deferred: true },
      ]);
    });
    const [putOff] = scene.retriesOf(delivery);
    expect(putOff!.dueAtMs - Date.now()).toBeGreaterThan(30_000);
    await Promise.all([scene.committed(TOPIC.events), scene.committed(TOPIC.deliveries)]);
    expect(receiver.requests).toHaveLength(0);
    await scene.register(receiver.url, { id: webhookId });
    await scene.handOver(putOff as Retry);
    await receiver.waitFor(1);
    await eventually(() => expect(scene.retriesOf(delivery).at(-1)).toBeNull());
  });

  test('an event that nobody wants is done; what nobody can read goes to webhook.rejected and blocks nothing', async () => {
    const receiver = await scene.receive();
    const webhookId = await scene.register(receiver.url);
    const poison = Buffer.from('poison');
    const before = scene.rejected().length;
    await scene.eventLog.append([
      { ...encodeEvent(createEvent('nobody', '{}')), partition: 0 },
      { topic: TOPIC.events, partition: 0, value: poison, headers: { 'content-type': 'application/cloudevents+json' } },
      { topic: TOPIC.events, partition: 0, value: null, headers: {} },
      { topic: TOPIC.deliveries, partition: 0, key: 'dlv_x', value: poison, headers: { hl_v: '99' } },
      { topic: TOPIC.deliveries, partition: 0, key: 'dlv_y', value: null, headers: {} },
      { ...encodeEvent(createEvent(webhookId, '{}')), partition: 0 },
    ]);
    await receiver.waitFor(1);
    await eventually(() => expect(scene.rejected()).toHaveLength(before + 4));
    await Promise.all([scene.committed(TOPIC.events), scene.committed(TOPIC.deliveries)]);
  });

  test('what is as large as the log takes and can’t be read is marked where it is and blocks nothing', async () => {
    const receiver = await scene.receive();
    const webhookId = await scene.register(receiver.url);
    const before = scene.rejected().length;
    const { headers } = encodeEvent(createEvent(webhookId, '{}'));
    const positions = await scene.eventLog.append([
      { topic: TOPIC.events, partition: 0, value: Buffer.alloc(MAX_BYTES - 1_000, 'x'), headers: {} },
      { topic: TOPIC.events, partition: 0, value: null, headers: { ...headers, huge: 'h'.repeat(MAX_BYTES - 1_200) } },
      { topic: TOPIC.deliveries, partition: 0, key: 'k'.repeat(MAX_BYTES - 1_000), value: null },
    ]);
    await publish(webhookId);
    await receiver.waitFor(1);
    await eventually(() => expect(scene.rejected()).toHaveLength(before + 3));
    await Promise.all([scene.committed(TOPIC.events), scene.committed(TOPIC.deliveries)]);
    const marked = scene.rejected().slice(before).map(decodeRejected);
    for (const position of positions) {
      expect(marked).toContainEqual(expect.objectContaining({ kind: 'omitted', ...position }));
    }
  });

  test('read your writes: an event published after a change is matched against it, however late the change arrives', async () => {
    const receiver = await scene.receive();
    await scene.stop(1_000);
    await start(200);
    for (let round = 1; round <= 5; round++) {
      const webhookId = await scene.register(receiver.url);
      await publish(webhookId, '{"wanted":true}');
      await receiver.waitFor(round);
      await scene.register(receiver.url, { id: webhookId, eventTypes: ['other.type'] });
      await publish(webhookId, '{"wanted":false}');
    }
    await scene.committed(TOPIC.events);
    expect(receiver.requests).toHaveLength(5);
    for (const { body } of receiver.requests) expect(body.toString()).toContain('"wanted":true');
  });

  test('one event to many webhooks is done when all are settled', async () => {
    const receiver = await scene.receive();
    const shared = ['shared.type'];
    const ids = await Promise.all(
      Array.from({ length: 60 }, () => scene.register(receiver.url, { eventTypes: shared })),
    );
    const event = await publish('any', '{}', { type: 'shared.type' });
    await receiver.waitFor(60);
    await scene.committed(TOPIC.events);
    await eventually(() => {
      for (const id of ids) expect(scene.attemptsOf(deliveryId('default', event.id, id))).toHaveLength(1);
    });
  });

  test('while the log takes nothing, nothing is done and readiness is false; then all is made up for', async () => {
    const receiver = await scene.receive((_request, count) => ({ status: count % 2 === 0 ? 200 : 500 }));
    const webhookId = await scene.register(receiver.url);
    await publish(webhookId);
    await receiver.waitFor(1);
    await scene.committed(TOPIC.events);
    isAway = true;
    const events = await Promise.all(Array.from({ length: 20 }, () => publish(webhookId)));
    await receiver.waitFor(21);
    const ready = async () => (await fetch(`http://127.0.0.1:${dispatcher.port()}/health/ready`)).status;
    await eventually(async () => expect(await ready()).toBe(503));
    const [ends, done] = await Promise.all([
      scene.eventLog.endOffsets(TOPIC.events),
      scene.eventLog.committed(GROUP.dispatcher, TOPIC.events),
    ]);
    expect(ends.reduce((sum, end, partition) => sum + end - (done[partition] ?? 0), 0)).toBeGreaterThan(0);
    isAway = false;
    await scene.committed(TOPIC.events);
    await eventually(async () => expect(await ready()).toBe(200));
    await eventually(() => {
      const deliveries = events.map(({ id }) => deliveryId('default', id, webhookId));
      expect(deliveries.flatMap((id) => scene.attemptsOf(id))).toHaveLength(20);
      expect(deliveries.flatMap((id) => scene.retriesOf(id))).toHaveLength(10);
    });
    expect(receiver.requests).toHaveLength(21);
  });

  test('events published again while they wait are sent once, and both their records are done', async () => {
    const receiver = await scene.receive(async () => {
      await sleep(20);
      return { status: 200 };
    });
    const webhookId = await scene.register(receiver.url);
    const records = Array.from({ length: 400 }, () => encodeEvent(createEvent(webhookId, '{}')));
    await scene.eventLog.append([...records, ...records]);
    await receiver.waitFor(400);
    await scene.committed(TOPIC.events);
    expect(receiver.requests).toHaveLength(400);
  });

  test('closing under load loses nothing and repeats at most what was in flight', async () => {
    const receiver = await scene.receive(async () => {
      await sleep(20);
      return { status: 200 };
    });
    const hanging = await scene.receive(() => 'hang');
    const [webhookId, stuckId] = [await scene.register(receiver.url), await scene.register(hanging.url)];
    const events = Array.from({ length: 1_500 }, () => createEvent(webhookId, '{}'));
    const stuck = Array.from({ length: 100 }, () => createEvent(stuckId, '{}'));
    await scene.eventLog.append([...stuck, ...events].map(encodeEvent));
    await receiver.waitFor(100);
    await scene.stop(4_000);
    const afterStop = receiver.requests.length;
    await sleep(300);
    expect(receiver.requests).toHaveLength(afterStop);

    // What was broken off, and what waited still, is to be sent at once without having used its attempt.
    const stuckDeliveries = stuck.map(({ id }) => deliveryId('default', id, stuckId));
    await eventually(() => {
      for (const delivery of stuckDeliveries) {
        expect(scene.retriesOf(delivery)).toMatchObject([{ attempt: 1, deferred: true }]);
      }
    });
    const broken = await eventually(() => {
      const attempts = stuckDeliveries.flatMap((id) => scene.attemptsOf(id));
      expect(attempts).toHaveLength(hanging.requests.length);
      return attempts;
    });
    expect(broken.length).toBeLessThanOrEqual(64);
    for (const attempt of broken) expect(attempt).toMatchObject({ failure: 'shutdown', state: 'deferred', number: 1 });

    // Another one goes on where this one ended; what was shed is handed over as the retry manager would.
    await start();
    await scene.seenAll(TOPIC.retries);
    const deliveries = events.map(({ id }) => deliveryId('default', id, webhookId));
    for (const delivery of deliveries) {
      const [shed] = scene.retriesOf(delivery);
      if (shed?.deferred === true) await scene.handOver(shed);
    }
    await eventually(
      () => {
        const arrived = new Set(receiver.requests.map(({ headers }) => headers['webhook-id']));
        expect(arrived.size).toBe(1_500);
      },
      { timeoutMs: 30_000 },
    );
    await scene.committed(TOPIC.events);
    expect(receiver.requests.length - 1_500).toBeLessThanOrEqual(64);
  }, 90_000);

  test('when partitions go to another copy, waiting jobs are dropped and sent there', async () => {
    const receiver = await scene.receive(async () => {
      await sleep(50);
      return { status: 200 };
    });
    const webhookId = await scene.register(receiver.url);
    const events = Array.from({ length: 1_000 }, () => createEvent(webhookId, '{}'));
    await scene.eventLog.append(events.map(encodeEvent));
    await receiver.waitFor(50);
    await start();
    await eventually(
      () => {
        const arrived = new Set(receiver.requests.map(({ headers }) => headers['webhook-id']));
        expect(arrived.size).toBe(1_000);
      },
      { timeoutMs: 30_000 },
    );
    await scene.committed(TOPIC.events);
    // In flight, or done above the committed offset, when a partition went.
    expect(receiver.requests.length).toBeLessThan(2_000);
    await eventually(() => {
      for (const { id } of events) {
        const attempts = scene.attemptsOf(deliveryId('default', id, webhookId));
        expect(attempts.length).toBeGreaterThan(0);
        expect(new Set(attempts.map(({ number }) => number))).toEqual(new Set([1]));
      }
    });
  }, 90_000);
});
