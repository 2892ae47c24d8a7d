import { decodeDeadLetter, encodeRejected } from '@hookline/contracts';
import type { Database } from '@hookline/database';
import { HooklineError, type Clock } from '@hookline/domain';
import type { EventLog, LogRecord, RecordBatch, RecordHandler } from '@hookline/event-log';
import type { Log } from '@hookline/service-kit';
import { setTimeout as delay } from 'node:timers/promises';
import type { RegistryMetrics } from './metrics.ts';
import { disableGone } from './webhooks/disable-gone.ts';

export interface DeadLettersDependencies {
  database: Database;
  eventLog: EventLog;
  log: Log;
  metrics: RegistryMetrics;
  clock: Clock;
}

const RETRY_MS = 1_000;

/** Reads `webhook.dead-letters`: a webhook whose receiver is gone (410) is disabled. */
export function createDeadLetterHandler(dependencies: DeadLettersDependencies): RecordHandler {
  const { database, eventLog, log, metrics, clock } = dependencies;

  async function handle(record: LogRecord): Promise<void> {
    const decoded = decodeDeadLetter(record);
    if (decoded.kind === 'unreadable') {
      await eventLog.append([encodeRejected(record, 'registry', decoded.reason)]);
      metrics.rejected.inc({ topic: record.topic });
      log.warn({ topic: record.topic, offset: record.offset, reason: decoded.reason }, 'record.rejected');
      return;
    }
    const { letter } = decoded;
    if (letter.reason !== 'gone') return;
    // Committed is enough: the relay brings it to the dispatchers.
    if (!(await disableGone(database, clock, letter))) return;
    metrics.disabled.inc({ reason: 'gone' });
    log.info({ webhookId: letter.webhookId, reason: 'gone' }, 'webhook.disabled');
  }

  /** For as long as the partition is ours: a record is never passed over because a store is away. */
  async function handleInTheEnd(record: LogRecord, signal: AbortSignal): Promise<boolean> {
    while (!signal.aborted) {
      try {
        await handle(record);
        return true;
      } catch (error) {
        if (!(error instanceof HooklineError) || !error.retryable) throw error;
        log.warn({ err: error, topic: record.topic, offset: record.offset }, 'record.delayed');
        await delay(RETRY_MS * (0.5 + Math.random()), undefined, { signal }).catch(() => undefined);
      }
    }
    return false;
  }

  return {
    async received(batch: RecordBatch) {
      const { records, signal, topic } = batch;
      metrics.consumed.inc({ topic }, records.length);
      for (const record of records) {
        if (!(await handleInTheEnd(record, signal))) return;
        batch.done(record.offset);
      }
    },
  };
}
