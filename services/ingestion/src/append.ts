import { TOPIC, type OutgoingRecord } from '@hookline/contracts';
import { Unavailable } from '@hookline/domain';
import type { EventLog } from '@hookline/event-log';
import type { Log } from '@hookline/service-kit';
import { createGatherer } from './gather.ts';
import type { IngestionMetrics } from './metrics.ts';

export interface Appender {
  /** Resolves once the record is durable. Rejects with Unavailable if that could not be brought about in time. */
  append(record: OutgoingRecord): Promise<void>;
  /** Rejects, or says why not, while events can't be appended. */
  check(): Promise<string | void>;
}

/** Less than a claim is pending, so that nobody else appends an event while this is still being tried. */
const APPEND_DEADLINE_MS = 8_000;
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

  const gathered = createGatherer<OutgoingRecord, unknown>({
    async run(records) {
      metrics.produceQueue.inc(records.length);
      try {
        const positions = await eventLog.append(records, { deadlineMs: APPEND_DEADLINE_MS });
        metrics.produced.inc({ topic: TOPIC.events }, records.length);
        failedAtMs = -Infinity;
        return positions;
      } catch (error) {
        throw noteFailure(error);
      } finally {
        metrics.produceQueue.dec(records.length);
      }
    },
    maxItems: MAX_RECORDS_PER_CALL,
    maxUnderWay: MAX_CALLS_UNDER_WAY,
    maxWaiting: MAX_WAITING,
  });

  function noteFailure(cause: unknown): Unavailable {
    failedAtMs = performance.now();
    if (failedAtMs - loggedAtMs > 1_000) {
      loggedAtMs = failedAtMs;
      log.error({ error: (cause as Error).message }, 'append.failed');
    }
    return new Unavailable('The event could not be made durable just now; it was not accepted. Send it again.', {
      code: 'event_log_unavailable',
      retryAfterMs: RETRY_AFTER_MS,
      cause,
    });
  }

  return {
    async append(record) {
      await gathered(record);
    },
    async check() {
      if (performance.now() - failedAtMs < FAILURE_COUNTS_MS) return 'the last append failed';
      return eventLog.ping(PING_DEADLINE_MS);
    },
  };
}
