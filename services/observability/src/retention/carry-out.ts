import { setTimeout as sleep } from 'node:timers/promises';
import { trimAuditLog, type Database, type Parameter } from '@hookline/database';
import { Unavailable } from '@hookline/domain';
import { makeDay } from '../write/days.ts';
import { isoDay, suffixOf, type Day } from '../write/place.ts';
import { DAY_TABLES } from './days.ts';
import type { RetentionPlan } from './plan.ts';

/** Rows; of days that were dropped, as PostgreSQL estimated them. */
export interface Removed {
  days: Day[];
  events: number;
  deadLetters: number;
  auditEntries: number;
  failures: Failure[];
}

/** One of the steps, by what it does with a day (`make`, `drop`, `thin`) or by the table that it deletes from. */
interface Step {
  step: string;
  /** `2026-11-27`. */
  day?: string;
  tenant?: string;
}

/** What could not be done now; everything else was. */
interface Failure extends Step {
  error: Error;
}

/** Rows of one statement, and the pause after it: deletion must not be felt by whoever writes and reads. */
const STEP = 1_000;
const PAUSE_MS = 20;
/** Dropping waits for reads of that table, and whatever comes then waits for it: rather try again later. */
const LOCK_TIMEOUT_MS = 500;
const DROP_TRIES = 10;
const PING_MS = 2_000;
/** What has been erased can't come back once no topic holds it any more, and nothing waits for longer. */
const ERASED_MS = 400 * 86_400_000;

/**
 * Stops between two steps when `signal` is aborted; what is left is done the next time. A step that fails holds up none of the others.
 * @throws Unavailable once the database itself is away
 */
export async function carryOut(
  database: Database,
  plan: RetentionPlan,
  nowMs: number,
  signal: AbortSignal,
): Promise<Removed> {
  const removed: Removed = { days: [], events: 0, deadLetters: 0, auditEntries: 0, failures: [] };

  async function attempt(step: Step, work: () => Promise<unknown>): Promise<void> {
    if (signal.aborted) return;
    try {
      await work();
    } catch (error) {
      if (signal.aborted) return;
      await database.ping(PING_MS);
      removed.failures.push({ ...step, error: error as Error });
    }
  }

  for (const day of plan.make) await attempt({ step: 'make', day: isoDay(day) }, () => makeDay(database, day));
  for (const { day, events } of plan.drop) {
    await attempt({ step: 'drop', day: isoDay(day) }, async () => {
      // Whoever holds one day often holds all, and each try holds up those who write: the others get one.
      const tries = removed.failures.some(({ step }) => step === 'drop') ? 1 : DROP_TRIES;
      await dropDay(database, day, tries, signal);
      removed.days.push(day);
      removed.events += events;
    });
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
    for (const day of days) {
      await attempt({ step: 'thin', day: isoDay(day), tenant }, () => thin(tenant, suffixOf(day)));
    }
  }
  const letters = (condition: string) =>
    `DELETE FROM dead_letters WHERE id IN (SELECT id FROM dead_letters WHERE dead_at < $1 ${condition} LIMIT ${STEP})`;
  await attempt({ step: 'dead_letters' }, async () => {
    removed.deadLetters += await inSteps(letters(''), [new Date(plan.deadLettersBeforeMs)]);
  });
  for (const [tenant, beforeMs] of plan.tenantsDeadLettersBeforeMs) {
    await attempt({ step: 'dead_letters', tenant }, async () => {
      removed.deadLetters += await inSteps(letters('AND tenant = $2'), [new Date(beforeMs), tenant]);
    });
  }
  await attempt({ step: 'audit_log' }, async () => {
    while (!signal.aborted) {
      const trimmed = await trimAuditLog(database, new Date(plan.auditLogBeforeMs), STEP);
      removed.auditEntries += trimmed;
      if (trimmed < STEP) break;
      await sleep(PAUSE_MS, undefined, { signal }).catch(() => {});
    }
  });
  for (const { table, column, beforeMs } of [
    { table: 'recoveries', column: 'finished_at', beforeMs: plan.deadLettersBeforeMs },
    { table: 'erased_events', column: 'erased_at', beforeMs: nowMs - ERASED_MS },
    { table: 'cancelled_events', column: 'cancelled_at', beforeMs: nowMs - ERASED_MS },
  ]) {
    await attempt({ step: table }, () =>
      database.query(`DELETE FROM ${table} WHERE ${column} < $1`, [new Date(beforeMs)]),
    );
  }
  return removed;
}

async function dropDay(database: Database, day: Day, mostTries: number, signal: AbortSignal): Promise<void> {
  const tables = DAY_TABLES.map((table) => `${table}_${suffixOf(day)}`).join(', ');
  for (let tries = 1; ; tries++) {
    try {
      await database.transaction(async (tx) => {
        await tx.query(`SET LOCAL lock_timeout = ${LOCK_TIMEOUT_MS}`);
        await tx.query(`DROP TABLE IF EXISTS ${tables}`);
      });
      return;
    } catch (error) {
      if (!(error instanceof Unavailable) || tries >= mostTries || signal.aborted) throw error;
      await sleep(LOCK_TIMEOUT_MS * Math.random(), undefined, { signal }).catch(() => {});
    }
  }
}
