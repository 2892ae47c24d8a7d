import { TOPIC, type OutgoingRecord } from '@hookline/contracts';
import { Unavailable } from '@hookline/domain';
import type { EventLog } from '@hookline/event-log';
import type { Log } from '@hookline/service-kit';
import { createGatherer } from './gather.ts';
import type { IngestionMetrics } from './metrics.ts';

export interface Appender {
  /**
   * Resolves once the record is durable. Rejects with Unavailable if that could not be brought about within 8 s since `sinceMs`
   * (`performance.now()`); with the code APPEND_DOUBTFUL_CODE it may be in the log all the same, or come into it later.
   */
  append(record: OutgoingRecord, sinceMs: number): Promise<void>;
  /** Rejects, or says why not, while events can't be appended. */
  check(): Promise<string | void>;
}

/** The code of a rejection after which the record may be in the log. */
export const APPEND_DOUBTFUL_CODE = 'event_log_unavailable';

interface Waiting {
  record: OutgoingRecord;
  deadlineAtMs: number;
}

/** Less than a claim is pending, so that nobody else appends an event while this is still being tried. */
const APPEND_DEADLINE_MS = 8_000;
/** With less left it isn't begun: the shortest of those that go together is the deadline of all. */
const SHORTEST_DEADLINE_MS = 500;
const RETRY_AFTER_MS = 2_000;
const PING_DEADLINE_MS = 1_500;
/** So long a failure speaks against readiness: the next success may have to wait for the traffic that readiness brings. */
const FAILURE_COUNTS_MS = 5_000;
const MAX_RECORDS_PER_CALL = 1_000;
const MAX_CALLS_UNDER_WAY = 100;
const MAX_WAITING = 100_000;

export function createAppender(eventLog: EventLog, log: Log, metrics: IngestionMetrics): Appender {
  let failedAtMs = -Infinity;
  let loggedAtMs = -Infinity;

  const gathered = createGatherer<Waiting, Error | null>({
    async run(waiting) {
      const nowMs = performance.now();
      const isLate = ({ deadlineAtMs }: Waiting) => deadlineAtMs - nowMs < SHORTEST_DEADLINE_MS;
      const inTime = waiting.filter((item) => !isLate(item));
      if (inTime.length > 0) {
        const deadlineAtMs = inTime.reduce((least, item) => Math.min(least, item.deadlineAtMs), Infinity);
        await appendAll(inTime, Math.floor(deadlineAtMs - nowMs));
      }
      if (inTime.length === waiting.length) return waiting.map(() => null);
      const tooLate = noteFailure(new Error('it waited for its turn for too long'));
      return waiting.map((item) => (isLate(item) ? tooLate : null));
    },
    maxItems: MAX_RECORDS_PER_CALL,
    maxUnderWay: MAX_CALLS_UNDER_WAY,
    maxWaiting: MAX_WAITING,
  });

  async function appendAll(waiting: readonly Waiting[], deadlineMs: number): Promise<void> {
    metrics.produceQueue.inc(waiting.length);
    try {
      const records = waiting.map(({ record }) => record);
      await eventLog.append(records, { deadlineMs });
      metrics.produced.inc({ topic: TOPIC.events }, records.length);
      failedAtMs = -Infinity;
    } catch (error) {
      throw noteFailure(error);
    } finally {
      metrics.produceQueue.dec(waiting.length);
    }
  }

  function noteFailure(cause: unknown): Unavailable {
    failedAtMs = performance.now();
    if (failedAtMs - loggedAtMs > 1_000) {
      loggedAtMs = failedAtMs;
      log.error({ error: (cause as Error).message }, 'append.failed');
    }
    return new Unavailable('The event could not be made durable just now; it was not accepted. Send it again.', {
      code: APPEND_DOUBTFUL_CODE,
      retryAfterMs: RETRY_AFTER_MS,
      cause,
    });
  }

  return {
    async append(record, sinceMs) {
      const failure = await gathered({ record, deadlineAtMs: sinceMs + APPEND_DEADLINE_MS });
      if (failure !== null) throw failure;
    },
    async check() {
      if (performance.now() - failedAtMs < FAILURE_COUNTS_MS) return 'the last append failed';
      return eventLog.ping(PING_DEADLINE_MS);
    },
  };
}
