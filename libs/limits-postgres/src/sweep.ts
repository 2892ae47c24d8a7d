import type { Database } from '@hookline/database';

/** A change adds one row at most, so sweeping twice as many as there were changes keeps up. */
const CHANGES_PER_SWEEP = 50;

/** Removes what has run out as others come. The statement's parameters: now, and how many rows may go. */
export function createSweep(database: Database, statement: string): (changes: number, nowMs: number) => Promise<void> {
  let since = 0;
  return async (changes, nowMs) => {
    since += changes;
    if (since < CHANGES_PER_SWEEP) return;
    const limit = 2 * since;
    since = 0;
    await database.query(statement, [nowMs, limit]);
  };
}
