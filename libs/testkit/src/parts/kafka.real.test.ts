import { afterEach, describe, expect, test } from '@jest/globals';
import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ConfigResourceTypes, Kafka, logLevel, type Admin } from 'kafkajs';
import { eventually } from '../wait.ts';
import { isAlive } from './cache.ts';
import { createTempDir } from './temp-dir.ts';
import { uniqueName } from './unique-name.ts';
import { startKafka, type KafkaOptions, type KafkaPart } from './kafka.ts';

const open: KafkaPart[] = [];

async function start(options?: KafkaOptions): Promise<KafkaPart> {
  const part = await startKafka(options);
  open.push(part);
  return part;
}

function clientOf({ brokers }: KafkaPart): Kafka {
  return new Kafka({ brokers, logLevel: logLevel.NOTHING, retry: { retries: 10, initialRetryTime: 100 } });
}

async function withAdmin<T>(kafka: Kafka, use: (admin: Admin) => Promise<T>): Promise<T> {
  const admin = kafka.admin();
  await admin.connect();
  try {
    return await use(admin);
  } finally {
    await admin.disconnect();
  }
}

async function produce(kafka: Kafka, topic: string, values: string[]): Promise<void> {
  const producer = kafka.producer();
  await producer.connect();
  await producer.send({ topic, acks: -1, messages: values.map((value) => ({ value })) });
  await producer.disconnect();
}

/** The different values of the topic, sorted: the client may send or read one twice, the broker may not lose one. */
async function readAll(kafka: Kafka, topic: string, count: number): Promise<string[]> {
  const consumer = kafka.consumer({ groupId: uniqueName('read'), maxWaitTimeInMs: 100 });
  const values = new Set<string>();
  await consumer.connect();
  await consumer.subscribe({ topic, fromBeginning: true });
  await consumer.run({
    eachMessage: ({ message }) => {
      values.add(String(message.value));
      return Promise.resolve();
    },
  });
  await eventually(() => expect(values.size).toBeGreaterThanOrEqual(count), { timeoutMs: 30_000 });
  await consumer.disconnect();
  return [...values].sort();
}

afterEach(async () => {
  for (const part of open.splice(0)) await part.stop();
});

describe('Kafka', () => {
  test('one node: keeps its records over kill -9, makes no topic by itself, leaves nothing', async () => {
    const part = await start();
    const kafka = clientOf(part);
    await withAdmin(kafka, (admin) => admin.createTopics({ topics: [{ topic: 'kept', numPartitions: 3 }] }));
    await produce(kafka, 'kept', ['a', 'b', 'c']);
    const [node] = part.nodes;
    const firstPid = node!.pid;
    await node!.kill();
    expect([node!.running, isAlive(firstPid)]).toEqual([false, false]);
    await node!.start();
    expect(await readAll(kafka, 'kept', 3)).toEqual(['a', 'b', 'c']);
    await expect(withAdmin(kafka, (admin) => admin.fetchTopicMetadata({ topics: ['unheard-of'] }))).rejects.toThrow(
      /does not host this topic-partition/,
    );
    await part.stop();
    await part.stop();
    expect([isAlive(node!.pid), existsSync(part.dataDir)]).toEqual([false, false]);
  });

  test('three nodes: replicated to all, acknowledged by two, one may die and come back', async () => {
    const part = await start({ brokers: 3 });
    const kafka = clientOf(part);
    await withAdmin(kafka, async (admin) => {
      await admin.createTopics({ topics: [{ topic: 'replicated', numPartitions: 3 }], waitForLeaders: true });
      const { topics } = await admin.fetchTopicMetadata({ topics: ['replicated'] });
      expect(topics[0]!.partitions.map(({ replicas }) => replicas.length)).toEqual([3, 3, 3]);
      const { resources } = await admin.describeConfigs({
        includeSynonyms: false,
        resources: [{ type: ConfigResourceTypes.TOPIC, name: 'replicated', configNames: ['min.insync.replicas'] }],
      });
      expect(resources[0]?.configEntries[0]?.configValue).toBe('2');
    });
    await produce(kafka, 'replicated', ['before']);

    await part.nodes[0]!.kill();
    await eventually(() => produce(kafka, 'replicated', ['with two']), { timeoutMs: 30_000 });

    await part.nodes[0]!.start();
    const values = await readAll(kafka, 'replicated', 2);
    expect(values).toEqual(expect.arrayContaining(['before', 'with two']));
  }, 180_000);

  test('data in a folder of the caller are there at the next start, on another port too', async () => {
    const folder = await createTempDir('hookline-test');
    writeFileSync(join(folder.path, 'cluster-id'), '-beginsWithADashAsSome');
    const kept = await start({ dataDir: folder.path });
    await withAdmin(clientOf(kept), (admin) => admin.createTopics({ topics: [{ topic: 'kept', numPartitions: 1 }] }));
    await produce(clientOf(kept), 'kept', ['a']);
    await kept.stop();
    const again = await start({ dataDir: kept.dataDir });
    expect(again.brokers).not.toEqual(kept.brokers);
    expect(await readAll(clientOf(again), 'kept', 1)).toEqual(['a']);
    await again.stop();
    await folder.remove();
  });
});
