import { expect, test } from '@jest/globals';
import ConsumerGroup from 'kafkajs/src/consumer/consumerGroup.js';
import { planFetches } from './fetch-plan.ts';

const theirs = Reflect.get(ConsumerGroup.prototype, 'findReadReplicaForPartitions');
planFetches();

function groupWith(overrides: object): ConsumerGroup {
  return Object.assign(Object.create(ConsumerGroup.prototype) as ConsumerGroup, {
    maxWaitTime: 300,
    subscriptionState: { paused: () => [] },
    preferredReadReplicasPerTopicPartition: {},
    logger: { debug() {} },
    cluster: {
      findTopicPartitionMetadata: () => [
        { partitionId: 2, leader: 1 },
        { partitionId: 0, leader: 1 },
        { partitionId: 1, leader: 2 },
        { partitionId: 3, leader: null },
      ],
    },
    ...overrides,
  });
}

test('a fetch waits shortly while a partition is paused, and then as long as ever', () => {
  const paused: { topic: string; partitions: number[] }[] = [];
  const group = groupWith({ subscriptionState: { paused: () => paused } });
  const waitMs = () => {
    group.filterPartitionsByNode('1', [{ topic: 'a', partitions: [0, 1] }]);
    return group.maxWaitTime;
  };
  expect(waitMs()).toBe(300);
  paused.push({ topic: 'a', partitions: [1] });
  expect(waitMs()).toBe(50);
  paused.length = 0;
  expect(waitMs()).toBe(300);
});

test.each([
  ['partitions of two brokers, and one that nobody knows', {}, [0, 1, 2, 7]],
  ['partitions named by texts', {}, ['0', '2']],
  ['none', {}, []],
  ['a replica that would rather be asked', { a: { 0: { nodeId: 3, expireAt: Infinity } } }, [0, 1, 2]],
  ['of another topic', { b: { 0: { nodeId: 3, expireAt: Infinity } } }, [0, 1, 2]],
])('brokers are found as kafkajs finds them: %s', (_what, preferred, partitions) => {
  const group = groupWith({ preferredReadReplicasPerTopicPartition: preferred });
  const found = group.findReadReplicaForPartitions('a', partitions);
  expect(found).toEqual(theirs.call(group, 'a', partitions));
});

test('a partition that has no leader is an error', () => {
  expect(() => groupWith({}).findReadReplicaForPartitions('a', [0, 3])).toThrow('Invalid partition metadata');
});
