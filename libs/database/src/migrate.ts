import { Conflict } from '@hookline/domain';
import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Database, Queryable } from './database.ts';
import { sqlState } from './errors.ts';

interface Migration {
  version: number;
  name: string;
  sql: string;
  checksum: string;
}

/** `applied` as the file is; `changed`: the file is another now; `unknown`: there is no such file, so a newer version applied it. */
export interface MigrationState {
  version: number;
  name: string;
  state: 'applied' | 'pending' | 'changed' | 'unknown';
  appliedAt: Date | null;
}

const FILE_NAME = /^(\d{4})-[a-z0-9-]+\.sql$/;
const WAIT_MS = 60_000;
/** A table that is large may be copied. */
const MIGRATION_MS = 3_600_000;

/**
 * Applies the files of `folder` (`0001-name.sql`, ...) that have not been applied yet, in order, each in a transaction of its own.
 * Several processes may call it at once. Resolves with the names of those applied now; rejects with Conflict, having applied none,
 * if a file that was applied has changed since. Each file has an hour.
 */
export async function migrate(database: Database, folder: string): Promise<string[]> {
  const migrations = await readMigrations(folder);
  return database.exclusively('migrate', WAIT_MS, async () => {
    await database.query(
      `CREATE TABLE IF NOT EXISTS schema_migrations (
        version integer PRIMARY KEY,
        name text NOT NULL,
        checksum text NOT NULL,
        applied_at timestamptz NOT NULL DEFAULT now()
      )`,
    );
    const pending = await findPending(database, migrations);
    for (const migration of pending) {
      await database.transaction((tx) => apply(tx, migration), MIGRATION_MS);
    }
    return pending.map(({ name }) => name);
  });
}

/** The names of the files that `migrate` would apply. Changes nothing. */
export async function pendingMigrations(database: Database, folder: string): Promise<string[]> {
  const pending = await findPending(database, await readMigrations(folder));
  return pending.map(({ name }) => name);
}

/** What was applied and what would be, by number. Changes nothing. */
export async function migrationStates(database: Database, folder: string): Promise<MigrationState[]> {
  const applied = new Map((await readApplied(database)).map((row) => [row.version, row]));
  const files = await readMigrations(folder);
  const states = files.map(({ version, name, checksum }): MigrationState => {
    const row = applied.get(version);
    if (row === undefined) return { version, name, state: 'pending', appliedAt: null };
    return { version, name, state: row.checksum === checksum ? 'applied' : 'changed', appliedAt: row.appliedAt };
  });
  for (const { version } of files) applied.delete(version);
  const unknown = [...applied.values()].map(({ version, name, appliedAt }): MigrationState => ({
    version,
    name,
    state: 'unknown',
    appliedAt,
  }));
  return [...states, ...unknown].toSorted((one, other) => one.version - other.version);
}

interface AppliedMigration {
  version: number;
  name: string;
  checksum: string;
  appliedAt: Date;
}

async function readApplied(database: Queryable): Promise<AppliedMigration[]> {
  const { rows } = await database.query<{ present: boolean }>(
    `SELECT to_regclass('schema_migrations') IS NOT NULL AS present`,
  );
  if (rows[0]?.present !== true) return [];
  const applied = await database.query<AppliedMigration>(
    'SELECT version, name, checksum, applied_at AS "appliedAt" FROM schema_migrations',
  );
  return applied.rows;
}

async function apply(tx: Queryable, { version, name, sql, checksum }: Migration): Promise<void> {
  // Without parameters a query may hold several statements.
  await tx.query(sql).catch((error: unknown) => {
    if (sqlState(error) === undefined) throw error;
    throw new Error(`migration ${name} fails: ${(error as Error).message}`, { cause: error });
  });
  await tx.query('INSERT INTO schema_migrations (version, name, checksum) VALUES ($1, $2, $3)', [
    version,
    name,
    checksum,
  ]);
}

async function findPending(database: Queryable, migrations: Migration[]): Promise<Migration[]> {
  const applied = new Map((await readApplied(database)).map(({ version, checksum }) => [version, checksum]));
  for (const { version, name, checksum } of migrations) {
    if (applied.has(version) && applied.get(version) !== checksum) {
      throw new Conflict(`migration ${name} was changed after it had been applied; write a new one instead`);
    }
  }
  return migrations.filter(({ version }) => !applied.has(version));
}

async function readMigrations(folder: string): Promise<Migration[]> {
  const files = (await readdir(folder)).filter((file) => file.endsWith('.sql')).sort();
  const versions = new Set<number>();
  const migrations: Migration[] = [];
  for (const file of files) {
    const version = Number(FILE_NAME.exec(file)?.[1]);
    if (Number.isNaN(version)) throw new Error(`migration ${file} must be named like 0001-event-log.sql`);
    if (versions.has(version)) throw new Error(`two migrations have the number of ${file}`);
    versions.add(version);
    const sql = await readFile(join(folder, file), 'utf8');
    const checksum = createHash('sha256').update(sql.replaceAll('\r\n', '\n')).digest('hex');
    migrations.push({ version, name: file.slice(0, -'.sql'.length), sql, checksum });
  }
  return migrations;
}
