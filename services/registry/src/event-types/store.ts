import type { Queryable } from '@hookline/database';
import type { EventTypeSettings } from './check-event-type.ts';

export interface StoredEventType extends EventTypeSettings {
  version: number;
  createdAt: Date;
  updatedAt: Date;
}

const COLUMNS = `name, description, example, schema, on_mismatch AS "onMismatch", version, created_at AS "createdAt",
  updated_at AS "updatedAt"`;

export async function findEventType(tx: Queryable, tenant: string, name: string): Promise<StoredEventType | null> {
  const { rows } = await tx.query<StoredEventType>(
    `SELECT ${COLUMNS} FROM event_types WHERE tenant = $1 AND name = $2`,
    [tenant, name],
  );
  return rows[0] ?? null;
}

/** Whoever changes a tenant's event types waits for whoever does; what is read then stays so until the transaction ends. */
export async function lockTenant(tx: Queryable, tenant: string): Promise<void> {
  await tx.query('SELECT 1 FROM tenants WHERE id = $1 FOR NO KEY UPDATE', [tenant]);
}

export async function countEventTypes(tx: Queryable, tenant: string): Promise<number> {
  const { rows } = await tx.query<{ count: number }>(
    'SELECT count(*)::integer AS count FROM event_types WHERE tenant = $1',
    [tenant],
  );
  return rows[0]?.count ?? 0;
}

export async function upsertEventType(tx: Queryable, tenant: string, type: StoredEventType): Promise<void> {
  await tx.query(
    `INSERT INTO event_types (tenant, name, description, example, schema, on_mismatch, version, created_at, updated_at)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
     ON CONFLICT (tenant, name) DO UPDATE SET description = excluded.description, example = excluded.example,
       schema = excluded.schema, on_mismatch = excluded.on_mismatch, version = excluded.version,
       updated_at = excluded.updated_at`,
    [
      tenant,
      type.name,
      type.description,
      type.example,
      type.schema,
      type.onMismatch,
      type.version,
      type.createdAt,
      type.updatedAt,
    ],
  );
}

/** By name. @param after a name to go on behind; empty for the first page */
export async function listEventTypes(
  database: Queryable,
  tenant: string,
  { limit, after }: { limit: number; after: string },
): Promise<StoredEventType[]> {
  const { rows } = await database.query<StoredEventType>(
    `SELECT ${COLUMNS} FROM event_types WHERE tenant = $1 AND name > $3 ORDER BY name LIMIT $2`,
    [tenant, limit, after],
  );
  return rows;
}

/** @param version of its end: higher than all that it had */
export async function deleteEventType(tx: Queryable, tenant: string, name: string, version: number): Promise<void> {
  await tx.query('DELETE FROM event_types WHERE tenant = $1 AND name = $2', [tenant, name]);
  await tx.query('INSERT INTO event_type_deletions (tenant, name, version) VALUES ($1, $2, $3)', [
    tenant,
    name,
    version,
  ]);
}
