import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { randomBytes } from 'node:crypto';
import { decodeAttempt, encodeChange, encodeEvent, GROUP, TOPIC, TOPICS } from '@hookline/contracts';
import { createId, deliveryId, systemClock, type Event } from '@hookline/domain';
import type { EventLog } from '@hookline/event-log';
import { createKafkaEventLog } from '@hookline/event-log-kafka';
import { createLog, createMetrics, createSealing, loadConfig } from '@hookline/service-kit';
import { createReceiver, eventually, startKafka, type KafkaPart } from '@hookline/testkit';
import { createDispatcher, dispatcherConfig } from './index.ts';
import { limits } from './testing/limits.ts';

const WEBHOOKS = 10_000;
const log = createLog('test', 'silent');
const KEY = randomBytes(32).toString('base64');
const sealing = createSealing(KEY);
let kafka: KafkaPart;
let eventLog: EventLog;
const closing: (() => Promise<void>)[] = [];

const open = (clientId: string) => createKafkaEventLog({ brokers: kafka.brokers, clientId, log });

beforeAll(async () => {
  kafka = await startKafka();
  eventLog = open('test');
  await eventLog.createTopics(TOPICS);
}, 120_000);

afterAll(async () => {
  for (const close of closing) await close();
  await eventLog.close();
  await kafka.stop();
}, 60_000);

async function startDispatcher(failures: Error[]) {
  const own = open('dispatcher');
  const metrics = createMetrics('dispatcher');
  const config = loadConfig(dispatcherConfig, {
    env: {
      DISPATCHER_PORT: '0',
      SECURITY_ENCRYPTION_KEY: KEY,
      SECURITY_ALLOW_NETWORKS: '127.0.0.0/8',
      // All of them go to one receiver, whose socket takes only so many at once.
      DISPATCHER_MAX_IN_FLIGHT: '100',
    },
  });
  const fail = (error: Error) => failures.push(error);
  const dispatcher = createDispatcher({
    config,
    limits,
    localLimits: limits,
    eventLog: own,
    log,
    metrics,
    clock: systemClock,
    fail,
  });
  closing.unshift(() => own.close());
  await dispatcher.start();
  closing.unshift(() => dispatcher.close(Date.now() + 5_000));
  return {
    async attempts(): Promise<number> {
      const metric = await metrics.getSingleMetric('webhook_delivery_attempts_total')?.get();
      return metric?.values[0]?.value ?? 0;
    },
  };
}

test('one event for 10,000 webhooks is shared by the dispatchers, and each webhook gets it once', async () => {
  const receiver = await createReceiver();
  closing.unshift(() => receiver.close());
  const ids = Array.from({ length: WEBHOOKS }, () => createId('wh'));
  const changes = ids.map((id, revision) =>
    encodeChange(id, revision, {
      id,
      tenant: 'default',
      url: receiver.url,
      eventTypes: ['all.of.them'],
      sealedHeaders: sealing.seal('{}', `headers:${id}`),
      sealedSecrets: sealing.seal('["whsec_MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIz"]', `secrets:${id}`),
      status: 'enabled',
      policy: 'quick',
    }),
  );
  await eventLog.append(changes);
  const failures: Error[] = [];
  const attempted: string[] = [];
  await eventLog.follow({
    topic: TOPIC.attempts,
    received: async (records) => {
      for (const record of records) {
        const decoded = decodeAttempt(record);
        if (decoded.kind === 'attempt') attempted.push(decoded.attempt.deliveryId);
      }
    },
    onFailure: (error) => failures.push(error),
  });
  const dispatchers = [await startDispatcher(failures), await startDispatcher(failures)];
  await eventually(async () => expect(await eventLog.committed(GROUP.dispatcher, TOPIC.events)).toHaveLength(12));

  const event: Event = {
    tenant: 'default',
    id: 'evt_for_all',
    type: 'all.of.them',
    source: '/test',
    time: new Date().toISOString(),
    data: Buffer.from('{"n":1}'),
    contentType: 'application/json',
    acceptedAtMs: Date.now(),
  };
  await eventLog.append([encodeEvent(event)]);
  await eventually(() => expect(attempted.length).toBeGreaterThanOrEqual(WEBHOOKS), { timeoutMs: 60_000, everyMs: 50 });
  const expected = ids.map((id) => deliveryId('default', event.id, id)).sort();
  expect(attempted.sort()).toEqual(expected);
  expect(new Set(receiver.requests.map(({ headers }) => headers['webhook-id'])).size).toBeGreaterThan(WEBHOOKS * 0.95);

  const shares = await Promise.all(dispatchers.map((dispatcher) => dispatcher.attempts()));
  expect(shares.reduce((sum, share) => sum + share)).toBe(WEBHOOKS);
  for (const share of shares) expect(share).toBeGreaterThan(WEBHOOKS / 4);
  for (const topic of [TOPIC.events, TOPIC.deliveries]) {
    await eventually(async () => {
      const [ends, done] = await Promise.all([eventLog.endOffsets(topic), eventLog.committed(GROUP.dispatcher, topic)]);
      expect(ends.map((_end, partition) => done[partition] ?? 0)).toEqual(ends);
    });
  }
  const largest = Math.max(...(await eventLog.endOffsets(TOPIC.deliveries)));
  expect(largest).toBeLessThanOrEqual(2);

  expect(failures).toEqual([]);
}, 120_000);
