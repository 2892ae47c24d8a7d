import { setTimeout as sleep } from 'node:timers/promises';
import { trimAuditLog, type Database, type Parameter } from '@hookline/database';
import { Unavailable } from '@hookline/domain';
import { makeDay } from '../write/days.ts';
import { suffixOf, type Day } from '../write/place.ts';
import { DAY_TABLES } from './days.ts';
import type { RetentionPlan } from './plan.ts';

/** Rows; of days that were dropped, as PostgreSQL estimated them. */
export interface Removed {
  days: Day[];
  events: number;
  deadLetters: number;
  auditEntries: number;
}

/** Rows of one statement, and the pause after it: deletion must not be felt by whoever writes and reads. */
const STEP = 1_000;
const PAUSE_MS = 20;
/** Dropping waits for reads of that table, and whatever comes then waits for it: rather try again later. */
const LOCK_TIMEOUT_MS = 500;
const DROP_TRIES = 10;
/** What has been erased can't come back once no topic holds it any more, and nothing waits for longer. */
const ERASED_MS = 400 * 86_400_000;

/** Stops between two steps when `signal` is aborted; what is left is done the next time. */
export async function carryOut(
  database: Database,
  plan: RetentionPlan,
  nowMs: number,
  signal: AbortSignal,
): Promise<Removed> {
  const removed: Removed = { days: [], events: 0, deadLetters: 0, auditEntries: 0 };
  for (const day of plan.make) await makeDay(database, day);
  for (const { day, events } of plan.drop) {
    if (signal.aborted) return removed;
    await dropDay(database, day, signal);
    removed.days.push(day);
    removed.events += events;
  }

  /** Deletes as `sql` says, which has a LIMIT, until there is nothing left. */
  async function inSteps(sql: string, parameters: readonly Parameter[]): Promise<number> {
    let count = 0;
    while (!signal.aborted) {
      const { rowCount } = await database.query(sql, parameters);
      count += rowCount;
      if (rowCount < STEP) break;
      await sleep(PAUSE_MS, undefined, { signal }).catch(() => {});
    }
    return count;
  }

  async function thin(tenant: string, suffix: string): Promise<void> {
    const some = (table: string) =>
      `ctid = ANY (ARRAY(SELECT ctid FROM ${table}_${suffix} WHERE tenant = $1 LIMIT ${STEP}))`;
    await inSteps(
      `WITH gone AS (DELETE FROM deliveries_${suffix} WHERE ${some('deliveries')} RETURNING id),
         attempts AS (DELETE FROM attempts_${suffix} AS a USING gone WHERE a.delivery_id = gone.id)
       SELECT 1 FROM gone`,
      [tenant],
    );
    await inSteps(`DELETE FROM event_metadata_${suffix} WHERE ${some('event_metadata')}`, [tenant]);
    removed.events += await inSteps(`DELETE FROM events_${suffix} WHERE ${some('events')}`, [tenant]);
  }

  for (const { tenant, days } of plan.thin) {
    for (const day of days) await thin(tenant, suffixOf(day));
  }
  const letters = (condition: string) =>
    `DELETE FROM dead_letters WHERE id IN (SELECT id FROM dead_letters WHERE dead_at < $1 ${condition} LIMIT ${STEP})`;
  removed.deadLetters += await inSteps(letters(''), [new Date(plan.deadLettersBeforeMs)]);
  for (const [tenant, beforeMs] of plan.tenantsDeadLettersBeforeMs) {
    removed.deadLetters += await inSteps(letters('AND tenant = $2'), [new Date(beforeMs), tenant]);
  }
  while (!signal.aborted) {
    const trimmed = await trimAuditLog(database, new Date(plan.auditLogBeforeMs), STEP);
    removed.auditEntries += trimmed;
    if (trimmed < STEP) break;
    await sleep(PAUSE_MS, undefined, { signal }).catch(() => {});
  }
  await database.query('DELETE FROM recoveries WHERE finished_at < $1', [new Date(plan.deadLettersBeforeMs)]);
  await database.query('DELETE FROM erased_events WHERE erased_at < $1', [new Date(nowMs - ERASED_MS)]);
  await database.query('DELETE FROM cancelled_events WHERE cancelled_at < $1', [new Date(nowMs - ERASED_MS)]);
  return removed;
}

async function dropDay(database: Database, day: Day, signal: AbortSignal): Promise<void> {
  const tables = DAY_TABLES.map((table) => `${table}_${suffixOf(day)}`).join(', ');
  for (let tries = 1; ; tries++) {
    try {
      await database.transaction(async (tx) => {
        await tx.query(`SET LOCAL lock_timeout = ${LOCK_TIMEOUT_MS}`);
        await tx.query(`DROP TABLE IF EXISTS ${tables}`);
      });
      return;
    } catch (error) {
      if (!(error instanceof Unavailable) || tries === DROP_TRIES || signal.aborted) throw error;
      await sleep(LOCK_TIMEOUT_MS * Math.random(), undefined, { signal }).catch(() => {});
    }
  }
}
