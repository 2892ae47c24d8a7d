import { describe, expect, test } from '@jest/globals';
import type { Message } from 'kafkajs';
import groupMessagesPerPartition from 'kafkajs/src/producer/groupMessagesPerPartition.js';
import { PlacedMessages } from './placed-messages.ts';

const MESSAGES = Array.from({ length: 300 }, (_, index): Message => ({
  value: `${index}`,
  partition: (index * 7) % 5,
}));
const partitionMetadata = [0, 1, 2, 3, 4].map((partitionId) => ({ partitionId, leader: 0 }));

function grouped(messages: Message[]) {
  const partitioner = ({ message }: { message: Message }) => message.partition as number;
  return groupMessagesPerPartition({ topic: 't', partitionMetadata, messages, partitioner });
}

describe('placed messages', () => {
  test('are grouped as kafkajs groups a plain list', () => {
    expect(grouped(new PlacedMessages(...MESSAGES))).toEqual(grouped([...MESSAGES]));
    expect(grouped(new PlacedMessages())).toEqual({});
  });

  test('are reduced like any other list to anything else', () => {
    const messages = new PlacedMessages(...MESSAGES);
    expect(messages.reduce((sum, { partition }) => sum + (partition as number), 0)).toBe(600);
    expect(messages.map(({ partition }) => partition)).not.toBeInstanceOf(PlacedMessages);
    expect(new PlacedMessages({ value: 'a' }).reduce((all, { value }) => ({ ...all, value }), {})).toEqual({
      value: 'a',
    });
  });
});
