import type { Database } from '@hookline/database';
import type { DeduplicationOptions, Limits } from '@hookline/limits';
import { createPostgresDeduplication } from './deduplication.ts';
import { createPostgresRates } from './rates.ts';

export interface PostgresLimitsOptions {
  database: Database;
  deduplication: DeduplicationOptions;
  /** Told how many keys were forgotten before they ran out, because there were more than `maxKeys`. */
  onDropped?: (count: number) => void;
}

/** Limits on the tables of migration 0003, on a server or PGlite, shared by all who use them. The database stays open at `close`. */
export function createPostgresLimits({ database, deduplication, onDropped = () => {} }: PostgresLimitsOptions): Limits {
  return {
    rates: createPostgresRates(database),
    deduplication: createPostgresDeduplication(database, deduplication, onDropped),
    ping: (deadlineMs) => database.ping(deadlineMs),
    close: async () => {},
  };
}
