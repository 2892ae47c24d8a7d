import { startKafka, type KafkaPart } from '@hookline/testkit';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { setTimeout as delay } from 'node:timers/promises';
import { createKafkaEventLog } from './index.ts';

const PARTITIONS = 12;
const BEFORE_MS = 1_000;
const AWAY_MS = 8_000;
const quiet = { debug() {}, info() {}, warn() {}, error() {} };
let kafka: KafkaPart;

beforeAll(async () => {
  kafka = await startKafka({ brokers: 3 });
}, 180_000);

afterAll(() => kafka?.stop(), 60_000);

/** With one copy of each partition, those of a broker that is away can't be written until it is back. */
test('partitions that cannot be written hold up no other, and are written again when they can be', async () => {
  const log = createKafkaEventLog({ brokers: kafka.brokers, clientId: 'unwritable', log: quiet, replicationFactor: 1 });
  await log.createTopics([
    { name: 'unwritable', partitions: PARTITIONS, cleanup: 'delete', retentionMs: 3_600_000, maxBytes: 1_048_576 },
  ]);
  const stop = new AbortController();
  const startedAt = Date.now();
  const outcomes = Array.from({ length: PARTITIONS }, () => ({ appendedAtMs: [0], refused: 0 }));
  const writers = outcomes.map(async (outcome, partition) => {
    while (!stop.signal.aborted) {
      try {
        await log.append([{ topic: 'unwritable', partition, value: null }], { deadlineMs: 5_000 });
        outcome.appendedAtMs.push(Date.now() - startedAt);
      } catch {
        outcome.refused++;
      }
      await delay(20);
    }
  });
  await delay(BEFORE_MS);
  await kafka.nodes[1]!.kill();
  await delay(AWAY_MS);

  const lastAppends = outcomes.map(({ appendedAtMs }) => Date.now() - startedAt - appendedAtMs.at(-1)!);
  const dark = lastAppends.flatMap((agoMs, partition) => (agoMs > 3_000 ? [partition] : []));
  expect(dark).toHaveLength(PARTITIONS / 3);
  for (const [partition, { appendedAtMs, refused }] of outcomes.entries()) {
    if (dark.includes(partition)) continue;
    expect(refused).toBe(0);
    expect(longestGap(appendedAtMs)).toBeLessThan(5_000);
  }

  await kafka.nodes[1]!.start();
  const backAtMs = Date.now() - startedAt;
  while (dark.some((partition) => outcomes[partition]!.appendedAtMs.at(-1)! < backAtMs)) await delay(100);
  stop.abort();
  await Promise.all(writers);
  await log.close();
}, 90_000);

function longestGap(atMs: readonly number[]): number {
  return Math.max(...atMs.slice(1).map((at, index) => at - atMs[index]!));
}
