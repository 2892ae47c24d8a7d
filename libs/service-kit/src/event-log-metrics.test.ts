import { describe, expect, test } from '@jest/globals';
import { createEventLogMetrics, type EventLogFigures } from './event-log-metrics.ts';
import { createMetrics } from './metrics.ts';

const NOW_MS = 1_800_000_000_000;

async function shown(figures: Partial<EventLogFigures>): Promise<string[]> {
  const metrics = createMetrics('x');
  const nothing: EventLogFigures = { appended: () => [], received: () => [], appending: () => 0, backlog: () => [] };
  createEventLogMetrics(metrics, { ...nothing, ...figures }, () => NOW_MS);
  await metrics.metrics();
  return (await metrics.metrics()).split('\n').filter((line) => line.startsWith('webhook_'));
}

describe('the metrics of the event log', () => {
  test('counts are what they are, however often somebody asks', async () => {
    expect(await shown({ appended: () => [['a', 3]], received: () => [['b', 4]], appending: () => 5 })).toEqual([
      'webhook_kafka_messages_produced_total{topic="a",service="x"} 3',
      'webhook_kafka_messages_consumed_total{topic="b",service="x"} 4',
      'webhook_kafka_produce_queue_depth{service="x"} 5',
    ]);
  });

  test('the lag is the sum of the partitions, the age that of the oldest; a clock that is ahead makes none younger than now', async () => {
    const backlog = [
      { topic: 'a', records: 2, oldestAtMs: NOW_MS - 1_500 },
      { topic: 'a', records: 3, oldestAtMs: NOW_MS - 4_500 },
      { topic: 'a', records: 0, oldestAtMs: null },
      { topic: 'b', records: 1, oldestAtMs: NOW_MS + 60_000 },
      { topic: 'c', records: 0, oldestAtMs: null },
    ];
    expect((await shown({ backlog: () => backlog })).filter((line) => !line.includes('produce_queue'))).toEqual([
      'webhook_kafka_consumer_lag{topic="a",service="x"} 5',
      'webhook_kafka_consumer_lag{topic="b",service="x"} 1',
      'webhook_kafka_consumer_lag{topic="c",service="x"} 0',
      'webhook_kafka_oldest_record_age_seconds{topic="a",service="x"} 4.5',
      'webhook_kafka_oldest_record_age_seconds{topic="b",service="x"} 0',
      'webhook_kafka_oldest_record_age_seconds{topic="c",service="x"} 0',
    ]);
  });
});
