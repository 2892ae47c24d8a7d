import { NotFound, TooLarge, Unavailable } from '@hookline/domain';
import type { AppendOptions, NewRecord, Position } from '@hookline/event-log';
import { setTimeout as delay } from 'node:timers/promises';
import type { AppendQueue } from './append-queue.ts';
import type { PartitionChooser } from './choose-partition.ts';
import type { KnownTopics, TopicFacts } from './topic-facts.ts';
import type { PlacedRecord } from './waiting-record.ts';

const DEADLINE_MS = 30_000;
const ASK_AGAIN_MS = 100;
/** The header of a batch, and what compressing the incompressible may add. */
const BATCH_OVERHEAD_BYTES = 512;
/** Of one record: its lengths, deltas and attributes. */
const RECORD_OVERHEAD_BYTES = 24;
const HEADER_OVERHEAD_BYTES = 6;

export interface AppenderOptions {
  topics: KnownTopics;
  queue: AppendQueue;
  chooser: PartitionChooser;
}

export type Append = (records: readonly NewRecord[], options?: AppendOptions) => Promise<Position[]>;

/** Places records (partition, size) and queues them. */
export function createAppend({ topics, queue, chooser }: AppenderOptions): Append {
  return async function append(records, { deadlineMs = DEADLINE_MS } = {}) {
    if (records.length === 0) return [];
    const deadlineAtMs = Date.now() + deadlineMs;
    for (const record of records) {
      if (topics.known(record.topic) === undefined) await learn(record.topic, deadlineAtMs);
    }
    return queue.append(place(records), deadlineAtMs);
  };

  async function learn(topic: string, deadlineAtMs: number): Promise<void> {
    for (;;) {
      const failure = await Promise.race([
        topics.learn(topic).then(
          () => undefined,
          (error: unknown) => error,
        ),
        delay(Math.max(0, deadlineAtMs - Date.now()), 'late', { ref: false }),
      ]);
      if (failure === undefined) return;
      if (Date.now() >= deadlineAtMs) {
        throw failure instanceof NotFound
          ? failure
          : new Unavailable(`topic ${topic} cannot be asked`, { cause: failure });
      }
      await delay(Math.min(ASK_AGAIN_MS, deadlineAtMs - Date.now()));
    }
  }

  function place(records: readonly NewRecord[]): PlacedRecord[] {
    const sends = queue.sends();
    return records.map((record) => {
      const { topic, key, value, headers } = record;
      const facts = topics.known(topic)!;
      const sizeBytes = sizeOf(record);
      const batchBytes = facts.batchBytes - BATCH_OVERHEAD_BYTES;
      if (sizeBytes > batchBytes) throw new TooLarge(`a record of ${sizeBytes} bytes is too large for ${topic}`);
      const partition = record.partition ?? choose(record, facts, sizeBytes, sends);
      const message = { key: key ?? null, value, partition, ...(headers === undefined ? {} : { headers }) };
      return { topic, partition, message, sizeBytes, batchBytes };
    });
  }

  function choose({ topic, key }: NewRecord, { partitions }: TopicFacts, sizeBytes: number, sends: number): number {
    return key === undefined ? chooser.spread(topic, partitions, sizeBytes, sends) : chooser.ofKey(key, partitions);
  }
}

function sizeOf({ key, value, headers }: NewRecord): number {
  let size = RECORD_OVERHEAD_BYTES + (value?.length ?? 0);
  if (key !== undefined) size += Buffer.byteLength(key);
  for (const name in headers) {
    size += HEADER_OVERHEAD_BYTES + Buffer.byteLength(name) + Buffer.byteLength(headers[name]!);
  }
  return size;
}
