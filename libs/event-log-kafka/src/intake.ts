import {
  createOffsetTracker,
  decodeDoneMap,
  sizeOfRecord,
  type Backlog,
  type Committable,
  type LogRecord,
  type OffsetTracker,
  type RecordHandler,
  type TopicPartition,
} from '@hookline/event-log';
import type { KafkaMessage } from 'kafkajs';
import { toLogRecord } from './to-log-record.ts';

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
  accept(messages: readonly KafkaMessage[], upTo: number, end: number): boolean;
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
  let queue: LogRecord[] = [];
  let queuedBytes = 0;
  let full = false;
  let next: number | undefined;
  let end = 0;
  let askedAgain: number | undefined;
  let tracker: OffsetTracker | undefined;
  let stopped = false;
  let dropped = false;
  let pumping: Promise<void> | undefined;

  function hasRoom(share: number): boolean {
    const { records, bytes } = ahead();
    return queue.length < Math.min(2 * maxBatchRecords, records) * share && queuedBytes < bytes * share;
  }

  async function pump(): Promise<void> {
    try {
      await options.after;
      for (;;) {
        if (stopped || queue.length === 0) return;
        await handler.received({ topic, partition, records: takeBatch(), done, signal: controller.signal });
      }
    } catch (error) {
      if (!dropped) options.onFailure(error instanceof Error ? error : new Error(String(error)));
    } finally {
      pumping = undefined;
    }
  }

  function takeBatch(): LogRecord[] {
    const most = ahead();
    const mostRecords = Math.min(maxBatchRecords, most.records, queue.length);
    let bytes = 0;
    let count = 0;
    for (; count < mostRecords; count++) {
      const next = bytes + sizeOfRecord(queue[count]!);
      if (count > 0 && next > most.bytes) break;
      bytes = next;
    }
    queuedBytes -= bytes;
    const records = queue.splice(0, count);
    if (full && hasRoom(0.5)) {
      full = false;
      options.onRoom();
    }
    return records;
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
      tracker = createOffsetTracker(offset, decodeDoneMap(offset, done));
    },
    skips(fetchedOffset) {
      if (next === undefined || fetchedOffset <= next || askedAgain === next) return false;
      askedAgain = next;
      return true;
    },
    accept(messages, upTo, endOffset) {
      if (dropped || next === undefined) return false;
      end = endOffset;
      let leftOut = false;
      for (const message of messages) {
        const offset = Number(message.offset);
        if (offset < next) continue;
        if (commits && !tracker!.received(offset, Number(message.timestamp))) {
          leftOut = true;
          continue;
        }
        // At once: a message keeps the whole answer that it was fetched with.
        const record = toLogRecord(topic, partition, message);
        queue.push(record);
        queuedBytes += sizeOfRecord(record);
      }
      next = Math.max(next, upTo);
      if (!stopped) pumping ??= pump();
      if (leftOut) options.onDone();
      full = !hasRoom(1);
      return !full;
    },
    committable: () => (dropped ? undefined : tracker?.committable()),
    committed: (what) => tracker?.committed(what),
    backlog: () => ({ topic, partition, ...(tracker?.backlog(end) ?? { records: 0, oldestAtMs: null }) }),
    stop() {
      stopped = true;
      queue = [];
    },
    abort: () => controller.abort(),
    drop() {
      dropped = true;
      stopped = true;
      queue = [];
      controller.abort();
    },
    idle: async () => pumping ?? options.after,
  };
}
