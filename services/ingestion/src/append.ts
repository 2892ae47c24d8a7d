import type { OutgoingRecord } from '@hookline/contracts';
import { Unavailable } from '@hookline/domain';
import type { EventLog } from '@hookline/event-log';
import type { Log } from '@hookline/service-kit';

export interface Appender {
  /**
   * Resolves once all records are durable. Rejects with Unavailable if that could not be brought about within 8 s since `sinceMs`
   * (`performance.now()`); with the code APPEND_DOUBTFUL_CODE some may be in the log all the same, or come into it later.
   */
  append(records: readonly OutgoingRecord[], sinceMs: number): Promise<void>;
  /** Rejects, or says why not, while events can't be appended. */
  check(): Promise<string | void>;
}

/** The code of a rejection after which the record may be in the log. */
export const APPEND_DOUBTFUL_CODE = 'event_log_unavailable';

/** Less than a claim is pending, so that nobody else appends an event while this is still being tried. */
const APPEND_DEADLINE_MS = 8_000;
/** With less left it isn't begun. */
const SHORTEST_DEADLINE_MS = 500;
const RETRY_AFTER_MS = 2_000;
const PING_DEADLINE_MS = 1_500;
/** So long a failure speaks against readiness: the next success may have to wait for the traffic that readiness brings. */
const FAILURE_COUNTS_MS = 5_000;

/** The event log itself puts together what is appended at once, and bounds what waits. */
export function createAppender(eventLog: EventLog, log: Log): Appender {
  let failedAtMs = -Infinity;
  let loggedAtMs = -Infinity;

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
    async append(records, sinceMs) {
      const deadlineMs = Math.floor(sinceMs + APPEND_DEADLINE_MS - performance.now());
      if (deadlineMs < SHORTEST_DEADLINE_MS) throw noteFailure(new Error('its turn came too late'));
      try {
        await eventLog.append(records, { deadlineMs });
        failedAtMs = -Infinity;
      } catch (error) {
        throw noteFailure(error);
      }
    },
    async check() {
      if (performance.now() - failedAtMs < FAILURE_COUNTS_MS) return 'the last append failed';
      return eventLog.ping(PING_DEADLINE_MS);
    },
  };
}
