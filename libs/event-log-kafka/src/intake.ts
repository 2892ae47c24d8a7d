import {
  createOffsetTracker,
  decodeDoneMap,
  type Backlog,
  type Committable,
  type LogRecord,
  type OffsetTracker,
  type RecordHandler,
  type TopicPartition,
} from '@hookline/event-log';
import type { KafkaMessage } from 'kafkajs';
import { createFetchedQueue } from './fetched-queue.ts';
import type { PackedBatch } from './packed-batch.ts';

export interface Ahead {
  records: number;
  bytes: number;
}

export interface IntakeOptions extends TopicPartition {
  handler: RecordHandler;
  maxBatchRecords: number;
  /** Of the records that wait for the handler, and of those that it is given at once: about so many. */
  ahead: () => Ahead;
  /** Whether it matters what is done. */
  commits: boolean;
  /** The handler is called only after this. */
  after?: Promise<void>;
  /** Something may be committed that could not before. */
  onDone: () => void;
  /** After having been full, there is room again. */
  onRoom: () => void;
  onFailure: (error: Error) => void;
}

/** One partition while this member has it: what was fetched and waits for the handler, and what of it is done. */
export interface Intake extends TopicPartition {
  readonly signal: AbortSignal;
  /** The offset to fetch next; undefined until it is known where to start. */
  next(): number | undefined;
  /** @param done the done map of that offset */
  start(offset: number, done?: string): void;
  /**
   * Whether records fetched from this offset leave out some. They may answer a question from before a rebalance: then `next` is to be asked
   * for again. The second time it is a gap in the log (retention, a transaction's marks), and no more is said.
   */
  skips(fetchedOffset: number): boolean;
  /**
   * Records from `next` on; older ones among them are ignored. Returns false once there is no room for more.
   * @param end the partition's end offset when they were fetched
   */
  accept(fetched: readonly (KafkaMessage | PackedBatch)[], upTo: number, end: number): boolean;
  /** What is not done, as of the last fetch. */
  backlog(): Backlog;
  /** Undefined while there is nothing new. */
  committable(): Committable | undefined;
  committed(what: Committable): void;
  /** No further batches. */
  stop(): void;
  /** Tells the handler to hurry; what it does still counts. */
  abort(): void;
  /** The partition is another's: nothing counts any more. */
  drop(): void;
  /** Resolves when no handler is under way. */
  idle: () => Promise<void>;
}

export function createIntake(options: IntakeOptions): Intake {
  const { topic, partition, handler, maxBatchRecords, ahead, commits } = options;
  const controller = new AbortController();
  const queue = createFetchedQueue({ topic, partition, isWanted });
  let full = false;
  let next: number | undefined;
  /** Records below this offset have been looked at. */
  let reached = 0;
  let end = 0;
  let askedAgain: number | undefined;
  let tracker: OffsetTracker | undefined;
  let stopped = false;
  let dropped = false;
  let pumping: Promise<void> | undefined;

  function hasRoom(share: number): boolean {
    const { records, bytes } = ahead();
    return queue.records() < Math.min(2 * maxBatchRecords, records) * share && queue.bytes() < bytes * share;
  }

  async function pump(): Promise<void> {
    try {
      await options.after;
      for (;;) {
        if (stopped || queue.isEmpty()) return;
        const records = takeBatch();
        if (records.length === 0) continue;
        await handler.received({ topic, partition, records, done, signal: controller.signal });
      }
    } catch (error) {
      if (!dropped) options.onFailure(error instanceof Error ? error : new Error(String(error)));
    } finally {
      pumping = undefined;
    }
  }

  function takeBatch(): LogRecord[] {
    const most = ahead();
    const records = queue.take(Math.min(maxBatchRecords, most.records), most.bytes);
    if (full && hasRoom(0.5)) {
      full = false;
      options.onRoom();
    }
    return records;
  }

  function isWanted({ offset, timestampMs }: LogRecord): boolean {
    if (offset < reached) return false;
    reached = offset + 1;
    if (!commits || tracker!.received(offset, timestampMs)) return true;
    options.onDone();
    return false;
  }

  function done(offset: number): void {
    if (dropped) return;
    tracker!.done(offset);
    options.onDone();
  }

  return {
    topic,
    partition,
    signal: controller.signal,
    next: () => next,
    start(offset, done = '') {
      next = offset;
      reached = offset;
      tracker = createOffsetTracker(offset, decodeDoneMap(offset, done));
    },
    skips(fetchedOffset) {
      if (next === undefined || fetchedOffset <= next || askedAgain === next) return false;
      askedAgain = next;
      return true;
    },
    accept(fetched, upTo, endOffset) {
      if (dropped || next === undefined) return false;
      end = endOffset;
      next = Math.max(next, upTo);
      if (!stopped) {
        for (const each of fetched) queue.push(each);
        pumping ??= pump();
      }
      full = !hasRoom(1);
      return !full;
    },
    committable: () => (dropped ? undefined : tracker?.committable()),
    committed: (what) => tracker?.committed(what),
    backlog: () => ({ topic, partition, ...(tracker?.backlog(end) ?? { records: 0, oldestAtMs: null }) }),
    stop() {
      stopped = true;
      queue.clear();
    },
    abort: () => controller.abort(),
    drop() {
      dropped = true;
      stopped = true;
      queue.clear();
      controller.abort();
    },
    idle: async () => pumping ?? options.after,
  };
}
