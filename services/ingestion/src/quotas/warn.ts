import { encodeEvent } from '@hookline/contracts';
import {
  PLATFORM_SOURCE,
  quotaWarningEvent,
  utcDay,
  warningOf,
  type Clock,
  type QuotaName,
  type QuotaWarning,
} from '@hookline/domain';
import type { Log } from '@hookline/service-kit';
import type { Appender } from '../append.ts';
import { dedupKeyOf, type Deduplicator } from '../deduplicate.ts';
import type { IngestionMetrics } from '../metrics.ts';

/** Tells tenants by an event `quota.warning` that they are about to use, or have used, what they may: once a day, quota and percentage, over all copies. */
export interface Warner {
  /** Waits for nothing. */
  consider(tenant: string, quota: QuotaName, used: number, limit: number): void;
  /** Resolves when nothing is being told. */
  settled(): Promise<void>;
}

export interface WarnerDeps {
  appender: Pick<Appender, 'append'>;
  deduplicator: Pick<Deduplicator, 'begin' | 'finish' | 'abandon'>;
  warnPercent: number;
  clock: Clock;
  log: Log;
  metrics: Pick<IngestionMetrics, 'quotaWarnings'>;
}

/** Which were told of last; beyond it the first of them are asked for again, and found to be known. */
const MAX_TOLD = 20_000;
/** The same event, whatever its numbers are when it is told. */
const BODY = 'quota.warning';

export function createWarner({ appender, deduplicator, warnPercent, clock, log, metrics }: WarnerDeps): Warner {
  /** The day, by tenant, quota and percentage: sizes of events go up and down. With the store of ids away it is all that there is to go by. */
  const told = new Map<string, string>();
  const underWay = new Set<Promise<void>>();

  async function tell(warning: QuotaWarning): Promise<void> {
    const { data, ...event } = quotaWarningEvent(warning);
    const [begun] = await deduplicator.begin([{ key: dedupKeyOf(event.tenant, event.id), bodyHash: BODY }]);
    if (begun?.kind !== 'first' && begun?.kind !== 'unavailable') return;
    const claims = begun.kind === 'first' ? [begun.claim] : [];
    const record = encodeEvent({
      ...event,
      source: PLATFORM_SOURCE,
      time: new Date(warning.atMs).toISOString(),
      data: Buffer.from(JSON.stringify(data)),
      contentType: 'application/json',
      acceptedAtMs: warning.atMs,
      // One that another copy appends as well comes to the dispatcher that has sent it.
      partitionKey: event.tenant,
    });
    try {
      await appender.append([record], performance.now());
    } catch (error) {
      await deduplicator.abandon(claims);
      throw error;
    }
    await deduplicator.finish(claims, String(warning.atMs));
    metrics.quotaWarnings.inc({ quota: warning.quota });
  }

  return {
    consider(tenant, quota, used, limit) {
      const percent = warningOf(used, limit, warnPercent);
      if (percent === null) return;
      const atMs = clock.now();
      const name = `${tenant}/${quota}/${percent}`;
      const day = utcDay(atMs);
      if (told.get(name) === day) return;
      told.delete(name);
      if (told.size >= MAX_TOLD) told.delete(told.keys().next().value as string);
      told.set(name, day);
      const work = tell({ tenant, quota, percent, used, limit, atMs })
        .catch((error: unknown) => {
          // The next event tells of it then.
          if (told.get(name) === day) told.delete(name);
          log.warn({ err: error, quota }, 'quota-warning.delayed');
        })
        .finally(() => underWay.delete(work));
      underWay.add(work);
    },
    async settled() {
      await Promise.all(underWay);
    },
  };
}
