import { encodeOmitted, GROUP } from '@hookline/contracts';
import { TooLarge } from '@hookline/domain';
import type { EventLog, NewRecord, Position } from '@hookline/event-log';
import type { Log } from '@hookline/service-kit';
import type { DispatcherMetrics } from './metrics.ts';

/**
 * Appends one record; true: it is in the log. One that is too large for the log never will be: in its place `webhook.rejected` gets a marker of the
 * record that it follows from. Rejects where neither can be appended for now.
 */
export type AppendOrMark = (record: NewRecord, source: Position) => Promise<boolean>;

export interface AppendOrMarkDeps {
  eventLog: Pick<EventLog, 'append'>;
  log: Log;
  metrics: Pick<DispatcherMetrics, 'rejected'>;
  deadlineMs: number;
}

export function createAppendOrMark({ eventLog, log, metrics, deadlineMs }: AppendOrMarkDeps): AppendOrMark {
  /** Why it never will be in the log; null: it is. */
  async function refusal(record: NewRecord): Promise<string | null> {
    try {
      await eventLog.append([record], { deadlineMs });
      return null;
    } catch (error) {
      if (error instanceof TooLarge) return error.message;
      throw error;
    }
  }

  return async (record, source) => {
    const why = await refusal(record);
    if (why === null) return true;
    const { topic, partition, offset } = source;
    const reason = `what follows from it is too large for ${record.topic}: ${why}`;
    await eventLog.append([encodeOmitted(source, GROUP.dispatcher, reason)], { deadlineMs });
    metrics.rejected.inc({ topic });
    log.error({ topic, partition, offset, reason }, 'outcome.too-large');
    return false;
  };
}
