import type { Queryable } from '@hookline/database';
import type { FoundApiKey } from '@hookline/service-kit';

export interface StoredApiKey {
  id: string;
  tenant: string;
  name: string;
  scopes: string[];
  createdBy: string;
  createdAt: Date;
  expiresAt: Date | null;
  /** To the minute. */
  lastUsedAt: Date | null;
  /** Requests, and events, per second; null: none of its own. */
  rateLimit: number | null;
  /** Newest first. */
  secrets: StoredSecret[];
}

/** What proves an API key, without the proof itself. */
export interface StoredSecret {
  /** Its last characters. */
  ending: string;
  createdAt: Date;
  expiresAt: Date | null;
}

const COLUMNS = `id, tenant, name, scopes, created_by AS "createdBy", created_at AS "createdAt", expires_at AS "expiresAt",
  last_used_at AS "lastUsedAt", rate_limit AS "rateLimit"`;

export async function insertApiKey(tx: Queryable, key: Omit<StoredApiKey, 'secrets' | 'lastUsedAt'>): Promise<void> {
  await tx.query(
    `INSERT INTO api_keys (id, tenant, name, scopes, created_by, created_at, expires_at, rate_limit)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`,
    [key.id, key.tenant, key.name, key.scopes, key.createdBy, key.createdAt, key.expiresAt, key.rateLimit],
  );
}

export async function setRateLimit(tx: Queryable, id: string, rateLimit: number | null): Promise<void> {
  await tx.query('UPDATE api_keys SET rate_limit = $2 WHERE id = $1', [id, rateLimit]);
}

export async function insertSecret(
  tx: Queryable,
  keyId: string,
  { hash, ending, createdAt }: { hash: string; ending: string; createdAt: Date },
): Promise<void> {
  await tx.query('INSERT INTO api_key_secrets (hash, key_id, ending, created_at) VALUES ($1, $2, $3, $4)', [
    hash,
    keyId,
    ending,
    createdAt,
  ]);
}

/** Those that go on for good end now, or soon; those that have ended go. Answers the hashes of those that went. */
export async function endSecrets(tx: Queryable, keyId: string, now: Date, at: Date): Promise<string[]> {
  await tx.query('UPDATE api_key_secrets SET expires_at = least(expires_at, $2) WHERE key_id = $1', [keyId, at]);
  const { rows } = await tx.query<{ hash: string }>(
    'DELETE FROM api_key_secrets WHERE key_id = $1 AND expires_at <= $2 RETURNING hash',
    [keyId, now],
  );
  return rows.map(({ hash }) => hash);
}

/** Locked until the transaction ends. */
export async function lockApiKey(tx: Queryable, tenant: string, id: string): Promise<StoredApiKey | null> {
  return withSecrets(tx, await select(tx, 'WHERE tenant = $1 AND id = $2 FOR UPDATE', [tenant, id]));
}

export async function findApiKey(database: Queryable, tenant: string, id: string): Promise<StoredApiKey | null> {
  return withSecrets(database, await select(database, 'WHERE tenant = $1 AND id = $2', [tenant, id]));
}

export interface ApiKeyPage {
  limit: number;
  /** An id to go on behind; null for the first page. */
  before: string | null;
  /** Only those that this subject made; null: all. */
  createdBy: string | null;
}

/** Newest first. */
export async function listApiKeys(
  database: Queryable,
  tenant: string,
  { limit, before, createdBy }: ApiKeyPage,
): Promise<StoredApiKey[]> {
  const keys = await select(
    database,
    `WHERE tenant = $1 AND ($3::text IS NULL OR id < $3) AND ($4::text IS NULL OR created_by = $4)
     ORDER BY id DESC LIMIT $2`,
    [tenant, limit, before, createdBy],
  );
  return allWithSecrets(database, keys);
}

/** Those that the subject made, those that these made, and so on; locked until the transaction ends. */
export async function lockMadeBy(tx: Queryable, tenant: string, subject: string): Promise<StoredApiKey[]> {
  const keys = await select(
    tx,
    `WHERE tenant = $1 AND id IN (
       WITH RECURSIVE made (id) AS (
         SELECT id FROM api_keys WHERE tenant = $1 AND created_by = $2
         UNION SELECT key.id FROM api_keys AS key JOIN made ON key.created_by = made.id WHERE key.tenant = $1
       ) SELECT id FROM made
     ) ORDER BY id FOR UPDATE`,
    [tenant, subject],
  );
  return allWithSecrets(tx, keys);
}

/** Says whether it was there. */
export async function deleteApiKey(tx: Queryable, tenant: string, id: string): Promise<boolean> {
  const { rowCount } = await tx.query('DELETE FROM api_keys WHERE tenant = $1 AND id = $2', [tenant, id]);
  return rowCount > 0;
}

export async function countApiKeys(tx: Queryable, tenant: string): Promise<number> {
  const { rows } = await tx.query<{ count: number }>(
    'SELECT count(*)::integer AS count FROM api_keys WHERE tenant = $1',
    [tenant],
  );
  return rows[0]?.count ?? 0;
}

/** Whose key it is, of any tenant; notes that it was used. */
export async function findByHash(database: Queryable, hash: string, now: Date): Promise<FoundApiKey | null> {
  const { rows } = await database.query<{
    id: string;
    tenant: string;
    scopes: string[];
    expires_at: Date | null;
    rate_limit: number | null;
  }>(
    `SELECT key.id, tenant, scopes, least(key.expires_at, secret.expires_at) AS expires_at, rate_limit
     FROM api_key_secrets AS secret JOIN api_keys AS key ON key.id = secret.key_id WHERE hash = $1`,
    [hash],
  );
  const [row] = rows;
  if (row === undefined || (row.expires_at !== null && row.expires_at <= now)) return null;
  await database.query(
    `UPDATE api_keys SET last_used_at = $2::timestamptz
     WHERE id = $1 AND (last_used_at IS NULL OR last_used_at < $2::timestamptz - interval '1 minute')`,
    [row.id, now],
  );
  const { id, tenant, scopes, expires_at: expiresAt, rate_limit: rateLimit } = row;
  return { id, tenant, scopes, expiresAtMs: expiresAt?.getTime() ?? null, rateLimit: rateLimit ?? 0 };
}

type Row = Omit<StoredApiKey, 'secrets'>;

async function select(database: Queryable, where: string, parameters: (string | number | null)[]): Promise<Row[]> {
  const { rows } = await database.query<Row>(`SELECT ${COLUMNS} FROM api_keys ${where}`, parameters);
  return rows;
}

async function withSecrets(database: Queryable, keys: Row[]): Promise<StoredApiKey | null> {
  return (await allWithSecrets(database, keys))[0] ?? null;
}

async function allWithSecrets(database: Queryable, keys: Row[]): Promise<StoredApiKey[]> {
  if (keys.length === 0) return [];
  const { rows } = await database.query<StoredSecret & { keyId: string }>(
    `SELECT key_id AS "keyId", ending, created_at AS "createdAt", expires_at AS "expiresAt"
     FROM api_key_secrets WHERE key_id = ANY($1) ORDER BY created_at DESC, expires_at DESC NULLS FIRST`,
    [keys.map(({ id }) => id)],
  );
  const secrets = Map.groupBy(rows, ({ keyId }) => keyId);
  return keys.map((key) => ({ ...key, secrets: secrets.get(key.id) ?? [] }));
}
