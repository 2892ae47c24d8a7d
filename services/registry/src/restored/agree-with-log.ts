import { parseEventTypeKey, TOPIC } from '@hookline/contracts';
import type { Database } from '@hookline/database';
import type { EventLog } from '@hookline/event-log';
import { renewChanges } from '../webhooks/renew.ts';
import { latestOfTopic, type Latest } from './latest-of-topic.ts';

/** How many were made after the backup, so that the database knows nothing of them: they end. */
export interface Agreement {
  webhooks: number;
  eventTypes: number;
}

/** Short, as any transaction. */
const BATCH = 500;

/**
 * After the database was restored from a backup, and with no registry running: `webhook.changes` and `webhook.event-types` are newer than it. What the registry would say
 * next would look older than what they hold and be left out, and what was made since the backup would go on being matched though nobody can see it any more. Has all relayed
 * again above the highest revision that was, by the next registry that starts, and ends what the database does not know. May be repeated.
 */
export async function agreeWithLog(database: Database, eventLog: EventLog): Promise<Agreement> {
  const [webhooks, eventTypes] = await Promise.all([
    latestOfTopic(eventLog, TOPIC.changes),
    latestOfTopic(eventLog, TOPIC.eventTypes),
  ]);
  const [end = 0] = await eventLog.endOffsets(TOPIC.changes);
  await continueRevisions(database, webhooks, end);
  return {
    webhooks: await endUnknownWebhooks(database, webhooks),
    eventTypes: await republishEventTypes(database, eventTypes),
  };
}

/** What was to be relayed when the backup was made is relayed with everything else. */
async function continueRevisions(database: Database, latest: ReadonlyMap<string, Latest>, end: number): Promise<void> {
  let highest = 0;
  for (const { revision } of latest.values()) highest = Math.max(highest, revision);
  await database.transaction(async (tx) => {
    const { rows } = await tx.query<{ revision: number }>(
      'UPDATE registry_revision SET revision = GREATEST(revision, $1) RETURNING revision',
      [highest],
    );
    await tx.query('DELETE FROM webhook_changes');
    await tx.query('DELETE FROM registry_appends');
    await tx.query(`UPDATE registry_relay SET revision = $1, end_offset = $2, refilled_to = ''`, [
      rows[0]!.revision,
      end,
    ]);
  });
}

async function endUnknownWebhooks(database: Database, latest: ReadonlyMap<string, Latest>): Promise<number> {
  const live = presentKeys(latest);
  let ended = 0;
  for (let at = 0; at < live.length; at += BATCH) {
    const { rows } = await database.query<{ id: string }>(
      'SELECT id FROM unnest($1::text[]) AS live (id) WHERE NOT EXISTS (SELECT FROM webhooks w WHERE w.id = live.id)',
      [live.slice(at, at + BATCH)],
    );
    if (rows.length === 0) continue;
    await database.transaction((tx) =>
      renewChanges(
        tx,
        rows.map(({ id }) => id),
      ),
    );
    ended += rows.length;
  }
  return ended;
}

async function republishEventTypes(database: Database, latest: ReadonlyMap<string, Latest>): Promise<number> {
  const names = [...latest.keys()].map(parseEventTypeKey);
  const columns = [names.map(({ tenant }) => tenant), names.map(({ type }) => type)];
  const versions = [...latest.values()].map(({ revision }) => revision);
  const live = [...latest.values()].map(({ present }) => present);
  return database.transaction(async (tx) => {
    await tx.query('UPDATE event_types SET published_version = 0');
    await tx.query(
      `UPDATE event_types t SET version = GREATEST(t.version, latest.version + 1)
       FROM unnest($1::text[], $2::text[], $3::int8[]) AS latest (tenant, name, version)
       WHERE t.tenant = latest.tenant AND t.name = latest.name`,
      [...columns, versions],
    );
    const { rowCount } = await tx.query(
      `INSERT INTO event_type_deletions (tenant, name, version)
       SELECT tenant, name, version + 1 FROM unnest($1::text[], $2::text[], $3::int8[], $4::boolean[]) AS latest (tenant, name, version, live)
       WHERE live AND NOT EXISTS (SELECT FROM event_types t WHERE t.tenant = latest.tenant AND t.name = latest.name)
       ON CONFLICT DO NOTHING`,
      [...columns, versions, live],
    );
    return rowCount;
  });
}

function presentKeys(latest: ReadonlyMap<string, Latest>): string[] {
  return [...latest].flatMap(([key, { present }]) => (present ? [key] : []));
}
