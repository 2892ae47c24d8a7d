import { sizeOfRecord, type LogRecord, type TopicPartition } from '@hookline/event-log';
import type { KafkaMessage } from 'kafkajs';
import type { FetchedMessage } from 'kafkajs/src/protocol/requests/fetch/v11/response.js';
import { PackedBatch } from './packed-batch.ts';
import { toLogRecord } from './to-log-record.ts';

/** What was fetched of a partition and waits for the handler: batches as they came, unpacked when it is their turn. */
export interface FetchedQueue {
  push(fetched: KafkaMessage | PackedBatch): void;
  /** The next records that are wanted, at least one, where one waits. */
  take(mostRecords: number, mostBytes: number): LogRecord[];
  isEmpty(): boolean;
  records(): number;
  /** As they are here. */
  bytes(): number;
  clear(): void;
}

export interface FetchedQueueOptions extends TopicPartition {
  /** Asked of each record once, in order. */
  isWanted: (record: LogRecord) => boolean;
}

export function createFetchedQueue({ topic, partition, isWanted }: FetchedQueueOptions): FetchedQueue {
  /** Behind what is unpacked. */
  let waiting: (PackedBatch | LogRecord)[] = [];
  let unpacked: LogRecord[] = [];
  let waitingRecords = 0;
  let waitingBytes = 0;
  let unpackedBytes = 0;

  function unpackNext(): void {
    const next = waiting.shift()!;
    count(next, -1);
    if (next instanceof PackedBatch) {
      for (const message of recordsOf(next)) want(toLogRecord(topic, partition, message));
    } else want(next);
  }

  function recordsOf(batch: PackedBatch): FetchedMessage[] {
    try {
      return batch.records();
    } catch (cause) {
      throw new Error(
        `the batch of ${topic}/${partition} up to offset ${batch.offset} can't be read: ${String(cause)}`,
        { cause },
      );
    }
  }

  function want(record: LogRecord): void {
    if (!isWanted(record)) return;
    unpacked.push(record);
    unpackedBytes += sizeOfRecord(record);
  }

  function count(fetched: PackedBatch | LogRecord, times: 1 | -1): void {
    const isPacked = fetched instanceof PackedBatch;
    waitingRecords += times * (isPacked ? fetched.count : 1);
    waitingBytes += times * (isPacked ? fetched.bytes.length : sizeOfRecord(fetched));
  }

  return {
    push(fetched) {
      // At once: a message keeps the whole answer that it was fetched with.
      const own = fetched instanceof PackedBatch ? fetched : toLogRecord(topic, partition, fetched);
      waiting.push(own);
      count(own, 1);
    },
    take(mostRecords, mostBytes) {
      // What is unpacked can be a hundred times what was sent: no more of it than is given, and what is left of one batch.
      while (unpacked.length < mostRecords && unpackedBytes < mostBytes && waiting.length > 0) unpackNext();
      const most = Math.min(mostRecords, unpacked.length);
      let takenBytes = 0;
      let taken = 0;
      for (; taken < most; taken++) {
        const next = takenBytes + sizeOfRecord(unpacked[taken]!);
        if (taken > 0 && next > mostBytes) break;
        takenBytes = next;
      }
      unpackedBytes -= takenBytes;
      return unpacked.splice(0, taken);
    },
    isEmpty: () => unpacked.length === 0 && waiting.length === 0,
    records: () => waitingRecords + unpacked.length,
    bytes: () => waitingBytes + unpackedBytes,
    clear() {
      waiting = [];
      unpacked = [];
      waitingRecords = 0;
      waitingBytes = 0;
      unpackedBytes = 0;
    },
  };
}
