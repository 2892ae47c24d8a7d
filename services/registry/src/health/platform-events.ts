import { encodeEvent } from '@hookline/contracts';
import type { Database, Queryable } from '@hookline/database';
import { createId, type Event } from '@hookline/domain';
import type { EventLog } from '@hookline/event-log';

/*
 * What happens to a tenant's webhooks is an event of the tenant too, from the source `hookline`: it is committed with what it tells of, and appended to
 * `webhook.events` afterwards, again with the same id and in the same partition if nobody knows whether it was.
 */

export interface PlatformEvent {
  /** By default a new one. The same one again, while it waits to be appended, is none. */
  id?: string;
  tenant: string;
  type: 'webhook.failing' | 'webhook.disabled' | 'delivery.dead';
  data: { webhook_id: string; [member: string]: string | number | null };
}

const SOURCE = 'hookline';
const BATCH = 100;

export function isPlatformEvent({ source }: Event): boolean {
  return source === SOURCE;
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

/** Resolves when all that are committed are in the log. */
export async function publishPlatformEvents(database: Database, eventLog: Pick<EventLog, 'append'>): Promise<void> {
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
          source: SOURCE,
          time: at.toISOString(),
          data: Buffer.from(data, 'utf8'),
          contentType: 'application/json',
          acceptedAtMs: at.getTime(),
          // Those of one webhook keep their order, and one that is appended again comes to the dispatcher that has sent it.
          partitionKey: (JSON.parse(data) as PlatformEvent['data']).webhook_id,
        }),
      ),
    );
    await database.query('DELETE FROM platform_events WHERE id = ANY($1)', [rows.map(({ id }) => id)]);
  }
}
