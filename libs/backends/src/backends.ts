import type { Database } from '@hookline/database';
import type { EventLog } from '@hookline/event-log';
import type { Limits } from '@hookline/limits';
import type { RetrySchedule } from '@hookline/retry-schedule';

/** The concrete stores behind the ports, chosen by the configuration; each is opened when first asked for, and once. */
export interface Backends {
  mode: BackendMode;
  database(): Promise<Database>;
  eventLog(): Promise<EventLog>;
  retrySchedule(): Promise<RetrySchedule>;
  limits(): Promise<Limits>;
  /** Closes what was opened, the last opened first. Idempotent. */
  close(): Promise<void>;
}

/** embedded: PGlite and memory, one process. postgres: PostgreSQL for everything. full: Kafka, Redis and PostgreSQL. */
export type BackendMode = 'embedded' | 'postgres' | 'full';
