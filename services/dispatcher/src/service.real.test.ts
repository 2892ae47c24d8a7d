import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import {
  decodeAttempt,
  decodeDeadLetter,
  decodeRejected,
  decodeRetry,
  encodeChange,
  encodeEvent,
  encodeRetry,
  GROUP,
  MAX_BYTES,
  TOPIC,
  TOPICS,
  type Attempt,
  type DeadLetter,
  type Retry,
  type WebhookChange,
} from '@hookline/contracts';
import { migrate, openDatabase } from '@hookline/database';
import { createId, deliveryId, systemClock, Unavailable, type Event } from '@hookline/domain';
import type { EventLog, LogRecord } from '@hookline/event-log';
import { createKafkaEventLog } from '@hookline/event-log-kafka';
import { createPostgresEventLog } from '@hookline/event-log-postgres';
import { createLog, createMetrics, createSealing, loadConfig } from '@hookline/service-kit';
import {
  createReceiver,
  createTempDir,
  eventually,
  startKafka,
  type Receiver,
  type ReceiverOptions,
} from '@hookline/testkit';
import { Webhook } from 'standardwebhooks';
import { createDispatcher, dispatcherConfig, type Dispatcher } from './index.ts';
import { limits } from './testing/limits.ts';

const log = createLog('test', 'silent');
const KEY = randomBytes(32).toString('base64');
const SECRET = `whsec_${randomBytes(32).toString('base64')}`;
const TRACEPARENT = '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01';
const MIGRATIONS = join(import.meta.dirname, '../../../migrations');
const sealing = createSealing(KEY);

interface Store {
  open(): EventLog;
  close(): Promise<void>;
}

const STORES: Record<string, () => Promise<Store>> = {
  async embedded() {
    const folder = await createTempDir('dispatcher');
    const database = await openDatabase({ dataDir: folder.path });
    await migrate(database, MIGRATIONS);
    return {
      open: () => createPostgresEventLog({ database, log }),
      async close() {
        await database.close();
        await folder.remove();
      },
    };
  },
  async Kafka() {
    const kafka = await startKafka();
    return {
      open: () => createKafkaEventLog({ brokers: kafka.brokers, clientId: 'test', log }),
      close: () => kafka.stop(),
    };
  },
};

describe.each(Object.entries(STORES))('the dispatcher, %s', (_, openStore) => {
  let store: Store;
  let eventLog: EventLog;
  const seen: Record<string, LogRecord[]> = {};
  const failures: Error[] = [];
  const running: { dispatcher: Dispatcher; eventLog: EventLog }[] = [];
  const receivers: Receiver[] = [];
  let revision = 0;
  /** The log takes nothing from dispatchers. */
  let isAway = false;

  beforeAll(async () => {
    store = await openStore();
    eventLog = store.open();
    await eventLog.createTopics(TOPICS);
    for (const topic of [TOPIC.attempts, TOPIC.retries, TOPIC.deadLetters, TOPIC.rejected]) {
      const records: LogRecord[] = (seen[topic] = []);
      await eventLog.follow({
        topic,
        received: async (more) => void records.push(...more),
        onFailure: (error) => failures.push(error),
      });
    }
  }, 120_000);

  afterAll(async () => {
    await eventLog.close();
    await store.close();
  }, 60_000);

  beforeEach(async () => {
    failures.length = 0;
    await start();
  });

  afterEach(async () => {
    for (const { dispatcher, eventLog: own } of running.splice(0)) {
      await dispatcher.close(Date.now() + 3_000);
      await own.close();
    }
    for (const receiver of receivers.splice(0)) await receiver.close();
    expect(failures).toEqual([]);
  });

  async function start(feedDelayMs = 0): Promise<void> {
    const own = store.open();
    const hindered: EventLog = {
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
    };
    const config = loadConfig(dispatcherConfig, {
      env: {
        DISPATCHER_PORT: '0',
        SECURITY_ENCRYPTION_KEY: KEY,
        SECURITY_ALLOW_NETWORKS: '127.0.0.0/8',
        RETRY_MANAGER_MAX_RETRIES: '2',
        DISPATCHER_HTTP_TIMEOUT: '20s',
      },
    });
    const dispatcher = createDispatcher({
      config,
      eventLog: hindered,
      limits,
      localLimits: limits,
      log,
      metrics: createMetrics('dispatcher'),
      clock: systemClock,
      fail: (error) => failures.push(error),
    });
    await dispatcher.start();
    running.push({ dispatcher, eventLog: own });
  }

  async function stop(graceMs: number): Promise<void> {
    const [stopped] = running.splice(0, 1);
    await stopped?.dispatcher.close(Date.now() + graceMs);
    await stopped?.eventLog.close();
  }

  async function receive(respond?: ReceiverOptions['respond']): Promise<Receiver> {
    const receiver = await createReceiver(respond === undefined ? {} : { respond });
    receivers.push(receiver);
    return receiver;
  }

  async function register(url: string, parts: Partial<WebhookChange> = {}): Promise<string> {
    const id = parts.id ?? createId('wh');
    await eventLog.append([
      encodeChange(id, ++revision, {
        id,
        tenant: 'default',
        url,
        eventTypes: [typeOf(id)],
        sealedHeaders: sealing.seal('{"x-own":"yes"}', `headers:${id}`),
        sealedSecrets: sealing.seal(JSON.stringify([SECRET]), `secrets:${id}`),
        status: 'enabled',
        policy: 'quick',
        ...parts,
      }),
    ]);
    return id;
  }

  async function publish(webhookId: string, data = '{"n": 1.0}', parts: Partial<Event> = {}): Promise<Event> {
    const event = createEvent(webhookId, data, parts);
    await eventLog.append([encodeEvent(event)]);
    return event;
  }

  /** As the retry manager does. */
  async function handOver(retry: Retry): Promise<void> {
    await eventLog.append([{ ...encodeRetry(retry), topic: TOPIC.deliveries }]);
  }

  /** They lie in any order. */
  const attemptsOf = (delivery: string): Attempt[] =>
    (seen[TOPIC.attempts] ?? [])
      .flatMap((record) => {
        const decoded = decodeAttempt(record);
        if (decoded.kind === 'unreadable') throw new Error(decoded.reason);
        return decoded.kind === 'attempt' && decoded.attempt.deliveryId === delivery ? [decoded.attempt] : [];
      })
      .toSorted((a, b) => a.startedAtMs - b.startedAtMs || a.number - b.number);
  /** null: a tombstone. */
  const retriesOf = (delivery: string): (Retry | null)[] =>
    of(TOPIC.retries, delivery).map((record) => {
      const decoded = decodeRetry(record);
      if (decoded.kind === 'unreadable') throw new Error(decoded.reason);
      return decoded.kind === 'retry' ? decoded.retry : null;
    });
  const deadLettersOf = (delivery: string): DeadLetter[] =>
    of(TOPIC.deadLetters, delivery).map((record) => {
      const decoded = decodeDeadLetter(record);
      if (decoded.kind !== 'dead_letter') throw new Error(decoded.reason);
      return decoded.letter;
    });
  const of = (topic: string, key: string) => (seen[topic] ?? []).filter((record) => record.key === key);

  /** Resolves when what is in the topic now has been seen here. */
  async function seenAll(topic: string): Promise<void> {
    const total = (await eventLog.endOffsets(topic)).reduce((sum, end) => sum + end, 0);
    await eventually(() => expect(seen[topic]!.length).toBeGreaterThanOrEqual(total));
  }

  /** Everything of the topic is committed. */
  async function committed(topic: string): Promise<void> {
    await eventually(async () => {
      const [ends, done] = await Promise.all([eventLog.endOffsets(topic), eventLog.committed(GROUP.dispatcher, topic)]);
      expect(ends.map((_end, partition) => done[partition] ?? 0)).toEqual(ends);
    });
  }

  test('an event goes out signed, byte for byte, and its attempt is recorded', async () => {
    const receiver = await receive();
    const webhookId = await register(`${receiver.url}/hooks?x=1`);
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
    await committed(TOPIC.events);
    await eventually(() => expect(attemptsOf(delivery)).toHaveLength(1));
    expect(attemptsOf(delivery)[0]).toMatchObject({
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
    expect(retriesOf(delivery)).toEqual([]);
  });

  test('a failure leaves a retry; handed over and succeeded, it is settled', async () => {
    const receiver = await receive((_request, count) => ({ status: count === 1 ? 500 : 200, body: 'oops' }));
    const webhookId = await register(receiver.url);
    const event = await publish(webhookId);
    const delivery = deliveryId('default', event.id, webhookId);
    const retry = await eventually(() => {
      const [first] = retriesOf(delivery);
      expect(first).toMatchObject({ attempt: 2, webhookId, deferred: false });
      expect(attemptsOf(delivery)).toHaveLength(1);
      return first as Retry;
    });
    expect(retry.event).toEqual(event);
    const [first] = attemptsOf(delivery);
    expect(first).toMatchObject({ state: 'retrying', failure: 'server_error', status: 500, responseBody: 'oops' });
    expect(first?.nextAttemptAtMs).toBe(retry.dueAtMs);
    expect(retry.firstAttemptAtMs).toBe(first?.startedAtMs);
    await committed(TOPIC.events);

    await handOver(retry);
    await eventually(() => {
      expect(retriesOf(delivery)).toEqual([retry, null]);
      expect(attemptsOf(delivery).map(({ number, state }) => [number, state])).toEqual([
        [1, 'retrying'],
        [2, 'succeeded'],
      ]);
    });
    const ids = receiver.requests.map(({ headers }) => headers['webhook-id']);
    expect(ids).toEqual([delivery, delivery]);

    // The same hand-over again is a duplicate; so is an older one.
    await handOver(retry);
    await handOver({ ...retry, attempt: 1 });
    await committed(TOPIC.deliveries);
    expect(receiver.requests).toHaveLength(2);
  });

  test('after the last attempt it is a dead letter, then a tombstone', async () => {
    const receiver = await receive(() => ({ status: 503 }));
    const webhookId = await register(receiver.url);
    const event = createEvent(webhookId, '{"last":true}');
    const delivery = deliveryId('default', event.id, webhookId);
    const firstAttemptAtMs = Date.now() - 1_000;
    await handOver({
      deliveryId: delivery,
      webhookId,
      event,
      attempt: 3,
      dueAtMs: Date.now(),
      firstAttemptAtMs,
      deferred: false,
    });
    await eventually(() => {
      expect(retriesOf(delivery)).toEqual([null]);
      expect(deadLettersOf(delivery)).toMatchObject([
        { webhookId, event, reason: 'attempts_exhausted', attempts: 3, firstAttemptAtMs },
      ]);
      expect(attemptsOf(delivery)).toMatchObject([{ number: 3, state: 'dead', deadReason: 'attempts_exhausted' }]);
    });
  });

  test('410 is the end of a delivery at once', async () => {
    const receiver = await receive(() => ({ status: 410 }));
    const webhookId = await register(receiver.url);
    const event = await publish(webhookId);
    const delivery = deliveryId('default', event.id, webhookId);
    await eventually(() => expect(deadLettersOf(delivery)).toMatchObject([{ reason: 'gone', attempts: 1 }]));
    await committed(TOPIC.events);
    await eventually(() => expect(retriesOf(delivery)).toEqual([null]));
  });

  test('a hand-over meets the webhook as it is now: moved, disabled, deleted; or comes too late', async () => {
    const [old, moved] = [await receive(), await receive()];
    const webhooks = {
      moved: await register(old.url),
      disabled: await register(old.url),
      deleted: await register(old.url),
      late: await register(old.url),
    };
    await register(moved.url, { id: webhooks.moved });
    await register(old.url, { id: webhooks.disabled, status: 'disabled' });
    await eventLog.append([encodeChange(webhooks.deleted, ++revision, null)]);
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
      await handOver({ ...retry, deferred: false });
    }
    await committed(TOPIC.deliveries);
    await eventually(() => {
      for (const delivery of Object.values(deliveries)) expect(retriesOf(delivery)).toEqual([null]);
      expect(attemptsOf(deliveries['moved'] as string)).toHaveLength(1);
      for (const name of ['disabled', 'late']) expect(deadLettersOf(deliveries[name] as string)).toHaveLength(1);
    });
    const of = (name: keyof typeof webhooks) => deliveries[name] as string;
    expect([old.requests.length, moved.requests.length]).toEqual([0, 1]);
    expect(attemptsOf(of('moved'))).toMatchObject([{ number: 2, state: 'succeeded', url: moved.url }]);
    expect(deadLettersOf(of('disabled'))).toMatchObject([{ reason: 'webhook_disabled', attempts: 1 }]);
    expect(deadLettersOf(of('late'))).toMatchObject([{ reason: 'max_age', attempts: 1 }]);
    expect([deadLettersOf(of('deleted')), attemptsOf(of('deleted'))]).toEqual([[], []]);
  });

  test('what is due to a webhook whose latest change can’t be read is put off, and not lost', async () => {
    const receiver = await receive();
    const webhookId = await register(receiver.url);
    const change = encodeChange(webhookId, ++revision, null);
    await eventLog.append([{ ...change, value: Buffer.from('{"status":"of tomorrow"}') }]);
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
    await handOver(retry);
    await eventually(() => {
      expect(retriesOf(delivery)).toMatchObject([{ attempt: 2, deferred: true, event: handedOver }]);
      expect(retriesOf(deliveryId('default', event.id, webhookId))).toMatchObject([{ attempt: 1, deferred: true }]);
    });
    const [putOff] = retriesOf(delivery);
    expect(putOff!.dueAtMs - Date.now()).toBeGreaterThan(30_000);
    await Promise.all([committed(TOPIC.events), committed(TOPIC.deliveries)]);
    expect(receiver.requests).toHaveLength(0);
    await register(receiver.url, { id: webhookId });
    await handOver(putOff as Retry);
    await receiver.waitFor(1);
    await eventually(() => expect(retriesOf(delivery).at(-1)).toBeNull());
  });

  test('an event that nobody wants is done; what nobody can read goes to webhook.rejected and blocks nothing', async () => {
    const receiver = await receive();
    const webhookId = await register(receiver.url);
    const poison = Buffer.from('poison');
    const before = seen[TOPIC.rejected]!.length;
    await eventLog.append([
      { ...encodeEvent(createEvent('nobody', '{}')), partition: 0 },
      { topic: TOPIC.events, partition: 0, value: poison, headers: { 'content-type': 'application/cloudevents+json' } },
      { topic: TOPIC.events, partition: 0, value: null, headers: {} },
      { topic: TOPIC.deliveries, partition: 0, key: 'dlv_x', value: poison, headers: { hl_v: '99' } },
      { topic: TOPIC.deliveries, partition: 0, key: 'dlv_y', value: null, headers: {} },
      { ...encodeEvent(createEvent(webhookId, '{}')), partition: 0 },
    ]);
    await receiver.waitFor(1);
    await eventually(() => expect(seen[TOPIC.rejected]).toHaveLength(before + 4));
    await Promise.all([committed(TOPIC.events), committed(TOPIC.deliveries)]);
  });

  test('what is as large as the log takes and can’t be read is marked where it is and blocks nothing', async () => {
    const receiver = await receive();
    const webhookId = await register(receiver.url);
    const before = seen[TOPIC.rejected]!.length;
    const { headers } = encodeEvent(createEvent(webhookId, '{}'));
    const positions = await eventLog.append([
      { topic: TOPIC.events, partition: 0, value: Buffer.alloc(MAX_BYTES - 1_000, 'x'), headers: {} },
      { topic: TOPIC.events, partition: 0, value: null, headers: { ...headers, huge: 'h'.repeat(MAX_BYTES - 1_200) } },
      { topic: TOPIC.deliveries, partition: 0, key: 'k'.repeat(MAX_BYTES - 1_000), value: null },
    ]);
    await publish(webhookId);
    await receiver.waitFor(1);
    await eventually(() => expect(seen[TOPIC.rejected]).toHaveLength(before + 3));
    await Promise.all([committed(TOPIC.events), committed(TOPIC.deliveries)]);
    const marked = seen[TOPIC.rejected]!.slice(before).map(decodeRejected);
    for (const position of positions) {
      expect(marked).toContainEqual(expect.objectContaining({ kind: 'omitted', ...position }));
    }
  });

  test('read your writes: an event published after a change is matched against it, however late the change arrives', async () => {
    const receiver = await receive();
    await stop(1_000);
    await start(200);
    for (let round = 1; round <= 5; round++) {
      const webhookId = await register(receiver.url);
      await publish(webhookId, '{"wanted":true}');
      await receiver.waitFor(round);
      await register(receiver.url, { id: webhookId, eventTypes: ['other.type'] });
      await publish(webhookId, '{"wanted":false}');
    }
    await committed(TOPIC.events);
    expect(receiver.requests).toHaveLength(5);
    for (const { body } of receiver.requests) expect(body.toString()).toContain('"wanted":true');
  });

  test('one event to many webhooks is done when all are settled', async () => {
    const receiver = await receive();
    const shared = ['shared.type'];
    const ids = await Promise.all(Array.from({ length: 60 }, () => register(receiver.url, { eventTypes: shared })));
    const event = await publish('any', '{}', { type: 'shared.type' });
    await receiver.waitFor(60);
    await committed(TOPIC.events);
    await eventually(() => {
      for (const id of ids) expect(attemptsOf(deliveryId('default', event.id, id))).toHaveLength(1);
    });
  });

  test('while the log takes nothing, nothing is done and readiness is false; then all is made up for', async () => {
    const receiver = await receive((_request, count) => ({ status: count % 2 === 0 ? 200 : 500 }));
    const webhookId = await register(receiver.url);
    await publish(webhookId);
    await receiver.waitFor(1);
    await committed(TOPIC.events);
    isAway = true;
    const events = await Promise.all(Array.from({ length: 20 }, () => publish(webhookId)));
    await receiver.waitFor(21);
    const port = running[0]?.dispatcher.port();
    const ready = async () => (await fetch(`http://127.0.0.1:${port}/health/ready`)).status;
    await eventually(async () => expect(await ready()).toBe(503));
    const [ends, done] = await Promise.all([
      eventLog.endOffsets(TOPIC.events),
      eventLog.committed(GROUP.dispatcher, TOPIC.events),
    ]);
    expect(ends.reduce((sum, end, partition) => sum + end - (done[partition] ?? 0), 0)).toBeGreaterThan(0);
    isAway = false;
    await committed(TOPIC.events);
    await eventually(async () => expect(await ready()).toBe(200));
    await eventually(() => {
      const deliveries = events.map(({ id }) => deliveryId('default', id, webhookId));
      expect(deliveries.flatMap(attemptsOf)).toHaveLength(20);
      expect(deliveries.flatMap(retriesOf)).toHaveLength(10);
    });
    expect(receiver.requests).toHaveLength(21);
  });

  test('events published again while they wait are sent once, and both their records are done', async () => {
    const receiver = await receive(async () => {
      await sleep(20);
      return { status: 200 };
    });
    const webhookId = await register(receiver.url);
    const records = Array.from({ length: 400 }, () => encodeEvent(createEvent(webhookId, '{}')));
    await eventLog.append([...records, ...records]);
    await receiver.waitFor(400);
    await committed(TOPIC.events);
    expect(receiver.requests).toHaveLength(400);
  });

  test('closing under load loses nothing and repeats at most what was in flight', async () => {
    const receiver = await receive(async () => {
      await sleep(20);
      return { status: 200 };
    });
    const hanging = await receive(() => 'hang');
    const [webhookId, stuckId] = [await register(receiver.url), await register(hanging.url)];
    const events = Array.from({ length: 1_500 }, () => createEvent(webhookId, '{}'));
    const stuck = Array.from({ length: 100 }, () => createEvent(stuckId, '{}'));
    await eventLog.append([...stuck, ...events].map(encodeEvent));
    await receiver.waitFor(100);
    await stop(4_000);
    const afterStop = receiver.requests.length;
    await sleep(300);
    expect(receiver.requests).toHaveLength(afterStop);

    // What was broken off, and what waited still, is to be sent at once without having used its attempt.
    const stuckDeliveries = stuck.map(({ id }) => deliveryId('default', id, stuckId));
    await eventually(() => {
      for (const delivery of stuckDeliveries) {
        expect(retriesOf(delivery)).toMatchObject([{ attempt: 1, deferred: true }]);
      }
    });
    const broken = await eventually(() => {
      const attempts = stuckDeliveries.flatMap(attemptsOf);
      expect(attempts).toHaveLength(hanging.requests.length);
      return attempts;
    });
    expect(broken.length).toBeLessThanOrEqual(64);
    for (const attempt of broken) expect(attempt).toMatchObject({ failure: 'shutdown', state: 'deferred', number: 1 });

    // Another one goes on where this one ended; what was shed is handed over as the retry manager would.
    await start();
    await seenAll(TOPIC.retries);
    const deliveries = events.map(({ id }) => deliveryId('default', id, webhookId));
    for (const delivery of deliveries) {
      const [shed] = retriesOf(delivery);
      if (shed?.deferred === true) await handOver(shed);
    }
    await eventually(
      () => {
        const arrived = new Set(receiver.requests.map(({ headers }) => headers['webhook-id']));
        expect(arrived.size).toBe(1_500);
      },
      { timeoutMs: 30_000 },
    );
    await committed(TOPIC.events);
    expect(receiver.requests.length - 1_500).toBeLessThanOrEqual(64);
  }, 90_000);

  test('when partitions go to another copy, waiting jobs are dropped and sent there', async () => {
    const receiver = await receive(async () => {
      await sleep(50);
      return { status: 200 };
    });
    const webhookId = await register(receiver.url);
    const events = Array.from({ length: 1_000 }, () => createEvent(webhookId, '{}'));
    await eventLog.append(events.map(encodeEvent));
    await receiver.waitFor(50);
    await start();
    await eventually(
      () => {
        const arrived = new Set(receiver.requests.map(({ headers }) => headers['webhook-id']));
        expect(arrived.size).toBe(1_000);
      },
      { timeoutMs: 30_000 },
    );
    await committed(TOPIC.events);
    // In flight, or done above the committed offset, when a partition went.
    expect(receiver.requests.length).toBeLessThan(2_000);
    await eventually(() => {
      for (const { id } of events) {
        const attempts = attemptsOf(deliveryId('default', id, webhookId));
        expect(attempts.length).toBeGreaterThan(0);
        expect(new Set(attempts.map(({ number }) => number))).toEqual(new Set([1]));
      }
    });
  }, 90_000);
});

/** Each webhook of these tests listens to a type of its own. */
function typeOf(webhookId: string): string {
  return `of.${webhookId}`;
}

function createEvent(webhookId: string, data: string, parts: Partial<Event> = {}): Event {
  return {
    tenant: 'default',
    id: createId('evt'),
    type: typeOf(webhookId),
    source: '/test',
    time: '2026-01-02T03:04:05Z',
    data: Buffer.from(data),
    contentType: 'application/json',
    acceptedAtMs: Date.now(),
    ...parts,
  };
}
