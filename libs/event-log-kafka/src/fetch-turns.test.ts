import { expect, test } from '@jest/globals';
import ConsumerGroup from 'kafkajs/src/consumer/consumerGroup.js';
import { inTurn, takeFetchTurns } from './fetch-turns.ts';

test('in as many fetches as there are partitions, each comes first once', () => {
  const assigned = [
    { topic: 'a', partitions: [0, 1, 2] },
    { topic: 'b', partitions: [4, 5, 6] },
  ];
  const firsts = Array.from({ length: 6 }, (_, turn) => {
    const [first] = inTurn(assigned, turn);
    return `${first!.topic}${first!.partitions[0]}`;
  });
  expect(firsts.toSorted()).toEqual(['a0', 'a1', 'a2', 'b4', 'b5', 'b6']);
  for (let turn = 0; turn < 6; turn++) {
    const asked = inTurn(assigned, turn).flatMap(({ topic, partitions }) => partitions.map((each) => topic + each));
    expect(asked.toSorted()).toEqual(['a0', 'a1', 'a2', 'b4', 'b5', 'b6']);
  }
});

test.each([[[]], [[{ topic: 'a', partitions: [] }]]])('nothing is asked for of %j', (assigned) => {
  expect(inTurn(assigned, 3)).toEqual(assigned);
});

test('a fetch waits shortly while a partition is paused, and then as long as ever', () => {
  takeFetchTurns();
  const paused: { topic: string; partitions: number[] }[] = [];
  const group = Object.assign(Object.create(ConsumerGroup.prototype) as ConsumerGroup, {
    maxWaitTime: 300,
    subscriptionState: { paused: () => paused },
    preferredReadReplicasPerTopicPartition: {},
    cluster: { findTopicPartitionMetadata: () => [0, 1].map((partitionId) => ({ partitionId, leader: 1 })) },
  });
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
