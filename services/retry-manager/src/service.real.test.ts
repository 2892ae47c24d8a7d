import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { createMetrics, createLog, loadConfig } from '@hookline/service-kit';
import {
  decodeDelivery,
  encodeChange,
  encodeRetry,
  encodeSettled,
  GROUP,
  TOPIC,
  TOPICS,
  type OutgoingRecord,
  type Retry,
  type WebhookChange,
} from '@hookline/contracts';
import { migrate, openDatabase } from '@hookline/database';
import { systemClock, Unavailable } from '@hookline/domain';
import type { EventLog, LogRecord } from '@hookline/event-log';
import { createKafkaEventLog } from '@hookline/event-log-kafka';
import { createPostgresEventLog } from '@hookline/event-log-postgres';
import type { RetrySchedule, ScheduleBounds } from '@hookline/retry-schedule';
import { createPostgresRetrySchedule } from '@hookline/retry-schedule-postgres';
import { createRedisRetrySchedule } from '@hookline/retry-schedule-redis';
import { eventually, startKafka, startRedis, useRealParts } from '@hookline/testkit';
import { Kafka, logLevel } from 'kafkajs';
import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { retryManagerConfig } from './config.ts';
import { createRetryManager } from './service.ts';

const log = createLog('test', 'silent');
const MIGRATIONS = join(import.meta.dirname, '../../../migrations');

const AMPLE: ScheduleBounds = {
  webhook: { deliveries: 10_000, bytes: 100_000_000 },
  tenant: { deliveries: 10_000, bytes: 100_000_000 },
};

interface Stores {
  eventLog: EventLog;
  schedule: RetrySchedule;
  /** Loses the whole index, as FLUSHALL does. */
  flush(): Promise<void>;
  /** One more client of the schedule. */
  open(bounds: ScheduleBounds): RetrySchedule;
  close(): Promise<void>;
}

/** What holds the stores, started once: `open` gives them empty. */
interface BackEnd {
  open(): Promise<Stores>;
  stop(): Promise<void>;
}

const parts = useRealParts({ postgres: true });

const BACK_ENDS: Record<string, () => Promise<BackEnd>> = {
  async postgres() {
    return {
      async open() {
        const database = await openDatabase({ url: await parts.createDatabase() });
        await migrate(database, MIGRATIONS);
        const eventLog = createPostgresEventLog({ database, log });
        const open = (bounds: ScheduleBounds) =>
          createPostgresRetrySchedule({ database, bounds, maxBytes: 1_000_000_000 });
        const schedule = open(AMPLE);
        return {
          eventLog,
          schedule,
          open,
          async flush() {
            const { rows } = await database.query<{ name: string }>(
              `SELECT tablename AS name FROM pg_tables WHERE tablename LIKE 'retry_%'`,
            );
            await database.query(`TRUNCATE ${rows.map(({ name }) => name).join(', ')}`);
          },
          async close() {
            await eventLog.close();
            await schedule.close();
            await database.close();
          },
        };
      },
      stop: async () => {},
    };
  },
  async full() {
    const [kafka, redis] = await Promise.all([startKafka(), startRedis()]);
    async function restartRedis(): Promise<void> {
      await redis.kill();
      await redis.start();
    }
    return {
      async open() {
        await emptyKafka(kafka.brokers);
        await restartRedis();
        const eventLog = createKafkaEventLog({ brokers: kafka.brokers, clientId: 'test', log });
        const open = (bounds: ScheduleBounds) =>
          createRedisRetrySchedule({ url: redis.url, partitions: 12, bounds, log });
        const schedule = open(AMPLE);
        return {
          eventLog,
          schedule,
          open,
          flush: restartRedis,
          async close() {
            await eventLog.close();
            await schedule.close();
          },
        };
      },
      async stop() {
        await Promise.all([kafka.stop(), redis.stop()]);
      },
    };
  },
};

/** Deletes every topic, and with them what groups have committed. */
async function emptyKafka(brokers: string[]): Promise<void> {
  const admin = new Kafka({ brokers, logLevel: logLevel.NOTHING }).admin();
  await admin.connect();
  try {
    const topics = (await admin.listTopics()).filter((name) => !name.startsWith('__'));
    if (topics.length > 0) await admin.deleteTopics({ topics });
    await eventually(async () => {
      expect((await admin.listTopics()).filter((name) => !name.startsWith('__'))).toEqual([]);
    });
  } finally {
    await admin.disconnect();
  }
}

function retry(deliveryId: string, changes: Partial<Retry> = {}): Retry {
  const now = Date.now();
  return {
    deliveryId,
    webhookId: 'wh_1',
    event: {
      tenant: 'default',
      id: `event-of-${deliveryId}`,
      type: 'order.created',
      source: 'test',
      time: '2026-01-01T00:00:00Z',
      data: Buffer.from('{"n": 1.0}'),
      contentType: 'application/json',
      acceptedAtMs: now,
    },
    attempt: 2,
    dueAtMs: now,
    firstAttemptAtMs: now - 1_000,
    deferred: false,
    ...changes,
  };
}

describe.each(Object.entries(BACK_ENDS))('the retry manager, %s', (_, start) => {
  let backEnd: BackEnd;
  let stores: Stores;
  let handedOver: LogRecord[];
  let manager: ReturnType<typeof createRetryManager>;
  let failures: Error[];

  async function startManager(schedule = stores.schedule): Promise<void> {
    const config = loadConfig(retryManagerConfig, { env: { RETRY_MANAGER_PORT: '0', RETRY_MANAGER_CLAIM: '2s' } });
    manager = createRetryManager({
      config,
      eventLog: stores.eventLog,
      schedule,
      log,
      metrics: createMetrics('retry-manager'),
      clock: systemClock,
      fail: (error) => failures.push(error),
      sabotage: undefined,
    });
    await manager.start();
  }

  beforeAll(async () => {
    backEnd = await start();
  }, 120_000);

  afterAll(() => backEnd.stop());

  beforeEach(async () => {
    stores = await backEnd.open();
    failures = [];
    handedOver = [];
    await stores.eventLog.createTopics(TOPICS);
    await stores.eventLog.follow({
      topic: TOPIC.deliveries,
      received: async (records) => void handedOver.push(...records),
      onFailure: (error) => failures.push(error),
    });
    await startManager();
  });

  afterEach(async () => {
    await manager.close(Date.now() + 5_000);
    await stores.close();
    expect(failures).toEqual([]);
  });

  async function change(webhookId: string, revision: number, status: WebhookChange['status']): Promise<void> {
    await stores.eventLog.append([
      encodeChange(webhookId, revision, {
        id: webhookId,
        tenant: 'default',
        url: 'http://127.0.0.1/',
        eventTypes: ['*'],
        sealedHeaders: '',
        sealedSecrets: '',
        status,
        policy: 'quick',
      }),
    ]);
  }

  /** How many there are in one state, as the manager's metrics say. */
  async function counted(state: string): Promise<number> {
    const metrics = await (await fetch(`http://127.0.0.1:${manager.port()}/metrics`)).text();
    return Number(new RegExp(`webhook_retry_queue_size{[^}]*state="${state}"[^}]*} (\\d+)`).exec(metrics)?.[1]);
  }

  const handedOverIds = () => handedOver.map(({ key }) => key ?? '').sort();

  test('hands a retry over when it is due, as it was written, in the same partition', async () => {
    const dueAtMs = Date.now() + 1_500;
    const written = encodeRetry(retry('dlv_a', { dueAtMs }));
    const [position] = await stores.eventLog.append([written]);
    await eventually(() => expect(handedOverIds()).toEqual(['dlv_a']), { timeoutMs: 15_000 });
    const [record] = handedOver as [LogRecord];
    expect(record.timestampMs).toBeGreaterThanOrEqual(dueAtMs);
    expect(Date.now() - dueAtMs).toBeLessThan(5_000);
    expect(record.partition).toBe(position?.partition);
    expect(record.headers).toEqual(written.headers);
    expect(record.value).toEqual(written.value);
  });

  test('hands over neither a settled delivery nor an overtaken attempt, and each retry once', async () => {
    const soon = Date.now() + 2_000;
    await stores.eventLog.append([
      encodeRetry(retry('dlv_settled', { dueAtMs: soon })),
      encodeSettled('dlv_settled'),
      encodeRetry(retry('dlv_overtaken', { dueAtMs: soon, attempt: 2 })),
      encodeRetry(retry('dlv_overtaken', { dueAtMs: soon, attempt: 3 })),
      encodeRetry(retry('dlv_late', { dueAtMs: soon + 600_000 })),
    ]);
    await eventually(() => expect(handedOverIds()).toEqual(['dlv_overtaken']), { timeoutMs: 15_000 });
    await new Promise((resolve) => setTimeout(resolve, 3_000));
    expect(handedOverIds()).toEqual(['dlv_overtaken']);
    expect(handedOver[0]?.headers['hl_attempt']).toBe('3');
  });

  test('builds a lost index again: what waits is handed over, what is settled is not', async () => {
    const due = Date.now() + 6_000;
    const waiting = Array.from({ length: 40 }, (_unused, i) => `dlv_waiting_${i}`);
    const settled = Array.from({ length: 40 }, (_unused, i) => `dlv_settled_${i}`);
    await stores.eventLog.append([
      ...waiting.map((id) => encodeRetry(retry(id, { dueAtMs: due }))),
      ...settled.map((id) => encodeRetry(retry(id, { dueAtMs: due }))),
      ...settled.map((id) => encodeSettled(id)),
    ]);
    await new Promise((resolve) => setTimeout(resolve, 1_500));
    await stores.flush();
    await eventually(() => expect(handedOverIds()).toEqual(waiting.toSorted()), { timeoutMs: 30_000 });
  });

  test('a hand-over that the dispatchers passed without settling it is handed over again', async () => {
    await stores.eventLog.append([encodeRetry(retry('dlv_forgotten'))]);
    await eventually(() => expect(handedOverIds()).toEqual(['dlv_forgotten']), { timeoutMs: 15_000 });
    // A dispatcher that commits and does nothing.
    const forgetful = await stores.eventLog.consume({
      group: GROUP.dispatcher,
      topics: [TOPIC.deliveries],
      handler: {
        received: async (batch) => batch.records.forEach(({ offset }) => batch.done(offset)),
      },
      onFailure: (error) => failures.push(error),
    });
    await eventually(() => expect(handedOver.length).toBeGreaterThan(1), { timeoutMs: 30_000 });
    await forgetful.close();
  });

  test('what waits of a paused webhook is held, after a lost index too, and handed over when it goes on', async () => {
    const soon = Date.now() + 2_000;
    await change('wh_paused', 1, 'paused');
    await stores.eventLog.append([
      encodeRetry(retry('dlv_held', { webhookId: 'wh_paused', dueAtMs: soon })),
      encodeRetry(retry('dlv_free', { dueAtMs: soon })),
    ]);
    await eventually(() => expect(handedOverIds()).toEqual(['dlv_free']), { timeoutMs: 15_000 });
    await stores.flush();
    await stores.eventLog.append([
      encodeRetry(retry('dlv_held_too', { webhookId: 'wh_paused' })),
      encodeRetry(retry('dlv_later')),
    ]);
    // What was handed over and not settled is handed over again, since the index was lost.
    await eventually(() => expect(handedOverIds()).toEqual(['dlv_free', 'dlv_free', 'dlv_later']), {
      timeoutMs: 30_000,
    });
    expect(await counted('held')).toBe(2);
    await change('wh_paused', 2, 'enabled');
    await eventually(() => expect(handedOverIds().slice(-3)).toEqual(['dlv_held', 'dlv_held_too', 'dlv_later']), {
      timeoutMs: 15_000,
    });
    expect(await counted('held')).toBe(0);
  });

  test('what finds no room is to be buried, and what waits already stays', async () => {
    await manager.close(Date.now() + 5_000);
    const schedule = stores.open({ ...AMPLE, webhook: { deliveries: 3, bytes: 1_000_000 } });
    await startManager(schedule);
    const later = Date.now() + 600_000;
    // Partitions that are applied at the same moment may exceed the bound by what each adds.
    const append = (record: OutgoingRecord) => stores.eventLog.append([{ ...record, partition: 3 }]);
    for (let n = 0; n < 5; n++) await append(encodeRetry(retry(`dlv_${n}`, { dueAtMs: later })));
    await eventually(() => expect(handedOver).toHaveLength(2), { timeoutMs: 15_000 });
    for (const record of handedOver) {
      expect(decodeDelivery(record)).toMatchObject({
        kind: 'command',
        command: { kind: 'bury', reason: 'backlog_full', retry: { deliveryId: record.key } },
      });
    }
    expect(await counted('waiting')).toBe(3);
    // As the dispatcher does.
    for (const { key } of handedOver) await append(encodeSettled(key!));
    await eventually(async () => expect(await counted('handed_over')).toBe(0));
    await append(encodeRetry(retry('dlv_more', { webhookId: 'wh_2', dueAtMs: later })));
    await eventually(async () => expect(await counted('waiting')).toBe(4));
    await manager.close(Date.now() + 5_000);
    await schedule.close();
  });

  test('a large backlog of one webhook makes nothing of others late', async () => {
    const due = Date.now() + 3_000;
    const backlog = Array.from({ length: 4_000 }, (_unused, n) =>
      encodeRetry(retry(`dlv_backlog_${n}`, { webhookId: 'wh_many', dueAtMs: due - 1_000 })),
    );
    await stores.eventLog.append(backlog);
    await stores.eventLog.append(
      Array.from({ length: 10 }, (_unused, n) => encodeRetry(retry(`dlv_other_${n}`, { dueAtMs: due }))),
    );
    await eventually(() => expect(handedOver).toHaveLength(4_010), { timeoutMs: 30_000 });
    const others = handedOver.filter(({ key }) => key?.startsWith('dlv_other'));
    expect(Math.max(...others.map(({ timestampMs }) => timestampMs)) - due).toBeLessThan(2_000);
  });

  test('a record that it cannot read goes to webhook.rejected and blocks nothing', async () => {
    const rejected: LogRecord[] = [];
    await stores.eventLog.follow({
      topic: TOPIC.rejected,
      received: async (records) => void rejected.push(...records),
      onFailure: (error) => failures.push(error),
    });
    await stores.eventLog.append([
      { topic: TOPIC.retries, key: 'dlv_poison', value: Buffer.from('{}'), headers: { hl_v: '99' } },
      encodeRetry(retry('dlv_good')),
    ]);
    await eventually(() => expect(handedOverIds()).toEqual(['dlv_good']), { timeoutMs: 15_000 });
    await eventually(() => expect(rejected.map(({ headers }) => headers['hl_reason'])).toHaveLength(1));
    expect(rejected[0]?.headers).toMatchObject({ hl_topic: TOPIC.retries, hl_consumer: 'retry-manager' });
  });

  test.each([
    { what: 'of this topic goes on', ageMs: 0, expected: ['dlv_3', 'dlv_4'] },
    {
      what: 'older than the records below its offset is of another topic',
      ageMs: 120_000,
      expected: ['dlv_0', 'dlv_1', 'dlv_2', 'dlv_3', 'dlv_4'],
    },
  ])('an index $what', async ({ ageMs, expected }) => {
    await manager.close(Date.now() + 5_000);
    const partition = 5;
    const ids = Array.from({ length: 5 }, (_unused, i) => `dlv_${i}`);
    await stores.eventLog.append(ids.map((id) => ({ ...encodeRetry(retry(id)), partition })));
    await stores.schedule.reset(partition, { incarnation: 'former', offset: 3 }, Date.now() - ageMs);
    await startManager();
    await eventually(() => expect(handedOverIds()).toEqual(expected), { timeoutMs: 15_000 });
  });

  test('closing while the schedule is away is no failure', async () => {
    await manager.close(Date.now() + 5_000);
    let asked = 0;
    const held = () => {
      asked++;
      return Promise.reject(new Unavailable('away'));
    };
    await startManager({ ...stores.schedule, held });
    await eventually(() => expect(asked).toBeGreaterThan(TOPICS.length));
    await manager.close(Date.now() + 5_000);
    expect(failures).toEqual([]);
    await startManager();
  });

  test('a second start goes on where the first ended', async () => {
    await stores.eventLog.append([encodeRetry(retry('dlv_first'))]);
    await eventually(() => expect(handedOverIds()).toEqual(['dlv_first']), { timeoutMs: 15_000 });
    await manager.close(Date.now() + 5_000);
    await stores.eventLog.append([encodeRetry(retry('dlv_second'))]);
    await startManager();
    await eventually(() => expect(handedOverIds()).toEqual(['dlv_first', 'dlv_second']), { timeoutMs: 15_000 });
  });
});

test('a store that is full before its index has caught up hands over what it holds, and gets further', async () => {
  const [kafka, redis] = await Promise.all([startKafka(), startRedis({ maxmemoryBytes: 12 * 1024 * 1024 })]);
  const eventLog = createKafkaEventLog({ brokers: kafka.brokers, clientId: 'test', log });
  const schedule = createRedisRetrySchedule({ url: redis.url, partitions: 12, bounds: AMPLE, log });
  const failures: Error[] = [];
  const fail = (error: Error) => void failures.push(error);
  await eventLog.createTopics(TOPICS);
  const ids = Array.from({ length: 3_500 }, (_unused, i) => `dlv_${i}`);
  const event = { ...retry('').event, data: randomBytes(4_000), contentType: 'application/octet-stream' };
  // In one partition: others that had caught up would make room by and by.
  await eventLog.append(ids.map((id) => ({ ...encodeRetry(retry(id, { event })), partition: 3 })));

  // A dispatcher that succeeds with everything.
  const handedOver = new Set<string>();
  const dispatcher = await eventLog.consume({
    group: GROUP.dispatcher,
    topics: [TOPIC.deliveries],
    onFailure: fail,
    handler: {
      async received(batch) {
        const deliveries = batch.records.map(({ key }) => key as string);
        await eventLog.append(deliveries.map((id) => ({ ...encodeSettled(id), partition: batch.partition })));
        for (const { key, offset } of batch.records) {
          handedOver.add(key as string);
          batch.done(offset);
        }
      },
    },
  });
  const manager = createRetryManager({
    config: loadConfig(retryManagerConfig, { env: { RETRY_MANAGER_PORT: '0' } }),
    eventLog,
    schedule,
    log,
    metrics: createMetrics('retry-manager'),
    clock: systemClock,
    fail,
    sabotage: undefined,
  });
  await manager.start();
  await eventually(() => expect(handedOver.size).toBe(ids.length), { timeoutMs: 50_000, everyMs: 200 });
  expect(failures).toEqual([]);

  await manager.close(Date.now() + 5_000);
  await dispatcher.close();
  await eventLog.close();
  await schedule.close();
  await Promise.all([kafka.stop(), redis.stop()]);
}, 90_000);
