import { limitOf, nextUtcDayMs, RateLimited, TooLarge, type Clock } from '@hookline/domain';
import { createDayMeter, eventsKey, type Tallies } from '@hookline/limits';
import { within, type Log } from '@hookline/service-kit';
import type { IngestionMetrics } from '../metrics.ts';
import type { ParsedEvent } from '../read/build-event.ts';
import type { FollowedQuotas } from './follow-quotas.ts';
import type { Warner } from './warn.ts';

/** Holds tenants to their quotas. With the store of the counts away each copy goes by what it has counted itself. */
export interface EventQuotas {
  /** The event as it is. @throws TooLarge, code payload_quota_exceeded */
  checked(parsed: ParsedEvent): ParsedEvent;
  /** Sets what may be appended of `count` new events aside, of the tenant's day. */
  reserve(tenant: string, count: number): Promise<EventsReserved>;
  /** Resolves when the store knows what was accepted. */
  close(): Promise<void>;
}

export interface EventsReserved {
  granted: number;
  /** Of each that was not granted, code event_quota_exceeded. */
  refusal: RateLimited | null;
  /** How many were accepted in the end. */
  settle: (accepted: number) => void;
}

export interface EventQuotasDeps {
  tallies: Tallies;
  quotas: Pick<FollowedQuotas, 'of'>;
  warner: Pick<Warner, 'consider'>;
  clock: Clock;
  log: Log;
  metrics: Pick<IngestionMetrics, 'limitsFailures'>;
}

const CALL_DEADLINE_MS = 500;
const LOG_EVERY_MS = 10_000;

export function createEventQuotas({ tallies, quotas, warner, clock, log, metrics }: EventQuotasDeps): EventQuotas {
  let loggedAtMs = -Infinity;
  const meter = createDayMeter({
    report: (reports, nowMs) => within(CALL_DEADLINE_MS, 'the store of counts', tallies.report(reports, nowMs)),
    now: () => clock.now(),
    onAway(error) {
      metrics.limitsFailures.inc({ call: 'tally' });
      if (performance.now() - loggedAtMs < LOG_EVERY_MS) return;
      loggedAtMs = performance.now();
      log.warn({ error: (error as Error).message }, 'quota-counts.unavailable');
    },
  });

  function refused(limit: number): RateLimited {
    const nowMs = clock.now();
    return new RateLimited(`The tenant may publish ${limit} events a day (UTC), and has done so.`, {
      code: 'event_quota_exceeded',
      retryAfterMs: nextUtcDayMs(nowMs) - nowMs,
    });
  }

  return {
    checked(parsed) {
      const { event, pointerTo } = parsed;
      const limit = quotas.of(event.tenant).payload_bytes;
      if (limit === 0) return parsed;
      const sizeBytes = event.data.length;
      warner.consider(event.tenant, 'payload_bytes', sizeBytes, limit);
      if (sizeBytes <= limit) return parsed;
      throw new TooLarge(`The event's data has ${sizeBytes} bytes; the tenant may send ${limit}.`, {
        code: 'payload_quota_exceeded',
        problems: [{ pointer: pointerTo('data'), detail: 'too large' }],
      });
    },

    async reserve(tenant, count) {
      const limit = limitOf(quotas.of(tenant).events_per_day);
      const { granted, settle } = await meter.reserve(eventsKey(tenant), count, limit);
      return {
        granted,
        refusal: granted === count ? null : refused(limit),
        settle: (accepted) => warner.consider(tenant, 'events_per_day', settle(accepted), limit),
      };
    },

    close: () => meter.close(),
  };
}
