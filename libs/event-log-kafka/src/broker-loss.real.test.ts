import { startKafka, type KafkaPart } from '@hookline/testkit';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { setTimeout as delay } from 'node:timers/promises';
import { Unavailable } from '@hookline/domain';
import { lost, readAll, startLoad } from './acknowledged-load.ts';
import { createKafkaEventLog } from './index.ts';

const PARTITIONS = 4;
const quiet = { debug() {}, info() {}, warn() {}, error() {} };
let kafka: KafkaPart;

beforeAll(async () => {
  kafka = await startKafka();
}, 180_000);

afterAll(() => kafka?.stop(), 60_000);

test('a broker killed with -9 and away for a while: appends, consumers and followers go on, nothing acknowledged is lost', async () => {
  const log = createKafkaEventLog({ brokers: kafka.brokers, clientId: 'loss', log: quiet });
  await log.createTopics([
    { name: 'loss', partitions: PARTITIONS, cleanup: 'delete', retentionMs: 3_600_000, maxBytes: 1_048_576 },
  ]);
  const consumed = new Set<string>();
  const followed = new Set<string>();
  const failures: Error[] = [];
  const onFailure = (error: Error) => void failures.push(error);
  await log.consume({
    group: 'loss',
    topics: ['loss'],
    onFailure,
    handler: {
      async received(batch) {
        for (const record of batch.records) {
          consumed.add(String(record.value));
          batch.done(record.offset);
        }
      },
    },
  });
  await log.follow({
    topic: 'loss',
    onFailure,
    received: async (records) => {
      for (const record of records) followed.add(String(record.value));
    },
  });
  const load = startLoad(log, 'loss', PARTITIONS, [8, 1, 1, 1]);
  await delay(1_500);
  const node = kafka.nodes[0]!;

  await node.kill();
  await delay(500);
  const stalled = load.acknowledged.size;
  expect(stalled).toBeGreaterThan(0);
  await expect(log.append([{ topic: 'loss', value: null }], { deadlineMs: 300 })).rejects.toBeInstanceOf(Unavailable);
  await expect(log.ping(300)).rejects.toBeInstanceOf(Unavailable);
  // Longer than kafkajs' own retries last.
  await delay(12_000);
  await node.start();

  while (load.acknowledged.size < stalled + 500) await delay(100);
  await load.stop();
  const values = new Set(load.acknowledged.values());
  const deadline = Date.now() + 30_000;
  while (Date.now() < deadline && (missing(values, consumed) > 0 || missing(values, followed) > 0)) await delay(100);

  expect([missing(values, consumed), missing(values, followed)]).toEqual([0, 0]);
  expect(failures).toEqual([]);
  expect(load.refused()).toBe(0);
  expect(lost(load, await readAll(log, 'loss'))).toEqual([]);
  await log.close();
}, 90_000);

function missing(expected: ReadonlySet<string>, seen: ReadonlySet<string>): number {
  return [...expected].filter((value) => !seen.has(value)).length;
}
