import type { AskedPartition, FetchParameters } from 'kafkajs/src/protocol/requests/fetch/index.js';

/** Before its topics: replica, times, sizes, isolation, session. */
const HEAD_BYTES = 4 * 4 + 1 + 4 + 4;
const PARTITION_BYTES = 4 + 4 + 8 + 8 + 4;
/** No replica: a consumer. */
const CONSUMER = -1;
const READ_COMMITTED = 1;
const NO_SESSION_EPOCH = -1;
const UNKNOWN = -1;

/** The body of a fetch request (version 11), its partitions in the order in which they are asked for, those of a topic together. */
export function encodeFetch(parameters: FetchParameters): Buffer {
  const { maxWaitTime, minBytes, maxBytes, isolationLevel = READ_COMMITTED, rackId = '' } = parameters;
  const topics = byTopic(parameters.topics);
  const rack = Buffer.from(rackId);
  const names = [...topics.keys()].map((topic) => Buffer.from(topic));
  let size = HEAD_BYTES + 4 + 4 + 2 + rack.length;
  for (const name of names) size += 2 + name.length + 4;
  for (const partitions of topics.values()) size += partitions.length * PARTITION_BYTES;

  const bytes = Buffer.allocUnsafe(size);
  let at = bytes.writeInt32BE(CONSUMER, 0);
  at = bytes.writeInt32BE(maxWaitTime, at);
  at = bytes.writeInt32BE(minBytes, at);
  at = bytes.writeInt32BE(maxBytes, at);
  at = bytes.writeInt8(isolationLevel, at);
  at = bytes.writeInt32BE(0, at); // no session
  at = bytes.writeInt32BE(NO_SESSION_EPOCH, at);
  at = bytes.writeInt32BE(topics.size, at);
  let index = 0;
  for (const partitions of topics.values()) {
    at = writeText(bytes, names[index++]!, at);
    at = bytes.writeInt32BE(partitions.length, at);
    for (const { partition, fetchOffset, maxBytes: most } of partitions) {
      at = bytes.writeInt32BE(partition, at);
      at = bytes.writeInt32BE(UNKNOWN, at); // leader's epoch
      at = writeOffset(bytes, Number(fetchOffset), at);
      at = writeOffset(bytes, UNKNOWN, at); // start of the follower's log
      at = bytes.writeInt32BE(most, at);
    }
  }
  at = bytes.writeInt32BE(0, at); // no topics to forget
  writeText(bytes, rack, at);
  return bytes;
}

/** kafkajs shuffles the partitions, so that none is always the last, and names a topic anew wherever another one stands between. */
function byTopic(topics: FetchParameters['topics']): Map<string, AskedPartition[]> {
  const together = new Map<string, AskedPartition[]>();
  for (const { topic, partitions } of topics) {
    const before = together.get(topic);
    if (before === undefined) together.set(topic, [...partitions]);
    else before.push(...partitions);
  }
  return together;
}

/** A safe integer, in 64 bits: a BigInt each would be the most of a request's garbage. */
function writeOffset(bytes: Buffer, offset: number, at: number): number {
  return bytes.writeInt32BE(offset | 0, bytes.writeInt32BE(Math.floor(offset / 2 ** 32), at));
}

function writeText(bytes: Buffer, text: Buffer, at: number): number {
  const textAt = bytes.writeInt16BE(text.length, at);
  bytes.set(text, textAt);
  return textAt + text.length;
}
