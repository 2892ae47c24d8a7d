import type { Database } from '@hookline/database';
import { BREAKER_POLICY, type BreakerPolicy } from '@hookline/domain';
import type { DeduplicationOptions, Limits } from '@hookline/limits';
import { createPostgresBreakers } from './breakers.ts';
import { createPostgresDeduplication } from './deduplication.ts';
import { createPostgresRates } from './rates.ts';
import { createPostgresSlots } from './slots.ts';
import { createPostgresTallies } from './tallies.ts';

export interface PostgresLimitsOptions {
  database: Database;
  breaker?: BreakerPolicy;
  deduplication: DeduplicationOptions;
  /** Told how many keys were forgotten before they ran out, because there were more than `maxKeys`. */
  onDropped?: (count: number) => void;
}

/** Limits on the tables of migrations 0003, 0004 and 0051, on a server or PGlite, shared by all who use them. The database stays open at `close`. */
export function createPostgresLimits(options: PostgresLimitsOptions): Limits {
  const { database, breaker = BREAKER_POLICY, deduplication, onDropped = () => {} } = options;
  return {
    rates: createPostgresRates(database),
    tallies: createPostgresTallies(database),
    slots: createPostgresSlots(database),
    breakers: createPostgresBreakers(database, breaker),
    deduplication: createPostgresDeduplication(database, deduplication, onDropped),
    ping: (deadlineMs) => database.ping(deadlineMs),
    close: async () => {},
  };
}
