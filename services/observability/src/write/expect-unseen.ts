import { isUniqueViolation, sqlState, type Database } from '@hookline/database';
import type { Entry } from './rows.ts';
import { writeEntries, type EntriesByDay, type Written } from './write-entries.ts';

/*
 * Looking for a row before inserting it costs PostgreSQL a fourth of all that it does for it, and what comes is nearly always new. So nothing is looked for
 * until something was there: after a crash, in a rebalance, or where an id was published again. That transaction is made again, looking,
 * and so are those that follow for a while: each that fails leaves dead rows and a line in the server's log.
 */

const LOOK_FOR_MS = 10_000;
const LOOK_AT_MOST_MS = 600_000;

export type WriteRows = (entries: readonly Entry[], days: EntriesByDay) => Promise<Written>;

/** @param onMet a transaction has met a row that was there, and is made again */
export function createWriteRows(
  database: Database,
  onMet: () => void,
  nowMs: () => number = () => performance.now(),
): WriteRows {
  let lookUntilMs = -Infinity;
  let lookForMs = LOOK_FOR_MS;

  function lookForLonger(): void {
    const metSoon = nowMs() - lookUntilMs < lookForMs;
    lookForMs = metSoon ? Math.min(2 * lookForMs, LOOK_AT_MOST_MS) : LOOK_FOR_MS;
    lookUntilMs = nowMs() + lookForMs;
    onMet();
  }

  return async (entries, days) => {
    try {
      return await writeEntries(database, entries, days, nowMs() < lookUntilMs ? 'any' : 'unseen');
    } catch (error) {
      if (!isUniqueViolation(error) && !isDeadlock(error)) throw error;
      lookForLonger();
      return writeEntries(database, entries, days, 'any');
    }
  };
}

/** Of two writers that met, each waited for rows of the other. Either may be the one that PostgreSQL refuses, also where it looks. */
function isDeadlock(error: unknown): boolean {
  return error instanceof Error && sqlState(error.cause) === '40P01';
}
