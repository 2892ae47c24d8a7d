import { setTimeout as sleep } from 'node:timers/promises';
import type { Database } from '@hookline/database';
import { Unavailable } from '@hookline/domain';
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
  metrics: Pick<ObservabilityMetrics, 'expiredDays' | 'expiredRows'>;
  now: () => number;
}

/** Makes the days to come and removes what is too old, by itself. */
export interface Retention {
  close(): Promise<void>;
}

const LOCK = 'observability.retention';
const EVERY_MS = 3_600_000;
const AGAIN_MS = 60_000;

export function startRetention({ database, settings, log, metrics, now }: RetentionDeps): Retention {
  const closing = new AbortController();

  async function once(): Promise<void> {
    const nowMs = now();
    const plan = planRetention(await findDays(database), settings, nowMs);
    const { days, events, deadLetters, auditEntries } = await carryOut(database, plan, nowMs, closing.signal);
    metrics.expiredDays.inc(days.length);
    metrics.expiredRows.inc({ table: 'events' }, events);
    metrics.expiredRows.inc({ table: 'dead_letters' }, deadLetters);
    metrics.expiredRows.inc({ table: 'audit_log' }, auditEntries);
    if (days.length > 0 || events > 0 || deadLetters > 0) {
      log.info({ days: days.map(isoDay), events, deadLetters }, 'retention.applied');
    }
  }

  async function loop(): Promise<void> {
    while (!closing.signal.aborted) {
      let pauseMs = EVERY_MS;
      try {
        await database.exclusively(LOCK, 1, once);
      } catch (error) {
        pauseMs = AGAIN_MS;
        // Another copy does it, or the database is away.
        if (!(error instanceof Unavailable)) log.error({ error: (error as Error).message }, 'retention.failed');
      }
      await sleep(pauseMs, undefined, { signal: closing.signal }).catch(() => {});
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
