import { setTimeout as sleep } from 'node:timers/promises';
import { TooLarge } from '@hookline/domain';
import type { EventLog, NewRecord, Position } from '@hookline/event-log';
import type { Log } from '@hookline/service-kit';
import { createAppendOrMark } from './append-or-mark.ts';
import type { DispatcherMetrics } from './metrics.ts';

/** Appends what is for whichever dispatcher has a partition of `webhook.deliveries`, in the order of the calls, however long that takes. */
export interface HandOvers {
  /**
   * `durable` is called once the records are in the log; never, if they are no longer wanted by then. Some of them may be in there twice. One that is
   * too large for the log never will be: in its place `webhook.rejected` gets a marker of the record that it follows from (`sourceOf` its index),
   * and `durable` is told of it.
   */
  append(
    records: readonly NewRecord[],
    sourceOf: (index: number) => Position,
    lost: () => boolean,
    durable: (refused: Refused) => void,
  ): void;
  /** So much waits that intake should too. */
  full(): boolean;
  /** Why nothing can be appended at the moment. */
  problem(): string | null;
  /** Resolves when nothing waits, or at the deadline: what is not in the log by then is handed over again by whoever reads its event next. */
  drain(deadlineAtMs: number): Promise<void>;
  /** Gives up what is not durable yet. */
  close(): void;
}

/** Indices of the records that are not in the log, and never will be. */
export type Refused = ReadonlySet<number>;

const NONE: Refused = new Set();
const MOST_WAITING = 10_000;
const MOST_WAITING_BYTES = 64 * 1024 * 1024;
/** Of one call. */
const MOST_RECORDS = 1_000;
const MOST_BYTES = 16 * 1024 * 1024;
const APPEND_DEADLINE_MS = 10_000;
const FIRST_PAUSE_MS = 100;
const LONGEST_PAUSE_MS = 5_000;
const LATE_MS = 3_000;
const DRAIN_POLL_MS = 10;
/** Of a record, beside its value. */
const RECORD_BYTES = 1_024;

interface HandOver {
  records: readonly NewRecord[];
  sourceOf: (index: number) => Position;
  sizeBytes: number;
  lost: () => boolean;
  durable: (refused: Refused) => void;
  refused: Refused;
}

export interface HandOversDeps {
  eventLog: Pick<EventLog, 'append'>;
  log: Log;
  metrics: Pick<DispatcherMetrics, 'rejected'>;
}

/** One call at a time, with all that has come meanwhile: the next one begins when the last is in the log, so none overtakes another. */
export function createHandOvers({ eventLog, log, metrics }: HandOversDeps): HandOvers {
  let waiting: HandOver[] = [];
  let records = 0;
  let bytes = 0;
  let running = false;
  let closed = false;
  let lateSinceMs: number | null = null;
  let lastError: string | null = null;
  const appendOrMark = createAppendOrMark({ eventLog, log, metrics, deadlineMs: APPEND_DEADLINE_MS });

  function take(): HandOver[] {
    let count = 0;
    let takenRecords = 0;
    let takenBytes = 0;
    for (const each of waiting) {
      takenRecords += each.records.length;
      takenBytes += each.sizeBytes;
      if (count > 0 && (takenRecords > MOST_RECORDS || takenBytes > MOST_BYTES)) break;
      count++;
    }
    const taken = waiting.slice(0, count);
    waiting = waiting.slice(count);
    return taken;
  }

  async function run(): Promise<void> {
    running = true;
    await new Promise((resolve) => setImmediate(resolve));
    while (waiting.length > 0 && !closed) {
      const taken = take();
      await appendForEver(taken);
      for (const each of taken) {
        records -= each.records.length;
        bytes -= each.sizeBytes;
        if (!each.lost() && !closed) each.durable(each.refused);
      }
    }
    running = false;
  }

  async function appendForEver(taken: readonly HandOver[]): Promise<void> {
    lateSinceMs = performance.now();
    for (let pauseMs = FIRST_PAUSE_MS; !closed; pauseMs = Math.min(LONGEST_PAUSE_MS, pauseMs * 2)) {
      // Whose partition is somebody else's by now, that one hands it over: what follows of the partition has gone with it.
      const wanted = taken.filter(({ lost }) => !lost());
      if (wanted.length === 0 || (await appended(wanted))) break;
      await sleep(pauseMs * (0.5 + Math.random()));
    }
    lateSinceMs = null;
  }

  async function appended(handOvers: readonly HandOver[]): Promise<boolean> {
    const all = handOvers.flatMap((each) => each.records);
    try {
      await eventLog.append(all, { deadlineMs: APPEND_DEADLINE_MS });
      return true;
    } catch (error) {
      if (error instanceof TooLarge) return await appendSingly(handOvers);
      lastError = (error as Error).message;
      log.warn({ records: all.length, error: lastError }, 'hand_over.not-durable');
      return false;
    }
  }

  /** The log takes none of a call in which one record can't fit. The rest must not suffer for it. */
  async function appendSingly(handOvers: readonly HandOver[]): Promise<boolean> {
    try {
      for (const each of handOvers) {
        const refused = new Set<number>();
        for (const [index, record] of each.records.entries()) {
          if (closed) return false;
          if (!(await appendOrMark(record, each.sourceOf(index)))) refused.add(index);
        }
        each.refused = refused;
      }
      return true;
    } catch (error) {
      lastError = (error as Error).message;
      return false;
    }
  }

  return {
    append(added, sourceOf, lost, durable) {
      const sizeBytes = added.reduce((sum, { value }) => sum + (value?.length ?? 0) + RECORD_BYTES, 0);
      waiting.push({ records: added, sourceOf, sizeBytes, lost, durable, refused: NONE });
      records += added.length;
      bytes += sizeBytes;
      if (!running && !closed) void run();
    },
    full: () => records >= MOST_WAITING || bytes >= MOST_WAITING_BYTES,
    problem() {
      if (lateSinceMs === null || performance.now() - lateSinceMs < LATE_MS) return null;
      return `deliveries can't be handed over: ${lastError ?? 'no answer'}`;
    },
    async drain(deadlineAtMs) {
      while (records > 0 && Date.now() < deadlineAtMs) await sleep(DRAIN_POLL_MS);
    },
    close() {
      closed = true;
      waiting = [];
    },
  };
}
