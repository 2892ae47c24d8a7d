import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals';
import { CompressionTypes, type Message } from 'kafkajs';
import Produce, { type ProduceParameters } from 'kafkajs/src/protocol/requests/produce/index.js';
import { encodeProduce } from './quick-produce.ts';
import { registerZstd } from './zstd-codec.ts';

registerZstd();
beforeEach(() => {
  jest.useFakeTimers({ now: Date.UTC(2026, 10, 22), doNotFake: ['setImmediate', 'nextTick'] });
});
afterEach(() => {
  jest.useRealTimers();
});

/** What kafkajs itself would send. */
async function reference(parameters: ProduceParameters): Promise<Buffer> {
  return (await Produce.protocol({ version: 7 })(parameters).request.encode()).buffer;
}

function request(messages: Message[][], compression = CompressionTypes.None): ProduceParameters {
  const partitions = messages.map((ofPartition, partition) => ({
    partition,
    messages: ofPartition,
    firstSequence: partition * 1_000_000,
  }));
  return {
    acks: -1,
    timeout: 10_000,
    transactionalId: undefined,
    producerId: '9007199254740993',
    producerEpoch: 3,
    compression,
    topicData: [
      { topic: 'webhook.events', partitions },
      { topic: 'тема', partitions: partitions.slice(0, 1) },
    ],
  };
}

const many = (count: number, bytes: number) =>
  Array.from({ length: count }, (_, index) => ({
    key: null,
    value: Buffer.alloc(bytes, index),
    headers: { ce_id: `id-${index}` },
  }));

const ofSize = (bytes: number) => ({ key: 'k', value: Buffer.alloc(bytes), headers: {} });

describe('a produce request is byte for byte what kafkajs writes', () => {
  test.each<[string, Message[][]]>([
    ['one record', [[{ key: 'key', value: Buffer.from('{"a":1}'), headers: { ce_id: '1', 'content-type': 'x' } }]]],
    ['no key, no value, no headers', [[{ key: null, value: null }]]],
    ['empty key, value and header', [[{ key: '', value: Buffer.alloc(0), headers: { a: '' } }]]],
    ['text that is not ASCII', [[{ key: 'ключ', value: Buffer.from('ü'), headers: { 'ü😀': 'naïve 😀\ud800' } }]]],
    ['a header that is longer than ASCII would be', [[{ value: null, headers: { a: 'é'.repeat(50) } }]]],
    ['one that grows past a varint by it', [[{ value: Buffer.alloc(30), headers: { a: 'é'.repeat(20) } }, ofSize(1)]]],
    ['several partitions', [[ofSize(1), ofSize(2)], [ofSize(3)], many(3, 10)]],
    ['many records', [many(2_000, 40)]],
    ['large records', [[ofSize(1_000_000), ofSize(3)]]],
    ['sizes around those of varints', [[54, 55, 56, 57, 58, 8_180, 8_182, 8_184, 8_186, 8_188, 8_190].map(ofSize)]],
    ['long headers', [[{ value: Buffer.from('1'), headers: { a: 'x'.repeat(10_000), b: 'ü'.repeat(10_000) } }]]],
  ])('%s', async (_what, messages) => {
    for (const compression of [CompressionTypes.None, CompressionTypes.ZSTD]) {
      const parameters = request(messages, compression);
      expect(encodeProduce(parameters)?.equals(await reference(parameters))).toBe(true);
    }
  });
});

test('a request stays as it is while others are written, a large one too', async () => {
  const [small, large] = [request([[ofSize(10)]]), request([[{ value: Buffer.alloc(3_000_000, 'x') }]])];
  const [first, second, third] = [encodeProduce(small)!, encodeProduce(large)!, encodeProduce(small)!];
  expect(first.equals(await reference(small))).toBe(true);
  expect(second.equals(await reference(large))).toBe(true);
  expect(third.equals(first)).toBe(true);
});

test.each<[string, Partial<ProduceParameters>, Message]>([
  ['a transaction', { transactionalId: 't' }, ofSize(1)],
  ['another compression', { compression: CompressionTypes.GZIP }, ofSize(1)],
  ['a timestamp', {}, { value: null, timestamp: '1' }],
  ['a key of bytes', {}, { value: null, key: Buffer.from('a') }],
  ['a value that is text', {}, { value: 'text' }],
  ['a header of bytes', {}, { value: null, headers: { a: Buffer.from('a') } }],
  ['a header twice', {}, { value: null, headers: { a: ['1', '2'] } }],
])('what has %s is left to kafkajs', (_what, different, message) => {
  expect(encodeProduce({ ...request([[message]]), ...different })).toBeNull();
});
