import type { Database } from '@hookline/database';
import { isoDay, type Day } from './place.ts';

/** The tables of days: made when something is to be written there, if retention's work ahead has not made them. */
export interface Days {
  ensure(days: Iterable<Day>): Promise<void>;
  /** One that was there is gone: looks again. */
  forget(): void;
}

export function createDays(database: Database): Days {
  const known = new Set<Day>();
  return {
    async ensure(days) {
      for (const day of days) {
        if (known.has(day)) continue;
        await makeDay(database, day);
        known.add(day);
      }
    },
    forget: () => known.clear(),
  };
}

export async function makeDay(database: Database, day: Day): Promise<void> {
  await database.query('SELECT observability_make_day($1::date)', [isoDay(day)]);
}
