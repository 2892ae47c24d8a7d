import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { encodeEvent, TOPICS } from '@hookline/contracts';
import { migrate, openDatabase } from '@hookline/database';
import { createDispatcher, dispatcherConfig } from '@hookline/dispatcher';
import { BREAKER_POLICY, createId, systemClock } from '@hookline/domain';
import type { EventLog } from '@hookline/event-log';
import { createKafkaEventLog } from '@hookline/event-log-kafka';
import { createMemoryLimits } from '@hookline/limits-memory';
import { createLog, createMetrics, loadConfig } from '@hookline/service-kit';
import { createReceiver, eventually, startKafka, useRealParts, type Receiver } from '@hookline/testkit';
import { openScene, settings, TOKEN, type Scene } from '../../services/registry/src/testing/scene.ts';

/** Two dispatchers that see different parts, one registry, and a period of seconds in place of days. */
const PERIOD = { HOOKLINE_DISABLE_FAILING_AFTER: '4s' };

const log = createLog('test', 'error');
const parts = useRealParts({ postgres: true });
const closing: (() => Promise<unknown>)[] = [];
const limits = createMemoryLimits({
  breaker: { ...BREAKER_POLICY, failuresInARow: 10_000, minOutcomes: 10_000 },
  deduplication: { pendingMs: 1, windowMs: 1, maxKeys: 1 },
});
let publisher: EventLog;
let registry: Scene;
let owner: Receiver;
let receiver: Receiver;

/** Of what the owner is told. */
interface Told {
  type: string;
  data: { webhook_id: string; percent?: number; reason?: string };
}

async function startDispatcher(eventLog: EventLog): Promise<void> {
  const config = loadConfig(dispatcherConfig, {
    env: {
      SECURITY_ENCRYPTION_KEY: Buffer.alloc(32, 7).toString('base64'),
      SECURITY_ALLOW_NETWORKS: '127.0.0.0/8',
      DISPATCHER_PORT: '0',
      ...PERIOD,
    },
  });
  const dispatcher = createDispatcher({
    config,
    eventLog,
    limits,
    localLimits: limits,
    log,
    metrics: createMetrics('dispatcher'),
    clock: systemClock,
    fail: (error) => {
      throw error;
    },
  });
  await dispatcher.start();
  closing.push(() => dispatcher.close(Date.now() + 5_000));
}

beforeAll(async () => {
  const kafka = await startKafka();
  closing.push(() => kafka.stop());
  const openLog = (clientId: string) => {
    const eventLog = createKafkaEventLog({ brokers: kafka.brokers, clientId, log });
    closing.push(() => eventLog.close());
    return eventLog;
  };
  publisher = openLog('publisher');
  await publisher.createTopics(TOPICS);
  const database = await openDatabase({ url: await parts.createDatabase() });
  closing.push(() => database.close());
  await migrate(database, join(import.meta.dirname, '../../migrations'));
  registry = await openScene(database, openLog('registry'), { SECURITY_ALLOW_NETWORKS: '127.0.0.0/8', ...PERIOD });
  closing.push(() => registry.stop());
  await startDispatcher(openLog('dispatcher-a'));
  await startDispatcher(openLog('dispatcher-b'));
  owner = await createReceiver();
  let flaps = 0;
  receiver = await createReceiver({
    respond: ({ path }) => ({ status: path === '/flapping' && ++flaps % 4 === 0 ? 200 : 500 }),
  });
  closing.push(
    () => owner.close(),
    () => receiver.close(),
  );
}, 300_000);

afterAll(async () => {
  for (const close of closing.toReversed()) await close();
}, 60_000);

async function create(url: string, eventTypes: string[]): Promise<string> {
  const { id } = await registry.call('CreateWebhook', { settings: settings({ url, eventTypes }) }, TOKEN.default);
  return id;
}

async function publish(type: string): Promise<void> {
  const event = {
    tenant: 'default',
    id: createId('evt'),
    type,
    source: 'test',
    time: new Date().toISOString(),
    data: Buffer.from('{}'),
    contentType: 'application/json',
    acceptedAtMs: Date.now(),
    maxRetries: 0,
  };
  await publisher.append([encodeEvent(event)]);
}

function told(webhookId: string): Told[] {
  return owner.requests
    .map(({ body }) => JSON.parse(body.toString()) as Told)
    .filter(({ data }) => data.webhook_id === webhookId);
}

test('a webhook that does nothing but fail is disabled after its owner was warned; one that succeeds now and then is not', async () => {
  await create(owner.url, ['webhook.*']);
  const failing = await create(`${receiver.url}/failing`, ['order.lost']);
  const flapping = await create(`${receiver.url}/flapping`, ['order.flapping']);
  const statusOf = async (id: string) => (await registry.call('GetWebhook', { id }, TOKEN.default)).status;
  for (let round = 0; (await statusOf(failing)) === 'enabled' && round < 300; round++) {
    await Promise.all([publish('order.lost'), publish('order.flapping')]);
    await sleep(50);
  }
  expect(await statusOf(failing)).toBe('disabled');
  expect(await statusOf(flapping)).toBe('enabled');
  await eventually(() => expect(told(failing).map(({ type }) => type)).toContain('webhook.disabled'));
  const warnings = told(failing).filter(({ type }) => type === 'webhook.failing');
  expect(warnings.map(({ data }) => data.percent).toSorted((one = 0, other = 0) => one - other)).toEqual([50, 70, 90]);
  expect(told(failing).filter(({ type }) => type === 'webhook.disabled')).toMatchObject([
    { data: { reason: 'failing' } },
  ]);
  expect(told(flapping)).toEqual([]);

  await eventually(async () => {
    const before = receiver.requests.length;
    await publish('order.lost');
    await sleep(300);
    expect(receiver.requests).toHaveLength(before);
  });
}, 120_000);
