import { startKafka, type KafkaPart } from '@hookline/testkit';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { setTimeout as delay } from 'node:timers/promises';
import { Kafka, logLevel } from 'kafkajs';
import { lost, readAll, startLoad } from './acknowledged-load.ts';
import { createKafkaEventLog } from './index.ts';

const PARTITIONS = 12;
let kafka: KafkaPart;

beforeAll(async () => {
  kafka = await startKafka({ brokers: 3 });
}, 180_000);

afterAll(() => kafka?.stop(), 60_000);

test('three brokers, a leader killed with -9 under load: every acknowledged record is in the log', async () => {
  const warnings: string[] = [];
  const log = createKafkaEventLog({
    brokers: kafka.brokers,
    clientId: 'failover',
    log: { debug() {}, info() {}, error() {}, warn: (_fields, event) => void warnings.push(event) },
  });
  await log.createTopics([
    { name: 'failover', partitions: PARTITIONS, cleanup: 'delete', retentionMs: 3_600_000, maxBytes: 1_048_576 },
  ]);
  const load = startLoad(log, 'failover', PARTITIONS, [24, 24, 24, 1, 1, 1, 1, 5]);
  await acknowledges(load, 500);
  const before = load.acknowledged.size;

  await kafka.nodes[await leaderOf('failover', 0)]!.kill();
  await acknowledges(load, 2_000);
  await load.stop();

  const found = await readAll(log, 'failover');
  expect(load.acknowledged.size).toBeGreaterThan(before);
  expect(lost(load, found)).toEqual([]);
  expect(load.refused()).toBe(0);
  await log.close();
}, 90_000);

/** The index of the node that leads a partition. */
async function leaderOf(topic: string, partition: number): Promise<number> {
  const admin = new Kafka({ brokers: kafka.brokers, logLevel: logLevel.NOTHING }).admin();
  await admin.connect();
  const [[description], { brokers }] = await Promise.all([
    admin.fetchTopicMetadata({ topics: [topic] }).then(({ topics }) => topics),
    admin.describeCluster(),
  ]);
  await admin.disconnect();
  const leader = description?.partitions.find(({ partitionId }) => partitionId === partition)?.leader;
  const port = brokers.find(({ nodeId }) => nodeId === leader)?.port;
  return kafka.nodes.findIndex((node) => node.port === port);
}

/** Waits until so many more records are acknowledged. */
async function acknowledges(load: { acknowledged: Map<string, string> }, more: number): Promise<void> {
  const target = load.acknowledged.size + more;
  while (load.acknowledged.size < target) await delay(100);
}
