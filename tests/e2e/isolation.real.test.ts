import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { decodeState, encodeChange, encodeEvent, TOPIC, TOPICS, type StateChange } from '@hookline/contracts';
import { createDispatcher, dispatcherConfig } from '@hookline/dispatcher';
import { createId, systemClock, type DeliverySettings } from '@hookline/domain';
import type { EventLog } from '@hookline/event-log';
import { createKafkaEventLog } from '@hookline/event-log-kafka';
import { createMemoryLimits } from '@hookline/limits-memory';
import { createRedisLimits } from '@hookline/limits-redis';
import { createRetryManager, retryManagerConfig } from '@hookline/retry-manager';
import { createRedisRetrySchedule } from '@hookline/retry-schedule-redis';
import { createLog, createMetrics, createSealing, loadConfig } from '@hookline/service-kit';
import {
  createReceiver,
  eventually,
  startKafka,
  startRedis,
  type KafkaPart,
  type Receiver,
  type ReceiverOptions,
  type RedisPart,
} from '@hookline/testkit';

const log = createLog('test', 'silent');
const KEY = Buffer.alloc(32, 7).toString('base64');
const sealing = createSealing(KEY);
const DEDUPLICATION = { pendingMs: 1, windowMs: 1, maxKeys: 1 };
const BREAKER = {
  failuresInARow: 5,
  failurePercent: 70,
  minOutcomes: 10,
  windowMs: 300_000,
  openMs: 2_000,
  maxOpenMs: 600_000,
};

let kafka: KafkaPart;
let redis: RedisPart;
let eventLog: EventLog;
let revision = 0;
const failures: Error[] = [];
const states: StateChange[] = [];
const closing: (() => Promise<unknown>)[] = [];
const receivers: Receiver[] = [];
const dispatchers = ['one', 'two'].map((name) => ({ name, metrics: createMetrics(name) }));

beforeAll(async () => {
  [kafka, redis] = await Promise.all([startKafka(), startRedis()]);
  eventLog = openLog('test');
  await eventLog.createTopics(TOPICS);
  await eventLog.follow({
    topic: TOPIC.attempts,
    received: async (records) => {
      for (const record of records) {
        const decoded = record.headers['hl_kind'] === 'state' ? decodeState(record) : null;
        if (decoded?.kind === 'state') states.push(decoded.change);
      }
    },
    onFailure: (error) => failures.push(error),
  });
  const ample = { deliveries: 1_000_000, bytes: 1_000_000_000 };
  const bounds = { webhook: ample, tenant: ample };
  const schedule = createRedisRetrySchedule({ url: redis.url, partitions: 12, bounds, log });
  const manager = createRetryManager({
    config: loadConfig(retryManagerConfig, { env: { RETRY_MANAGER_PORT: '0' } }),
    eventLog,
    schedule,
    log,
    metrics: createMetrics('retry-manager'),
    clock: systemClock,
    fail: (error) => failures.push(error),
    sabotage: undefined,
  });
  await manager.start();
  closing.push(() => manager.close(Date.now() + 5_000).then(() => schedule.close()));
  for (const dispatcher of dispatchers) await startDispatcher(dispatcher);
});

afterEach(async () => {
  for (const receiver of receivers.splice(0)) await receiver.close();
  expect(failures).toEqual([]);
});

afterAll(async () => {
  for (const close of closing.toReversed()) await close();
  await eventLog.close();
  await Promise.all([kafka.stop(), redis.stop()]);
});

describe('two dispatchers', () => {
  test('keep a webhook’s rate together; what waits says so, and comes back once', async () => {
    const receiver = await receive();
    const webhookId = await register(receiver.url, { rateLimit: { limit: 20, windowMs: 1_000 } });
    await publish(webhookId, 400);
    await receiver.waitFor(400, 90_000);
    // A place may be used half a second late, so a moment says little: sixty more take three seconds, and half of that if twice the rate were sent.
    const times = receiver.requests.map(({ atMs }) => atMs).toSorted((a, b) => a - b);
    for (let from = 0; from + 60 < times.length; from++)
      expect(times[from + 60]! - times[from]!).toBeGreaterThan(2_000);
    const waited = states.filter((state) => state.webhookId === webhookId);
    expect(waited.length).toBeGreaterThan(100);
    for (const { state, reason, nextAttemptAtMs, attempts } of waited) {
      expect([state, reason, attempts]).toEqual(['deferred', 'rate_limited', 0]);
      expect(nextAttemptAtMs).toBeGreaterThan(0);
    }
    const trips =
      sum(await eventLog.endOffsets(TOPIC.deliveries)) / new Set(waited.map((each) => each.deliveryId)).size;
    expect(trips).toBeLessThan(1.5);
    expect(new Set(receiver.requests.map(({ headers }) => headers['webhook-id'])).size).toBe(400);
  });

  test('share a webhook’s breaker: while it is open one request at a time goes out, and nothing is lost', async () => {
    let heals = false;
    const receiver = await receive(() => ({ status: heals ? 200 : 500 }));
    const webhookId = await register(receiver.url);
    await publish(webhookId, 200);
    await eventually(async () => expect(sum(await open())).toBeGreaterThan(0), { timeoutMs: 20_000 });
    await eventually(() => expect(states.some(({ reason }) => reason === 'breaker_open')).toBe(true));
    const atFirst = receiver.requests.length;
    // Both had begun before either had heard of it: some, and not most of the two hundred.
    expect(atFirst).toBeLessThanOrEqual(80);
    await eventually(() => expect(receiver.requests.length).toBeGreaterThan(atFirst), { timeoutMs: 20_000 });
    // Open for 2 s, 4 s, 8 s: in the ten seconds after the first probe there are two more at most.
    await new Promise((resolve) => setTimeout(resolve, 8_000));
    expect(receiver.requests.length).toBeLessThanOrEqual(atFirst + 4);
    heals = true;
    await eventually(
      () => expect(new Set(receiver.requests.map(({ headers }) => headers['webhook-id'])).size).toBe(200),
      { timeoutMs: 60_000, everyMs: 200 },
    );
    await eventually(async () => expect(Math.min(...(await open()))).toBe(0), { timeoutMs: 20_000 });
    const succeeded = receiver.requests.length - 200;
    expect(succeeded).toBeLessThanOrEqual(atFirst + 4);
  });

  test('without Redis go on by themselves, openly, and never beyond the rate', async () => {
    await redis.kill();
    try {
      const receiver = await receive();
      const webhookId = await register(receiver.url, { rateLimit: { limit: 20, windowMs: 1_000 } });
      await publish(webhookId, 60);
      await receiver.waitFor(60, 60_000);
      const times = receiver.requests.map(({ atMs }) => atMs).toSorted((a, b) => a - b);
      expect(times[59]! - times[0]!).toBeGreaterThan(1_400);
      const failed = await Promise.all(
        dispatchers.map(({ metrics }) => valueOf(metrics, 'webhook_limits_failures_total')),
      );
      expect(Math.max(...failed)).toBeGreaterThan(0);
    } finally {
      await redis.start();
    }
  });
});

async function startDispatcher({ name, metrics }: (typeof dispatchers)[number]): Promise<void> {
  const own = openLog(name);
  const limits = createRedisLimits({
    url: redis.url,
    keyPrefix: 'isolation',
    breaker: BREAKER,
    deduplication: DEDUPLICATION,
    log,
  });
  const dispatcher = createDispatcher({
    config: loadConfig(dispatcherConfig, {
      env: {
        DISPATCHER_PORT: '0',
        SECURITY_ENCRYPTION_KEY: KEY,
        SECURITY_ALLOW_NETWORKS: '127.0.0.0/8',
        RETRY_MANAGER_MAX_RETRIES: '20',
      },
    }),
    eventLog: own,
    limits,
    localLimits: createMemoryLimits({ breaker: BREAKER, deduplication: DEDUPLICATION }),
    log,
    metrics,
    clock: systemClock,
    fail: (error) => failures.push(error),
  });
  await dispatcher.start();
  closing.push(async () => {
    await dispatcher.close(Date.now() + 5_000);
    await own.close();
    await limits.close();
  });
  ports.push(dispatcher.port());
}

const ports: number[] = [];

/** Open breakers, as each dispatcher says. */
function open(): Promise<number[]> {
  return Promise.all(ports.map(async (port) => metricOf(await text(port), 'webhook_circuit_breaker_open')));
}

async function text(port: number): Promise<string> {
  return (await fetch(`http://127.0.0.1:${port}/metrics`)).text();
}

function metricOf(metrics: string, name: string): number {
  let value = 0;
  for (const line of metrics.split('\n')) if (line.startsWith(name)) value += Number(line.split(' ').at(-1));
  return value;
}

async function valueOf(metrics: ReturnType<typeof createMetrics>, name: string): Promise<number> {
  return metricOf(await metrics.metrics(), name);
}

function openLog(name: string): EventLog {
  return createKafkaEventLog({ brokers: kafka.brokers, clientId: name, log });
}

async function receive(respond?: ReceiverOptions['respond']): Promise<Receiver> {
  const receiver = await createReceiver(respond === undefined ? {} : { respond });
  receivers.push(receiver);
  return receiver;
}

async function register(url: string, delivery: DeliverySettings = {}): Promise<string> {
  const id = createId('wh');
  await eventLog.append([
    encodeChange(id, ++revision, {
      id,
      tenant: 'default',
      url,
      eventTypes: [id],
      sealedHeaders: sealing.seal('{}', `headers:${id}`),
      sealedSecrets: sealing.seal('["whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"]', `secrets:${id}`),
      status: 'enabled',
      policy: 'quick',
      delivery,
    }),
  ]);
  return id;
}

async function publish(webhookId: string, count: number): Promise<void> {
  const nowMs = Date.now();
  await eventLog.append(
    Array.from({ length: count }, () =>
      encodeEvent({
        tenant: 'default',
        id: createId('evt'),
        type: webhookId,
        source: 'test',
        time: new Date(nowMs).toISOString(),
        data: Buffer.from('{}'),
        contentType: 'application/json',
        acceptedAtMs: nowMs,
      }),
    ),
  );
}

function sum(values: number[]): number {
  return values.reduce((all, value) => all + value, 0);
}
