import { setTimeout as delay } from 'node:timers/promises';
import { encodeEvent } from '@hookline/contracts';
import type { Database, Queryable } from '@hookline/database';
import { createId, PLATFORM_SOURCE, type Event, type QUOTA_WARNING } from '@hookline/domain';
import type { EventLog } from '@hookline/event-log';
import { within, type Log } from '@hookline/service-kit';

/*
 * What happens to a tenant's webhooks is an event of the tenant too, from the source `hookline`: it is committed with what it tells of, and appended to
 * `webhook.events` afterwards, again with the same id and in the same partition if nobody knows whether it was.
 */

export interface PlatformEvent {
  /** By default a new one. The same one again, while it waits to be appended, is none. */
  id?: string;
  tenant: string;
  type: 'webhook.failing' | 'webhook.disabled' | 'delivery.dead' | typeof QUOTA_WARNING;
  data: { webhook_id?: string; [member: string]: string | number | null };
}

/** Brings those that are committed into the log. */
export interface PlatformEvents {
  /** Resolves when all that are committed are there. */
  publish(): Promise<void>;
  /** The same for whoever doesn't wait: it is tried until it succeeds, or this is closed. */
  publishSoon(): void;
  close(deadlineAtMs: number): Promise<void>;
}

const BATCH = 100;
const RETRY_MS = 1_000;

export function isPlatformEvent({ source }: Event): boolean {
  return source === PLATFORM_SOURCE;
}

export function createPlatformEvents(deps: {
  database: Database;
  eventLog: Pick<EventLog, 'append'>;
  log: Log;
}): PlatformEvents {
  const { database, eventLog, log } = deps;
  const closing = new AbortController();
  const { signal } = closing;
  /** One after the other: two at the same time would append the same events. */
  let published: Promise<void> = Promise.resolve();
  let trying: Promise<void> | undefined;

  function publish(): Promise<void> {
    const turn = published.then(() => publishPlatformEvents(database, eventLog));
    published = turn.catch(() => undefined);
    return turn;
  }

  async function tryOn(): Promise<void> {
    while (!signal.aborted) {
      try {
        return await publish();
      } catch (error) {
        log.warn({ err: error }, 'platform-events.delayed');
        await delay(RETRY_MS, undefined, { signal }).catch(() => undefined);
      }
    }
  }

  return {
    publish,
    publishSoon() {
      // Whoever tries already may have read what there is before this was committed.
      trying = (trying ?? Promise.resolve()).then(tryOn);
    },
    async close(deadlineAtMs) {
      closing.abort();
      if (trying === undefined) return;
      await within(deadlineAtMs - Date.now(), 'the event log', trying).catch(() => undefined);
    },
  };
}

export async function addPlatformEvent(
  tx: Queryable,
  { id = createId('evt'), tenant, type, data }: PlatformEvent,
  at: Date,
): Promise<void> {
  await tx.query(
    'INSERT INTO platform_events (id, tenant, type, data, at) VALUES ($1, $2, $3, $4, $5) ON CONFLICT (id) DO NOTHING',
    [id, tenant, type, JSON.stringify(data), at],
  );
}

async function publishPlatformEvents(database: Database, eventLog: Pick<EventLog, 'append'>): Promise<void> {
  for (;;) {
    const { rows } = await database.query<{ id: string; tenant: string; type: string; data: string; at: Date }>(
      'SELECT id, tenant, type, data, at FROM platform_events ORDER BY id LIMIT $1',
      [BATCH],
    );
    if (rows.length === 0) return;
    await eventLog.append(
      rows.map(({ id, tenant, type, data, at }) =>
        encodeEvent({
          tenant,
          id,
          type,
          source: PLATFORM_SOURCE,
          time: at.toISOString(),
          data: Buffer.from(data, 'utf8'),
          contentType: 'application/json',
          acceptedAtMs: at.getTime(),
          // Those of one webhook keep their order, and one that is appended again comes to the dispatcher that has sent it.
          partitionKey: (JSON.parse(data) as PlatformEvent['data']).webhook_id ?? tenant,
        }),
      ),
    );
    await database.query('DELETE FROM platform_events WHERE id = ANY($1)', [rows.map(({ id }) => id)]);
  }
}
