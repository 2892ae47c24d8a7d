/**
 * A relational database that speaks PostgreSQL: a server (pg), or PGlite in a folder of this process.
 * Values read the same from both: int8 as number, timestamptz as Date, jsonb parsed, bytea as Buffer.
 */
export interface Database extends Queryable {
  readonly kind: 'postgres' | 'pglite';

  /**
   * Read committed. Commits when `work` resolves, rolls back when it rejects, and after `maxMs` (30 s). On PGlite one runs at a time: keep it short and wait
   * for nothing outside.
   */
  transaction<T>(work: (tx: Queryable) => Promise<T>, maxMs?: number): Promise<T>;

  /**
   * Runs `work` while no other process or call holds `name`; rejects with LockHeld, an Unavailable, if that takes longer than `waitMs`.
   * Held by a transaction-level lock, so it also works through a transaction pooler, and ends with the process.
   */
  exclusively<T>(name: string, waitMs: number, work: () => Promise<T>): Promise<T>;

  /** Resolves if the database answers within the deadline; rejects with Unavailable otherwise. */
  ping(deadlineMs: number): Promise<void>;

  /** Waits for what is under way. Idempotent. */
  close(): Promise<void>;
}

export interface Queryable {
  /** One parameterised statement. Rejects with Unavailable when the database is away (nothing is known of the statement's fate then). */
  query<Row = Record<string, unknown>>(sql: string, parameters?: readonly Parameter[]): Promise<Result<Row>>;
}

export interface Result<Row> {
  rows: Row[];
  /** Rows returned or changed. */
  rowCount: number;
}

export type Scalar = string | number | boolean | Buffer | Date | null;
/** An array becomes a PostgreSQL array: the named-UNNEST form of a batch. Objects for jsonb are passed as JSON text. */
export type Parameter = Scalar | readonly Scalar[];
