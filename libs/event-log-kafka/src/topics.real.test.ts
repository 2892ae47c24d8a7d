import type { EventLog, TopicSpec } from '@hookline/event-log';
import { useRealParts } from '@hookline/testkit';
import { afterEach, expect, test } from '@jest/globals';
import kafkajs from 'kafkajs';
import { createKafkaEventLog } from './index.ts';

const quiet = { debug() {}, info() {}, warn() {}, error() {} };
const parts = useRealParts({ kafka: true });
const open: EventLog[] = [];

afterEach(async () => {
  for (const log of open.splice(0)) await log.close();
});

function openLog(replicationFactor?: number): EventLog {
  const copies = replicationFactor === undefined ? {} : { replicationFactor };
  const log = createKafkaEventLog({ brokers: parts.kafkaBrokers, clientId: 'topics', log: quiet, ...copies });
  open.push(log);
  return log;
}

function spec(name: string): TopicSpec {
  return { name, partitions: 2, cleanup: 'delete', retentionMs: 3_600_000, maxBytes: 1_048_576 };
}

test('a topic with fewer copies than are configured differs; where no number is configured any will do', async () => {
  const copied = spec('topics.copied');
  await openLog(1).createTopics([copied]);
  expect(await openLog(1).checkTopics([copied])).toEqual({ missing: [], wrong: [] });
  expect(await openLog().checkTopics([copied])).toEqual({ missing: [], wrong: [] });
  expect(await openLog(3).checkTopics([copied])).toEqual({
    missing: [],
    wrong: ['topics.copied: replication factor is 1, should be 3'],
  });
});

test('a topic whose segments are not as they are made differs', async () => {
  const made = spec('topics.made');
  const found = spec('topics.found');
  const log = openLog();
  await log.createTopics([made]);
  const admin = new kafkajs.Kafka({ brokers: parts.kafkaBrokers, logLevel: kafkajs.logLevel.NOTHING }).admin();
  await admin.connect();
  await admin.createTopics({
    topics: [
      {
        topic: found.name,
        numPartitions: found.partitions,
        replicationFactor: 1,
        configEntries: [
          { name: 'retention.ms', value: String(found.retentionMs) },
          { name: 'max.message.bytes', value: String(found.maxBytes) },
        ],
      },
    ],
  });
  await admin.disconnect();
  const { wrong } = await log.checkTopics([made, found]);
  expect(wrong).toEqual([
    expect.stringMatching(/^topics\.found: segment\.bytes is \d+, should be 67108864$/),
    expect.stringMatching(/^topics\.found: segment\.ms is \d+, should be 900000$/),
  ]);
});
