import { Unavailable } from '@hookline/domain';
import type { Position } from '@hookline/event-log';
import type { Message } from 'kafkajs';
import { setTimeout as delay } from 'node:timers/promises';
import { partitionName } from './check-answer.ts';
import type { Acknowledged, PartitionBatch } from './guarded-send.ts';
import type { Log } from './log.ts';

const REQUEST_BYTES = 1024 * 1024;
const REQUEST_RECORDS = 2_000;
const SWEEP_MS = 100;
const FIRST_PAUSE_MS = 50;
const LONGEST_PAUSE_MS = 1_000;

export interface PlacedRecord {
  topic: string;
  partition: number;
  message: Message;
  sizeBytes: number;
  /** The largest batch that the partition takes. */
  batchBytes: number;
}

export interface AppendQueueOptions {
  send: (batches: readonly PartitionBatch[], acknowledged: (done: Acknowledged) => void) => Promise<void>;
  mostQueuedBytes: number;
  mostQueuedRecords: number;
  log: Log;
}

export interface AppendQueue {
  append(records: readonly PlacedRecord[], deadlineAtMs: number): Promise<Position[]>;
  /** How many sends have begun: it changes when what was gathered has gone. */
  sends(): number;
  /** Sends what waits, for at most so long; rejects the rest. */
  close(graceMs: number): Promise<void>;
}

interface Call {
  positions: Position[];
  remaining: number;
  deadlineAtMs: number;
  settled: boolean;
  resolve(positions: Position[]): void;
  reject(error: Error): void;
}

interface Waiting extends PlacedRecord {
  call: Call;
  index: number;
}

/** Gathers what is appended while a send is under way; what comes while none is goes at once. One send at a time keeps the order. */
export function createAppendQueue(options: AppendQueueOptions): AppendQueue {
  const { send, log } = options;
  const calls = new Set<Call>();
  let waiting: Waiting[] = [];
  let waitingBytes = 0;
  let sends = 0;
  let running: Promise<void> | undefined;
  let sweeper: NodeJS.Timeout | undefined;
  let closed = false;

  function append(records: readonly PlacedRecord[], deadlineAtMs: number): Promise<Position[]> {
    const sizeBytes = records.reduce((sum, record) => sum + record.sizeBytes, 0);
    if (closed) return Promise.reject(new Unavailable('the event log is closed'));
    // A call beyond the bounds by itself is let in when nothing else waits.
    const full =
      waitingBytes + sizeBytes > options.mostQueuedBytes || waiting.length + records.length > options.mostQueuedRecords;
    if (full && waiting.length > 0) return Promise.reject(new Unavailable('too much waits to be appended'));
    return new Promise((resolve, reject) => {
      const call: Call = {
        positions: [],
        remaining: records.length,
        deadlineAtMs,
        settled: false,
        resolve,
        reject,
      };
      calls.add(call);
      for (let index = 0; index < records.length; index++) waiting.push({ ...records[index]!, call, index });
      waitingBytes += sizeBytes;
      sweeper ??= setInterval(sweep, SWEEP_MS);
      running ??= run();
    });
  }

  function settle(call: Call, error?: Error): void {
    if (call.settled) return;
    call.settled = true;
    calls.delete(call);
    if (error === undefined) call.resolve(call.positions);
    else call.reject(error);
    if (calls.size === 0) {
      clearInterval(sweeper);
      sweeper = undefined;
    }
  }

  function sweep(): void {
    const now = Date.now();
    for (const call of calls) {
      if (call.deadlineAtMs <= now) settle(call, new Unavailable('not appended by the deadline'));
    }
  }

  async function run(): Promise<void> {
    // What other callers append in this turn of the event loop goes along.
    await new Promise((resolve) => setImmediate(resolve));
    let pauseMs = FIRST_PAUSE_MS;
    for (;;) {
      const taken = take();
      if (taken.length === 0) break;
      sends++;
      const failed = await sendTogether(taken);
      if (failed.length === 0) {
        pauseMs = FIRST_PAUSE_MS;
        continue;
      }
      waiting = failed.concat(waiting);
      waitingBytes += bytesOf(failed);
      await delay(pauseMs);
      pauseMs = Math.min(pauseMs * 2, LONGEST_PAUSE_MS);
    }
    running = undefined;
  }

  /** The next records for one request, in order; leaves out those whose call has been given up. */
  function take(): Waiting[] {
    const taken: Waiting[] = [];
    const bytes = new Map<string, number>();
    let total = 0;
    let next = 0;
    for (; next < waiting.length && taken.length < REQUEST_RECORDS; next++) {
      const record = waiting[next]!;
      if (record.call.settled) continue;
      const name = partitionName(record.topic, record.partition);
      const ofPartition = (bytes.get(name) ?? 0) + record.sizeBytes;
      if (taken.length > 0 && (total + record.sizeBytes > REQUEST_BYTES || ofPartition > record.batchBytes)) break;
      bytes.set(name, ofPartition);
      total += record.sizeBytes;
      taken.push(record);
    }
    const gone = next === waiting.length ? waiting : waiting.slice(0, next);
    waiting = next === waiting.length ? [] : waiting.slice(next);
    waitingBytes -= bytesOf(gone);
    return taken;
  }

  /** Gives back what has to be sent again. */
  async function sendTogether(taken: Waiting[]): Promise<Waiting[]> {
    const failed = await sendSome(taken);
    const topics = new Set(failed.map(({ topic }) => topic));
    if (topics.size <= 1) return failed;
    // One topic that can't be written must not hold up the others.
    const still: Waiting[] = [];
    for (const topic of topics) still.push(...(await sendSome(failed.filter((record) => record.topic === topic))));
    return still;
  }

  async function sendSome(records: Waiting[]): Promise<Waiting[]> {
    const groups = new Map<PartitionBatch, Waiting[]>();
    for (const batch of groupByPartition(records)) groups.set(batch.batch, batch.records);
    try {
      await send([...groups.keys()], ({ batch, baseOffset }) => {
        acknowledge(groups.get(batch)!, baseOffset);
        groups.delete(batch);
      });
    } catch (error) {
      log.warn({ error: String(error), records: records.length }, 'append.failed');
    }
    if (groups.size === 0) return [];
    const left = new Set([...groups.values()].flat());
    return records.filter((record) => left.has(record));
  }

  function acknowledge(records: Waiting[], baseOffset: number): void {
    for (let order = 0; order < records.length; order++) {
      const { call, index, topic, partition } = records[order]!;
      call.positions[index] = { topic, partition, offset: baseOffset + order };
      if (--call.remaining === 0) settle(call);
    }
  }

  return {
    append,
    sends: () => sends,
    async close(graceMs) {
      if (closed) return;
      closed = true;
      const deadline = new AbortController();
      await Promise.race([running, delay(graceMs, undefined, { signal: deadline.signal }).catch(() => {})]);
      deadline.abort();
      for (const call of calls) settle(call, new Unavailable('the event log was closed before it was appended'));
    },
  };
}

function groupByPartition(records: readonly Waiting[]): { batch: PartitionBatch; records: Waiting[] }[] {
  const groups = new Map<string, { batch: PartitionBatch; records: Waiting[] }>();
  for (const record of records) {
    const name = partitionName(record.topic, record.partition);
    let group = groups.get(name);
    if (group === undefined) {
      const { topic, partition } = record;
      group = { batch: { topic, partition, messages: [], sizeBytes: 0 }, records: [] };
      groups.set(name, group);
    }
    group.batch.messages.push(record.message);
    group.batch.sizeBytes += record.sizeBytes;
    group.records.push(record);
  }
  return [...groups.values()];
}

function bytesOf(records: readonly PlacedRecord[]): number {
  return records.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);
}
