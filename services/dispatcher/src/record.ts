import { setTimeout as sleep } from 'node:timers/promises';
import { TooLarge } from '@hookline/domain';
import type { EventLog, NewRecord, Position } from '@hookline/event-log';
import type { Log } from '@hookline/service-kit';
import { createAppendOrMark } from './append-or-mark.ts';
import type { DispatcherMetrics } from './metrics.ts';

/** Makes outcomes durable, however long that takes. */
export interface Recorder {
  /**
   * Appends the records, in order, in one call together with others' of the same moment; `durable` is called once they are in the log.
   * One that is too large for the log never will be: in its place `webhook.rejected` gets a marker of the record that it follows from,
   * and `durable` is told that not all of them are there.
   */
  record(records: readonly NewRecord[], source: Position, durable: (all: boolean) => void): void;
  /** Why nothing can be made durable at the moment. */
  problem(): string | null;
  /** Gives up what is not durable yet. */
  close(): void;
}

export interface RecorderDeps {
  eventLog: Pick<EventLog, 'append'>;
  log: Log;
  metrics: Pick<DispatcherMetrics, 'rejected'>;
}

/** Calls under way; what comes meanwhile is gathered for the next. */
const MOST_CALLS = 8;
const MOST_RECORDS = 1_000;
/**
 * How long outcomes are gathered while they come one after the other: each call costs a batch for every partition that it goes to. What comes after
 * a quiet moment goes at once.
 */
const GATHER_MS = 10;
const APPEND_DEADLINE_MS = 10_000;
const FIRST_PAUSE_MS = 100;
const LONGEST_PAUSE_MS = 5_000;
/** Longer than this without an answer is a problem to be seen. */
const LATE_MS = 3_000;

interface Outcome {
  records: readonly NewRecord[];
  source: Position;
  durable: (all: boolean) => void;
  /** How many of the records the log has refused for good. */
  refused: number;
}

export function createRecorder({ eventLog, log, metrics }: RecorderDeps): Recorder {
  let gathered: Outcome[] = [];
  let flushing = false;
  let closed = false;
  let flushedAtMs = -Infinity;
  /** When each call under way began. */
  const calls = new Map<object, number>();
  let lastError: string | null = null;
  const appendOrMark = createAppendOrMark({ eventLog, log, metrics, deadlineMs: APPEND_DEADLINE_MS });

  function flushSoon(): void {
    if (flushing || gathered.length === 0 || calls.size >= MOST_CALLS || closed) return;
    flushing = true;
    const waitMs = flushedAtMs + GATHER_MS - performance.now();
    if (waitMs > 0) setTimeout(flush, waitMs);
    else setImmediate(flush);
  }

  function flush(): void {
    flushing = false;
    if (closed) return;
    flushedAtMs = performance.now();
    while (gathered.length > 0 && calls.size < MOST_CALLS) {
      const outcomes = gathered.length <= MOST_RECORDS ? gathered : gathered.slice(0, MOST_RECORDS);
      gathered = gathered.length <= MOST_RECORDS ? [] : gathered.slice(MOST_RECORDS);
      void appendForEver(outcomes);
    }
  }

  async function appendForEver(outcomes: Outcome[]): Promise<void> {
    const call = {};
    calls.set(call, performance.now());
    for (let pauseMs = FIRST_PAUSE_MS; !(await appended(outcomes)); pauseMs = Math.min(LONGEST_PAUSE_MS, pauseMs * 2)) {
      if (closed) return;
      await sleep(pauseMs * (0.5 + Math.random()));
    }
    calls.delete(call);
    for (const { durable, refused } of outcomes) durable(refused === 0);
    flushSoon();
  }

  async function appended(outcomes: Outcome[]): Promise<boolean> {
    const records = outcomes.length === 1 ? (outcomes[0] as Outcome).records : outcomes.flatMap((each) => each.records);
    try {
      await eventLog.append(records, { deadlineMs: APPEND_DEADLINE_MS });
      lastError = null;
      return true;
    } catch (error) {
      if (error instanceof TooLarge) return await appendSingly(outcomes);
      lastError = (error as Error).message;
      log.warn({ records: records.length, error: lastError }, 'outcome.not-durable');
      return false;
    }
  }

  /** The log takes none of a call in which one record can't fit. The rest must not suffer for it. */
  async function appendSingly(outcomes: Outcome[]): Promise<boolean> {
    try {
      for (const outcome of outcomes) {
        outcome.refused = 0;
        for (const record of outcome.records) if (!(await appendOrMark(record, outcome.source))) outcome.refused++;
      }
      lastError = null;
      return true;
    } catch (error) {
      lastError = (error as Error).message;
      return false;
    }
  }

  return {
    record(records, source, durable) {
      gathered.push({ records, source, durable, refused: 0 });
      flushSoon();
    },
    problem() {
      const [oldest] = calls.values();
      if (oldest === undefined || performance.now() - oldest < LATE_MS) return null;
      return `outcomes can't be recorded: ${lastError ?? 'no answer'}`;
    },
    close() {
      closed = true;
      gathered = [];
    },
  };
}
