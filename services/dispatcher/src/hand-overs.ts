import { setTimeout as sleep } from 'node:timers/promises';
import type { EventLog, NewRecord } from '@hookline/event-log';
import type { Log } from '@hookline/service-kit';

/** Appends what is for whichever dispatcher has a partition of `webhook.deliveries`, in the order of the calls, however long that takes. */
export interface HandOvers {
  /** `durable` is called once the records are in the log; never, if they are no longer wanted by then. Some of them may be in there twice. */
  append(records: readonly NewRecord[], lost: () => boolean, durable: () => void): void;
  /** So much waits that intake should too. */
  full(): boolean;
  /** Why nothing can be appended at the moment. */
  problem(): string | null;
  /** Resolves when nothing waits, or at the deadline: what is not in the log by then is handed over again by whoever reads its event next. */
  drain(deadlineAtMs: number): Promise<void>;
  /** Gives up what is not durable yet. */
  close(): void;
}

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
  sizeBytes: number;
  lost: () => boolean;
  durable: () => void;
}

/** One call at a time, with all that has come meanwhile: the next one begins when the last is in the log, so none overtakes another. */
export function createHandOvers({ eventLog, log }: { eventLog: Pick<EventLog, 'append'>; log: Log }): HandOvers {
  let waiting: HandOver[] = [];
  let records = 0;
  let bytes = 0;
  let running = false;
  let closed = false;
  let lateSinceMs: number | null = null;
  let lastError: string | null = null;

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
        if (!each.lost() && !closed) each.durable();
      }
    }
    running = false;
  }

  async function appendForEver(taken: readonly HandOver[]): Promise<void> {
    lateSinceMs = performance.now();
    for (let pauseMs = FIRST_PAUSE_MS; !closed; pauseMs = Math.min(LONGEST_PAUSE_MS, pauseMs * 2)) {
      // Whose partition is somebody else's by now, that one hands it over: what follows of the partition has gone with it.
      const wanted = taken.filter(({ lost }) => !lost()).flatMap((each) => each.records);
      if (wanted.length === 0) break;
      try {
        await eventLog.append(wanted, { deadlineMs: APPEND_DEADLINE_MS });
        break;
      } catch (error) {
        lastError = (error as Error).message;
        log.warn({ records: wanted.length, error: lastError }, 'hand_over.not-durable');
      }
      await sleep(pauseMs * (0.5 + Math.random()));
    }
    lateSinceMs = null;
  }

  return {
    append(added, lost, durable) {
      const sizeBytes = added.reduce((sum, { value }) => sum + (value?.length ?? 0) + RECORD_BYTES, 0);
      waiting.push({ records: added, sizeBytes, lost, durable });
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
