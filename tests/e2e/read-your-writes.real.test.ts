import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { encodeEvent, TOPICS } from '@hookline/contracts';
import { migrate, openDatabase, type Database } from '@hookline/database';
import { createDispatcher, dispatcherConfig } from '@hookline/dispatcher';
import { systemClock } from '@hookline/domain';
import type { EventLog } from '@hookline/event-log';
import { createKafkaEventLog } from '@hookline/event-log-kafka';
import { createMemoryLimits } from '@hookline/limits-memory';
import { createLog, createMetrics, loadConfig } from '@hookline/service-kit';
import { createReceiver, eventually, startKafka, useRealParts, type KafkaPart } from '@hookline/testkit';
import { join } from 'node:path';
import { openScene, TOKEN, type Scene } from '../../services/registry/src/testing/scene.ts';
import { inParallel } from '../api.ts';

const ROUNDS = 200;
const LANES = 25;
const FEED_DELAY_MS = 500;

const log = createLog('test', 'error');
const parts = useRealParts({ postgres: true });
const closing: (() => Promise<unknown>)[] = [];
let kafka: KafkaPart;
let publisher: EventLog;
let registries: Scene[];
let receiver: Awaited<ReturnType<typeof createReceiver>>;

function openLog(clientId: string): EventLog {
  return createKafkaEventLog({ brokers: kafka.brokers, clientId, log });
}

/** The change feed reaches this dispatcher late. */
function withLateFeed(eventLog: EventLog): EventLog {
  return {
    ...eventLog,
    follow: (options) =>
      eventLog.follow({
        ...options,
        async received(records) {
          await sleep(FEED_DELAY_MS);
          await options.received(records);
        },
      }),
  };
}

const limits = createMemoryLimits({ deduplication: { pendingMs: 1, windowMs: 1, maxKeys: 1 } });

async function startDispatcher(name: string): Promise<void> {
  const config = loadConfig(dispatcherConfig, {
    env: {
      SECURITY_ENCRYPTION_KEY: Buffer.alloc(32, 7).toString('base64'),
      SECURITY_ALLOW_NETWORKS: '127.0.0.0/8',
      DISPATCHER_PORT: '0',
    },
  });
  const eventLog = openLog(name);
  const dispatcher = createDispatcher({
    config,
    eventLog: withLateFeed(eventLog),
    limits,
    localLimits: limits,
    log,
    metrics: createMetrics(name),
    clock: systemClock,
    fail: (error) => {
      throw error;
    },
  });
  await dispatcher.start();
  closing.push(() => dispatcher.close(Date.now() + 5_000).then(() => eventLog.close()));
}

beforeAll(async () => {
  kafka = await startKafka();
  publisher = openLog('publisher');
  await publisher.createTopics(TOPICS);
  const database: Database = await openDatabase({ url: await parts.createDatabase() });
  await migrate(database, join(import.meta.dirname, '../../migrations'));
  registries = [];
  for (const name of ['registry-a', 'registry-b']) {
    const eventLog = openLog(name);
    const scene = await openScene(database, eventLog, { SECURITY_ALLOW_NETWORKS: '127.0.0.0/8' });
    registries.push(scene);
    closing.push(() => scene.stop().then(() => eventLog.close()));
  }
  await Promise.all([startDispatcher('dispatcher-a'), startDispatcher('dispatcher-b')]);
  receiver = await createReceiver({});
  closing.push(
    () => receiver.close(),
    () => publisher.close(),
  );
  closing.push(
    () => database.close(),
    () => kafka.stop(),
  );
}, 300_000);

afterAll(async () => {
  for (const close of closing) await close();
}, 60_000);

let published = 0;
function publish(id: string, type: string): Promise<unknown> {
  published++;
  const event = {
    tenant: 'default',
    id,
    type,
    source: 'test',
    time: new Date().toISOString(),
    data: Buffer.from('{}'),
    contentType: 'application/json',
    acceptedAtMs: Date.now(),
  };
  return publisher.append([encodeEvent(event)]);
}

const arrivedIds = () => receiver.requests.map(({ body }) => (JSON.parse(body.toString()) as { id: string }).id).sort();
const arrival = (id: string) =>
  eventually(() => expect(arrivedIds()).toContain(id), { timeoutMs: 20_000, everyMs: 50 });

test(`an event accepted after a change is matched against it: two registries, two dispatchers, a feed late by ${FEED_DELAY_MS} ms, ${ROUNDS} rounds`, async () => {
  const expected: string[] = [];
  await inParallel(
    Array.from({ length: ROUNDS }, (_, round) => round),
    LANES,
    async (round) => {
      const [one, other] = (round % 2 === 0 ? registries : registries.toReversed()) as [Scene, Scene];
      const settings = (type: string) => ({ url: receiver.url, eventTypes: [type], headers: {} });
      const { id } = await one.call('CreateWebhook', { settings: settings(`first.r${round}`) }, TOKEN.default);
      await publish(`created-${round}`, `first.r${round}`);
      expected.push(`created-${round}`);
      await arrival(`created-${round}`);

      await other.call('ReplaceWebhook', { id, settings: settings(`second.r${round}`) }, TOKEN.default);
      await publish(`no-longer-${round}`, `first.r${round}`);
      await publish(`replaced-${round}`, `second.r${round}`);
      expected.push(`replaced-${round}`);
      await arrival(`replaced-${round}`);

      await one.call('DeleteWebhook', { id }, TOKEN.default);
      await publish(`deleted-${round}`, `second.r${round}`);
    },
  );
  // What must not arrive would have by now.
  await sleep(3_000);
  expect(published).toBe(ROUNDS * 4);
  expect(arrivedIds()).toEqual(expected.sort());
}, 300_000);
