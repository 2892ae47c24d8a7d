import type { Position } from '@hookline/event-log';
import type { Message } from 'kafkajs';
import type { PartitionBatch } from './guarded-send.ts';

const REQUEST_BYTES = 1024 * 1024;
const REQUEST_RECORDS = 2_000;

export interface PlacedRecord {
  topic: string;
  partition: number;
  message: Message;
  sizeBytes: number;
  /** The largest batch that the partition takes. */
  batchBytes: number;
}

export interface Call {
  positions: Position[];
  remaining: number;
  deadlineAtMs: number;
  settled: boolean;
  resolve(positions: Position[]): void;
  reject(error: Error): void;
}

export interface Waiting extends PlacedRecord {
  /** Of its partition; see `partitionName`. */
  name: string;
  call: Call;
  index: number;
}

/** The next records for one request, in order, without those whose call has been given up; what remains, and the size of what doesn't. */
export function takeRequest(waiting: Waiting[]): { taken: Waiting[]; rest: Waiting[]; goneBytes: number } {
  const taken: Waiting[] = [];
  const bytes = new Map<string, number>();
  let total = 0;
  let goneBytes = 0;
  let next = 0;
  for (; next < waiting.length && taken.length < REQUEST_RECORDS; next++) {
    const record = waiting[next]!;
    if (record.call.settled) {
      goneBytes += record.sizeBytes;
      continue;
    }
    const ofPartition = (bytes.get(record.name) ?? 0) + record.sizeBytes;
    if (taken.length > 0 && (total + record.sizeBytes > REQUEST_BYTES || ofPartition > record.batchBytes)) break;
    bytes.set(record.name, ofPartition);
    total += record.sizeBytes;
    taken.push(record);
  }
  return { taken, rest: next === waiting.length ? [] : waiting.slice(next), goneBytes: goneBytes + total };
}

export function groupByPartition(records: readonly Waiting[]): { batch: PartitionBatch; records: Waiting[] }[] {
  const groups = new Map<string, { batch: PartitionBatch; records: Waiting[] }>();
  for (const record of records) {
    let group = groups.get(record.name);
    if (group === undefined) {
      const { topic, partition } = record;
      group = { batch: { topic, partition, messages: [], sizeBytes: 0 }, records: [] };
      groups.set(record.name, group);
    }
    group.batch.messages.push(record.message);
    group.batch.sizeBytes += record.sizeBytes;
    group.records.push(record);
  }
  return [...groups.values()];
}

export function bytesOf(records: readonly PlacedRecord[]): number {
  return records.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);
}
