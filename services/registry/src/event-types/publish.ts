import { encodeEventType, eventTypeKey, TOPIC, type EventTypeRule, type OutgoingRecord } from '@hookline/contracts';
import type { Database } from '@hookline/database';
import type { OnMismatch } from '@hookline/domain';
import type { EventLog } from '@hookline/event-log';
import { within, type Log } from '@hookline/service-kit';

/** Brings the catalogue into `webhook.event-types`, where ingestion reads it. */
export interface EventTypePublisher {
  /** Fills an empty topic again; then goes on publishing what isn't published yet. */
  start(): void;
  /** Resolves when what is committed is published, or when that takes too long: then it happens later. */
  published(): Promise<void>;
  close(): Promise<void>;
}

interface PublisherDeps {
  database: Database;
  eventLog: Pick<EventLog, 'append' | 'endOffsets'>;
  log: Log;
  everyMs?: number;
}

interface Pending {
  tenant: string;
  name: string;
  version: number;
  schema: string | null;
  onMismatch: OnMismatch | null;
}

const EVERY_MS = 5_000;
const PATIENCE_MS = 3_000;
const LOCK_WAIT_MS = 10_000;
const BATCH = 200;

export function createEventTypePublisher(deps: PublisherDeps): EventTypePublisher {
  const { database, eventLog, log, everyMs = EVERY_MS } = deps;
  let timer: NodeJS.Timeout | undefined;
  let closed = false;
  let isFilled = false;
  let running: Promise<void> | null = null;
  let isAskedAgain = false;

  /** One copy at a time, in the order of versions: the last record of a type is its newest. */
  function publishAll(): Promise<void> {
    return database.exclusively('event-types', LOCK_WAIT_MS, async () => {
      if (!isFilled) await fill();
      for (;;) {
        const pending = await pendingOf(database);
        if (pending.length === 0) return;
        await eventLog.append(pending.map(recordOf));
        for (const each of pending) await markPublished(database, each);
      }
    });
  }

  async function fill(): Promise<void> {
    const [end = 0] = await eventLog.endOffsets(TOPIC.eventTypes);
    if (end === 0) await database.query('UPDATE event_types SET published_version = 0 WHERE published_version > 0');
    isFilled = true;
  }

  /** Whoever asks while it runs may have committed too late for it: it runs once more. */
  function run(): Promise<void> {
    if (running !== null) {
      isAskedAgain = true;
      return running;
    }
    running = (async () => {
      do {
        isAskedAgain = false;
        await publishAll();
      } while (isAskedAgain);
    })()
      .catch((error: unknown) => log.warn({ err: error }, 'event-types.unpublished'))
      .finally(() => (running = null));
    return running;
  }

  function again(): void {
    if (closed) return;
    timer = setTimeout(() => void run().finally(again), everyMs);
  }

  return {
    start: () => void run().finally(again),
    async published() {
      await within(PATIENCE_MS, 'publishing the event type', run()).catch((error: unknown) =>
        log.warn({ err: error }, 'event-types.unpublished'),
      );
    },
    async close() {
      closed = true;
      clearTimeout(timer);
      await running;
    },
  };
}

async function pendingOf(database: Database): Promise<Pending[]> {
  const { rows } = await database.query<Pending>(
    `SELECT tenant, name, version, schema, on_mismatch AS "onMismatch" FROM event_types WHERE published_version < version
     UNION ALL SELECT tenant, name, version, NULL, NULL FROM event_type_deletions
     ORDER BY version LIMIT $1`,
    [BATCH],
  );
  return rows;
}

function recordOf({ tenant, name, version, schema, onMismatch }: Pending): OutgoingRecord {
  const rule: EventTypeRule | null =
    schema === null || onMismatch === null || onMismatch === 'none' ? null : { schema, onMismatch };
  return encodeEventType(eventTypeKey(tenant, name), version, rule);
}

async function markPublished(database: Database, { tenant, name, version, onMismatch }: Pending): Promise<void> {
  await database.query(
    onMismatch === null
      ? 'DELETE FROM event_type_deletions WHERE tenant = $1 AND name = $2 AND version = $3'
      : 'UPDATE event_types SET published_version = $3 WHERE tenant = $1 AND name = $2',
    [tenant, name, version],
  );
}
