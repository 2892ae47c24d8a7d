import { setTimeout as delay } from 'node:timers/promises';
import { decodeDeadLetter, decodeHealth, encodeRejected, TOPIC, type Unreadable } from '@hookline/contracts';
import type { Database } from '@hookline/database';
import { HooklineError, type Clock } from '@hookline/domain';
import type { EventLog, LogRecord, RecordBatch, RecordHandler } from '@hookline/event-log';
import type { Log } from '@hookline/service-kit';
import { createTellOfDead } from './health/dead-deliveries.ts';
import { noteFailure } from './health/note-failure.ts';
import type { PlatformEvents } from './health/platform-events.ts';
import { noteSuccess } from './health/store.ts';
import type { RegistryMetrics } from './metrics.ts';
import { disableAsked, type DisabledReason } from './webhooks/disable.ts';

export interface ReportedDependencies {
  database: Database;
  eventLog: Pick<EventLog, 'append'>;
  platformEvents: Pick<PlatformEvents, 'publish'>;
  log: Log;
  metrics: RegistryMetrics;
  clock: Clock;
  /** A webhook that does nothing but fail for so long is disabled; 0: never. */
  failingPeriodMs: number;
}

/** What the dispatchers report of webhooks, which may disable them. */
export const REPORTED_TOPICS = [TOPIC.deadLetters, TOPIC.health];

const RETRY_MS = 1_000;

/** Whom a record had disabled, and why. */
type Disabled = { webhookId: string; reason: DisabledReason } | null;

/** Committed is enough for a webhook's change: the relay brings it to the dispatchers. A record is done when the events that it led to are in the log. */
export function createReportedHandler(dependencies: ReportedDependencies): RecordHandler {
  const { database, eventLog, platformEvents, log, metrics, clock, failingPeriodMs: periodMs } = dependencies;

  const tellOfDead = createTellOfDead(database, clock);

  async function ask(tenant: string, webhookId: string, reason: 'gone' | 'disabled_by_receiver', atMs: number) {
    const disabled = await disableAsked(database, clock, { tenant, webhookId, reason, atMs });
    return disabled ? { webhookId, reason } : null;
  }

  async function takeDeadLetter(record: LogRecord): Promise<Disabled | Unreadable> {
    const decoded = decodeDeadLetter(record);
    if (decoded.kind === 'unreadable') return decoded;
    const { reason, webhookId, event, deadAtMs } = decoded.letter;
    await tellOfDead(decoded.letter);
    if (reason !== 'gone' && reason !== 'disabled_by_receiver') return null;
    return ask(event.tenant, webhookId, reason, deadAtMs);
  }

  async function takeHealth(record: LogRecord): Promise<Disabled | Unreadable> {
    const decoded = decodeHealth(record);
    if (decoded.kind === 'unreadable') return decoded;
    const { report } = decoded;
    const { tenant, webhookId, atMs } = report;
    switch (report.kind) {
      case 'succeeded':
        await noteSuccess(database, webhookId, atMs);
        return null;
      case 'failing':
        return (await noteFailure({ database, clock, periodMs }, report)) ? { webhookId, reason: 'failing' } : null;
      case 'disable':
        return ask(tenant, webhookId, report.reason === 'gone' ? 'gone' : 'disabled_by_receiver', atMs);
    }
  }

  async function handle(record: LogRecord): Promise<void> {
    const taken = await (record.topic === TOPIC.health ? takeHealth(record) : takeDeadLetter(record));
    if (taken !== null && 'kind' in taken) return reject(record, taken.reason);
    if (taken !== null) {
      metrics.disabled.inc({ reason: taken.reason });
      log.info(taken, 'webhook.disabled');
    }
  }

  async function reject(record: LogRecord, reason: string): Promise<void> {
    const { topic, partition, offset } = record;
    await eventLog.append([encodeRejected(record, 'registry', reason)]);
    metrics.rejected.inc({ topic });
    log.warn({ topic, partition, offset, reason }, 'record.rejected');
  }

  /** For as long as the partition is ours: a record is never passed over because a store is away. */
  async function inTheEnd(what: () => Promise<void>, topic: string, signal: AbortSignal): Promise<boolean> {
    while (!signal.aborted) {
      try {
        await what();
        return true;
      } catch (error) {
        if (!(error instanceof HooklineError) || !error.retryable) throw error;
        log.warn({ err: error, topic }, 'record.delayed');
        await delay(RETRY_MS * (0.5 + Math.random()), undefined, { signal }).catch(() => undefined);
      }
    }
    return false;
  }

  return {
    async received(batch: RecordBatch) {
      const { records, signal, topic } = batch;
      for (const record of records) {
        if (!(await inTheEnd(() => handle(record), topic, signal))) return;
      }
      if (!(await inTheEnd(() => platformEvents.publish(), topic, signal))) return;
      for (const { offset } of records) batch.done(offset);
    },
  };
}
