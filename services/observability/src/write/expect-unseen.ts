import { isUniqueViolation, sqlState, type Database } from '@hookline/database';
import type { Entry } from './rows.ts';
import { writeEntries, type EntriesByDay, type Written } from './write-entries.ts';

/*
 * Looking for a row before inserting it costs PostgreSQL a fourth of all that it does for it, and what comes is nearly always new. So nothing is looked for
 * until something was there: after a crash, in a rebalance, or where a delivery was deferred before it succeeded. That transaction is made again, looking,
 * and so are those that follow for a while: each that fails leaves dead rows and a line in the server's log.
 */

const LOOK_FOR_MS = 10_000;
const LOOK_AT_MOST_MS = 600_000;

export type WriteRows = (entries: readonly Entry[], days: EntriesByDay) => Promise<Written>;

export function createWriteRows(database: Database, nowMs: () => number = () => performance.now()): WriteRows {
  let lookUntilMs = -Infinity;
  let lookForMs = LOOK_FOR_MS;

  function lookForLonger(): void {
    const failedSoon = nowMs() - lookUntilMs < lookForMs;
    lookForMs = failedSoon ? Math.min(2 * lookForMs, LOOK_AT_MOST_MS) : LOOK_FOR_MS;
    lookUntilMs = nowMs() + lookForMs;
  }

  return async (entries, days) => {
    if (nowMs() >= lookUntilMs) {
      try {
        return await writeEntries(database, entries, days, 'unseen');
      } catch (error) {
        if (!isAboutOthers(error)) throw error;
        lookForLonger();
      }
    }
    return writeEntries(database, entries, days, 'any');
  };
}

/** A row was there, or this and another writer waited for each other's rows (40P01). */
function isAboutOthers(error: unknown): boolean {
  return isUniqueViolation(error) || (error instanceof Error && sqlState(error.cause) === '40P01');
}
