import { setTimeout as sleep } from 'node:timers/promises';
import { decodeChange, TOPIC } from '@hookline/contracts';
import { Unavailable } from '@hookline/domain';
import type { EventLog, Following, LogRecord } from '@hookline/event-log';
import type { Log } from '@hookline/service-kit';

/** Which webhooks are paused, as `webhook.changes` says. */
export interface Pauses {
  start(): Promise<void>;
  /** Resolves when all is known that was in the topic at the start. */
  known(signal: AbortSignal): Promise<void>;
  paused(): ReadonlySet<string>;
  /** Rises with every change of that. */
  version(): number;
  close(): Promise<void>;
}

interface PausesOptions {
  eventLog: Pick<EventLog, 'follow' | 'endOffsets'>;
  log: Log;
  fail: (error: Error) => void;
}

const POLL_MS = 20;
const AWAY_PAUSE_MS = 250;

export function createPauses({ eventLog, log, fail }: PausesOptions): Pauses {
  const paused = new Set<string>();
  /** Of each webhook that there is: a relay may repeat itself. */
  const revisions = new Map<string, number>();
  let version = 0;
  let following: Following | undefined;

  function received(records: LogRecord[]): Promise<void> {
    for (const record of records) {
      const decoded = decodeChange(record);
      // Of one that can't be read the last known state goes on; the dispatchers say so, loudly.
      if (decoded.kind === 'unreadable') continue;
      if (decoded.kind === 'deleted') note(decoded.webhookId, false, null);
      else if (decoded.revision > (revisions.get(decoded.webhook.id) ?? -1)) {
        note(decoded.webhook.id, decoded.webhook.status === 'paused', decoded.revision);
      }
    }
    return Promise.resolve();
  }

  function note(webhookId: string, isPaused: boolean, revision: number | null): void {
    if (revision === null) revisions.delete(webhookId);
    else revisions.set(webhookId, revision);
    if (paused.has(webhookId) === isPaused) return;
    if (isPaused) paused.add(webhookId);
    else paused.delete(webhookId);
    version++;
  }

  async function ends(signal: AbortSignal): Promise<number[]> {
    for (;;) {
      signal.throwIfAborted();
      try {
        return await eventLog.endOffsets(TOPIC.changes);
      } catch (error) {
        if (!(error instanceof Unavailable)) throw error;
        log.warn({ error: error.message }, 'webhook_changes.away');
        await sleep(AWAY_PAUSE_MS, undefined, { signal });
      }
    }
  }

  return {
    async start() {
      following = await eventLog.follow({ topic: TOPIC.changes, received, onFailure: fail });
    },
    async known(signal) {
      const until = await ends(signal);
      const isThere = () => until.every((end, partition) => (following?.position()[partition] ?? 0) >= end);
      while (!isThere()) await sleep(POLL_MS, undefined, { signal });
    },
    paused: () => paused,
    version: () => version,
    close: async () => following?.close(),
  };
}
