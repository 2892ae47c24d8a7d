import { describe, expect, test } from '@jest/globals';
import { GROUP, TOPIC, TOPICS } from './topics.ts';

function topicOf(name: string) {
  return TOPICS.find((topic) => topic.name === name);
}

describe('topics', () => {
  test('every one that has a name is in the table, once', () => {
    expect(TOPICS.map(({ name }) => name).toSorted()).toEqual(Object.values(TOPIC).toSorted());
    expect(new Set(Object.values(TOPIC)).size).toBe(Object.keys(TOPIC).length);
  });

  test('a retry is handed over in the partition of its record', () => {
    expect(topicOf(TOPIC.deliveries)?.partitions).toBe(topicOf(TOPIC.retries)?.partitions);
  });

  test('those whose records are the state of a key are compacted, and no other', () => {
    const compacted = TOPICS.filter(({ cleanup }) => cleanup === 'compact').map(({ name }) => name);
    expect(compacted.toSorted()).toEqual([TOPIC.changes, TOPIC.eventTypes, TOPIC.retries].toSorted());
  });

  test('changes are in one partition, since their order counts', () => {
    expect(topicOf(TOPIC.changes)?.partitions).toBe(1);
  });

  test.each(TOPICS)('$name has room for the largest event, and bounds', ({ partitions, retentionMs, maxBytes }) => {
    expect(partitions).toBeGreaterThanOrEqual(1);
    expect(retentionMs).toBeGreaterThanOrEqual(7 * 86_400_000);
    expect(maxBytes).toBeGreaterThan(2 * 1024 * 1024);
  });

  test('no two groups share their offsets', () => {
    expect(new Set(Object.values(GROUP)).size).toBe(Object.keys(GROUP).length);
  });
});
