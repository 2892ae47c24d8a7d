import { describe, expect, test } from '@jest/globals';
import kafkajs, { CompressionTypes, type Message } from 'kafkajs';
import fetchResponse, {
  type FetchAnswer,
  type Fetched,
  type FetchedMessage,
} from 'kafkajs/src/protocol/requests/fetch/v11/response.js';
import Produce from 'kafkajs/src/protocol/requests/produce/index.js';
import { PackedBatch } from './packed-batch.ts';
import { decodeFetch } from './quick-fetch.ts';
import { toLogRecord } from './to-log-record.ts';
import { registerZstd } from './zstd-codec.ts';

registerZstd();

const TOPIC = 'webhook.events';
/** Of a produce request (version 7) with one topic and partition, before its record batch. */
const BEFORE_BATCH = 2 + 2 + 4 + 4 + 2 + TOPIC.length + 4 + 4 + 4;
const ATTRIBUTES_AT = 21;

/** A record batch as kafkajs writes it, which begins at that offset. */
async function batchOf(messages: Message[], firstOffset = 0, compression = CompressionTypes.None): Promise<Buffer> {
  const parameters = {
    acks: -1,
    timeout: 1_000,
    producerId: '7',
    compression,
    topicData: [{ topic: TOPIC, partitions: [{ partition: 0, messages, firstSequence: 0 }] }],
  };
  const { buffer } = await Produce.protocol({ version: 7 })(parameters).request.encode();
  const batch = Buffer.from(buffer.subarray(BEFORE_BATCH));
  batch.writeBigInt64BE(BigInt(firstOffset), 0);
  return batch;
}

const int16 = (value: number) => Buffer.from([value >> 8, value & 0xff]);
const int32 = (value: number) => {
  const bytes = Buffer.alloc(4);
  bytes.writeInt32BE(value);
  return bytes;
};
const int64 = (value: number) => {
  const bytes = Buffer.alloc(8);
  bytes.writeBigInt64BE(BigInt(value));
  return bytes;
};

/** An answer with these record sets, a partition each. */
function answer(recordSets: Buffer[], { aborted = int32(0), errorCode = 0, replica = -1 } = {}): Buffer {
  const partitions = recordSets.map((records, partition) =>
    Buffer.concat([
      int32(partition),
      int16(errorCode),
      int64(9_000 + partition),
      int64(8_000),
      int64(3),
      aborted,
      int32(replica),
      int32(records.length),
      records,
    ]),
  );
  const topic = [int16(TOPIC.length), Buffer.from(TOPIC), int32(partitions.length), ...partitions];
  return Buffer.concat([int32(5), int16(0), int32(77), int32(1), ...topic]);
}

/** What becomes of an answer, with the records as whoever consumes them gets them. */
function read({ responses, ...facts }: FetchAnswer) {
  const topics = responses.map(({ topicName, partitions }) => ({
    topicName,
    partitions: partitions
      .filter(({ messages }) => messages.length > 0)
      .map(({ messages, ...rest }) => ({
        ...rest,
        records: messages.flatMap(unpacked).map((message) => toLogRecord(topicName, rest.partition, message)),
      })),
  }));
  return { ...facts, topics };
}

function unpacked(fetched: Fetched): FetchedMessage[] {
  return fetched instanceof PackedBatch ? fetched.records() : [fetched as FetchedMessage];
}

async function expectSame(bytes: Buffer): Promise<ReturnType<typeof read>> {
  const decoded = decodeFetch(bytes);
  expect(decoded).not.toBeNull();
  const ours = read(decoded!);
  expect(ours).toEqual(read(await fetchResponse.decode(bytes)));
  return ours;
}

const AT = String(Date.UTC(2026, 10, 22));
const plain = (text: string): Message => ({ key: 'k', value: Buffer.from(text), headers: { ce_id: text, hl_v: '1' }, timestamp: AT }); // prettier-ignore

describe('an answer to a fetch request is read as kafkajs reads it', () => {
  test.each<[string, Message[]]>([
    ['one record', [plain('a')]],
    ['no key, no value, no headers', [{ key: null, value: null, timestamp: AT }]],
    ['empty key, value and header', [{ key: '', value: Buffer.alloc(0), headers: { a: '' }, timestamp: AT }]],
    [
      'text that is not ASCII',
      [{ key: 'ключ', value: Buffer.from('ü'), headers: { 'ü😀': 'naïve 😀' }, timestamp: AT }],
    ],
    ['a header twice', [{ value: null, headers: { a: ['1', '2'], b: '3' }, timestamp: AT }]],
    ['bytes that are no text', [{ value: null, headers: { a: Buffer.from([0xff, 0]) }, timestamp: AT }]],
    ['times apart', [0, 1, 63, 64, 8_192, 3_000_000_000].map((ms) => ({ ...plain('t'), timestamp: String(+AT + ms) }))],
    ['a time before the first', [plain('1'), { ...plain('0'), timestamp: String(+AT - 5_000_000_000) }]],
    ['many records', Array.from({ length: 1_000 }, (_, n) => plain(`record ${n}`))],
    ['long ones', [{ ...plain('x'.repeat(200_000)), headers: { a: 'y'.repeat(70_000) } }, plain('after')]],
    [
      'names that differ',
      [
        { ...plain('1'), headers: { ab: '1', b: '2' } },
        { ...plain('2'), headers: { ac: '3', b: '4', c: '5' } },
      ],
    ],
  ])('%s', async (_what, messages) => {
    for (const compression of [CompressionTypes.None, CompressionTypes.ZSTD]) {
      const { topics } = await expectSame(answer([await batchOf(messages, 5_000_000_000, compression)]));
      expect(topics[0]!.partitions[0]!.records).toHaveLength(messages.length);
    }
  });

  test('several batches and partitions, some empty', async () => {
    const first = await batchOf([plain('a'), plain('b')], 10);
    const second = await batchOf([plain('c')], 17, CompressionTypes.ZSTD);
    await expectSame(answer([Buffer.concat([first, second]), Buffer.alloc(0), second]));
  });

  test('a partition without records is left out, unless it says something else', () => {
    const partitionsOf = (bytes: Buffer) => decodeFetch(bytes)!.responses[0]!.partitions;
    expect(partitionsOf(answer([Buffer.alloc(0)]))).toEqual([]);
    expect(partitionsOf(answer([Buffer.alloc(0)], { errorCode: 6 }))).toMatchObject([{ errorCode: 6, messages: [] }]);
    expect(partitionsOf(answer([Buffer.alloc(0)], { replica: 2 }))).toMatchObject([{ preferredReadReplica: 2 }]);
  });

  test('the last batch in part only', async () => {
    const whole = await batchOf([plain('a')]);
    for (const length of [1, 20, 60, 61, whole.length - 1]) {
      const { topics } = await expectSame(answer([Buffer.concat([whole, whole.subarray(0, length)])]));
      expect(topics[0]!.partitions[0]!.records).toHaveLength(1);
    }
  });

  test('the time of the append, where the broker says that', async () => {
    const batch = await batchOf([plain('a'), plain('b')]);
    batch.writeInt16BE(0x08, ATTRIBUTES_AT);
    batch.writeBigInt64BE(12_345n, 35);
    const { topics } = await expectSame(answer([batch]));
    expect(topics[0]!.partitions[0]!.records.map(({ timestampMs }) => timestampMs)).toEqual([12_345, 12_345]);
  });

  test('no topics', async () => {
    await expectSame(Buffer.concat([int32(0), int16(70), int32(1), int32(0)]));
  });
});

describe('is left to kafkajs:', () => {
  test.each([
    ['a transaction', 0x10],
    ['a control batch', 0x20],
    ['another compression', kafkajs.CompressionTypes.GZIP],
  ])('%s', async (_what, attributes) => {
    const batch = await batchOf([plain('a')]);
    batch.writeInt16BE(attributes, ATTRIBUTES_AT);
    expect(decodeFetch(answer([batch]))).toBeNull();
  });

  test('an aborted transaction', async () => {
    const aborted = Buffer.concat([int32(1), int64(7), int64(0)]);
    expect(decodeFetch(answer([await batchOf([plain('a')])], { aborted }))).toBeNull();
  });

  test('a message of an older format', async () => {
    const batch = await batchOf([plain('a')]);
    batch[16] = 1;
    expect(decodeFetch(answer([batch]))).toBeNull();
    // Shorter than the fields of a batch of ours, as a small message of an older format is.
    expect(decodeFetch(answer([batch.subarray(0, 40)]))).toBeNull();
  });
});

test('a batch says how many records it holds and which is the last, and keeps nothing of the answer', async () => {
  const bytes = answer([await batchOf([plain('a'), plain('b'), plain('c')], 40, CompressionTypes.ZSTD)]);
  const [batch] = decodeFetch(bytes)!.responses[0]!.partitions[0]!.messages as PackedBatch[];
  expect(batch).toMatchObject({ offset: 42, count: 3 });
  bytes.fill(0);
  expect(batch!.records().map(({ offset }) => offset)).toEqual([40, 41, 42]);
});

test('a record that is longer than it says is no record', async () => {
  const batch = await batchOf([plain('a'), plain('b')]);
  batch[61]! -= 2;
  expect(() => new PackedBatch(batch).records()).toThrow(RangeError);
});

test('more headers than there are bytes for are no record', async () => {
  const batch = await batchOf([{ value: null, timestamp: AT }]);
  // How many there are is the last byte of a record without any: now it says 63.
  batch[batch.length - 1] = 126;
  expect(() => new PackedBatch(batch).records()).toThrow(RangeError);
});
