import { setTimeout as sleep } from 'node:timers/promises';
import { LockHeld, type Database } from '@hookline/database';
import type { Log } from '@hookline/service-kit';
import type { ObservabilityMetrics } from '../metrics.ts';
import { isoDay } from '../write/place.ts';
import { carryOut } from './carry-out.ts';
import { findDays } from './days.ts';
import { planRetention, type RetentionSettings } from './plan.ts';

export interface RetentionDeps {
  database: Database;
  settings: RetentionSettings;
  log: Log;
  metrics: Pick<ObservabilityMetrics, 'expiredDays' | 'expiredRows' | 'trimmedAt'>;
  now: () => number;
}

/** Makes the days to come and removes what is too old, by itself. */
export interface Retention {
  close(): Promise<void>;
}

const LOCK = 'observability.retention';
const EVERY_MS = 3_600_000;
const AGAIN_MS = 60_000;
/** Of what failed in one round; by far most often it is one and the same. */
const MOST_TOLD = 20;

export function startRetention({ database, settings, log, metrics, now }: RetentionDeps): Retention {
  const closing = new AbortController();

  /** Resolves with whether all that was due has been done. */
  async function once(): Promise<boolean> {
    const nowMs = now();
    const plan = planRetention(await findDays(database), settings, nowMs);
    const removed = await carryOut(database, plan, nowMs, closing.signal);
    const { days, events, deadLetters, auditEntries, failures } = removed;
    metrics.expiredDays.inc(days.length);
    metrics.expiredRows.inc({ table: 'events' }, events);
    metrics.expiredRows.inc({ table: 'dead_letters' }, deadLetters);
    metrics.expiredRows.inc({ table: 'audit_log' }, auditEntries);
    if (days.length > 0 || events > 0 || deadLetters > 0) {
      log.info({ days: days.map(isoDay), events, deadLetters }, 'retention.applied');
    }
    for (const { error, ...step } of failures.slice(0, MOST_TOLD)) {
      log.warn({ ...step, error: error.message, failures: failures.length }, 'retention.failed');
    }
    return failures.length === 0 && !closing.signal.aborted;
  }

  async function loop(): Promise<void> {
    metrics.trimmedAt.set(now() / 1_000);
    while (!closing.signal.aborted) {
      let done = false;
      try {
        done = await database.exclusively(LOCK, 1, once);
        if (done) metrics.trimmedAt.set(now() / 1_000);
      } catch (error) {
        // Who holds the lock does it, or tells why not.
        if (!(error instanceof LockHeld)) log.warn({ error: (error as Error).message }, 'retention.failed');
      }
      await sleep(done ? EVERY_MS : AGAIN_MS, undefined, { signal: closing.signal }).catch(() => {});
    }
  }

  const ended = loop();
  return {
    async close() {
      closing.abort();
      await ended;
    },
  };
}
