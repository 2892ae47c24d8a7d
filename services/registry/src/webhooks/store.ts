import type { Parameter, Queryable } from '@hookline/database';
import type { DeliverySettings, PolicyName, WebhookStatus } from '@hookline/domain';

/** A webhook as it is stored: secrets, credentials and header values sealed. */
export interface StoredWebhook {
  id: string;
  tenant: string;
  /** The client's own name for it. */
  uid: string | null;
  url: string;
  eventTypes: string[];
  sealedHeaders: string;
  sealedSecrets: string;
  sealedCredentials: string | null;
  policy: PolicyName;
  delivery: DeliverySettings;
  description: string | null;
  metadata: Record<string, string>;
  status: WebhookStatus;
  disabledReason: string | null;
  revision: number;
  createdAt: Date;
  updatedAt: Date;
}

const COLUMNS = `id, tenant, uid, url, event_types AS "eventTypes", sealed_headers AS "sealedHeaders",
  sealed_secrets AS "sealedSecrets", sealed_credentials AS "sealedCredentials", policy, delivery, description, metadata,
  status, disabled_reason AS "disabledReason", revision, created_at AS "createdAt", updated_at AS "updatedAt"`;

/** The columns that change, in their order behind tenant and id. */
function changing(webhook: StoredWebhook): Parameter[] {
  return [
    webhook.uid,
    webhook.url,
    webhook.eventTypes,
    webhook.sealedHeaders,
    webhook.sealedSecrets,
    webhook.sealedCredentials,
    webhook.policy,
    JSON.stringify(webhook.delivery),
    webhook.description,
    JSON.stringify(webhook.metadata),
    webhook.status,
    webhook.disabledReason,
    webhook.revision,
    webhook.updatedAt,
  ];
}

export async function insertWebhook(tx: Queryable, webhook: StoredWebhook): Promise<void> {
  await tx.query(
    `INSERT INTO webhooks (tenant, id, uid, url, event_types, sealed_headers, sealed_secrets, sealed_credentials, policy,
       delivery, description, metadata, status, disabled_reason, revision, updated_at, created_at)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17)`,
    [webhook.tenant, webhook.id, ...changing(webhook), webhook.createdAt],
  );
}

export async function updateWebhook(tx: Queryable, webhook: StoredWebhook): Promise<void> {
  await tx.query(
    `UPDATE webhooks SET uid = $3, url = $4, event_types = $5, sealed_headers = $6, sealed_secrets = $7,
       sealed_credentials = $8, policy = $9, delivery = $10, description = $11, metadata = $12, status = $13,
       disabled_reason = $14, revision = $15, updated_at = $16
     WHERE tenant = $1 AND id = $2`,
    [webhook.tenant, webhook.id, ...changing(webhook)],
  );
}

/** What a call names a webhook by: its id, or the client's own name for it. */
export type WebhookName = { by: 'id' | 'uid'; name: string };

export async function findWebhook(
  database: Queryable,
  tenant: string,
  { by, name }: WebhookName,
): Promise<StoredWebhook | null> {
  const { rows } = await database.query<StoredWebhook>(
    `SELECT ${COLUMNS} FROM webhooks WHERE tenant = $1 AND ${by} = $2`,
    [tenant, name],
  );
  return rows[0] ?? null;
}

/** Locked until the transaction ends. */
export async function lockWebhook(
  tx: Queryable,
  tenant: string,
  { by, name }: WebhookName,
): Promise<StoredWebhook | null> {
  const { rows } = await tx.query<StoredWebhook>(
    `SELECT ${COLUMNS} FROM webhooks WHERE tenant = $1 AND ${by} = $2 FOR UPDATE`,
    [tenant, name],
  );
  return rows[0] ?? null;
}

export async function findWebhookOfAnyTenant(database: Queryable, id: string): Promise<StoredWebhook | null> {
  const { rows } = await database.query<StoredWebhook>(`SELECT ${COLUMNS} FROM webhooks WHERE id = $1`, [id]);
  return rows[0] ?? null;
}

/** Whoever they belong to; locked in the order of ids, so that two who lock several never wait for each other. */
export async function lockWebhooksOfAnyTenant(tx: Queryable, ids: readonly string[]): Promise<StoredWebhook[]> {
  const { rows } = await tx.query<StoredWebhook>(
    `SELECT ${COLUMNS} FROM webhooks WHERE id = ANY($1) ORDER BY id FOR UPDATE`,
    [ids],
  );
  return rows;
}

/** Of any tenant, in their order. */
export async function webhookIdsAfter(database: Queryable, after: string, limit: number): Promise<string[]> {
  const { rows } = await database.query<{ id: string }>('SELECT id FROM webhooks WHERE id > $1 ORDER BY id LIMIT $2', [
    after,
    limit,
  ]);
  return rows.map(({ id }) => id);
}

/** Which webhooks of a tenant; what is null doesn't matter. */
export interface WebhookFilter {
  /** They have one of these. */
  patterns: readonly string[] | null;
  /** They have a pattern that begins with it. */
  patternPrefix: string | null;
  /** Neither of these: disabled. */
  activeOnly: boolean;
}

/** Newest first. @param before an id to go on behind; null for the first page */
export async function listWebhooks(
  database: Queryable,
  tenant: string,
  { limit, before, filter }: { limit: number; before: string | null; filter: WebhookFilter },
): Promise<StoredWebhook[]> {
  const parameters: Parameter[] = [tenant, limit];
  const conditions = conditionsOf(filter, parameters);
  if (before !== null) conditions.push(`id < $${parameters.push(before)}`);
  const { rows } = await database.query<StoredWebhook>(
    `SELECT ${COLUMNS} FROM webhooks WHERE ${['tenant = $1', ...conditions].join(' AND ')} ORDER BY id DESC LIMIT $2`,
    parameters,
  );
  return rows;
}

function conditionsOf({ patterns, patternPrefix, activeOnly }: WebhookFilter, parameters: Parameter[]): string[] {
  const conditions: string[] = [];
  if (patterns !== null) conditions.push(`event_types && $${parameters.push([...patterns])}::text[]`);
  if (patternPrefix !== null) {
    const prefix = `$${parameters.push(patternPrefix)}`;
    conditions.push(`EXISTS (SELECT 1 FROM unnest(event_types) AS pattern WHERE starts_with(pattern, ${prefix}))`);
  }
  if (activeOnly) conditions.push(`status <> 'disabled'`);
  return conditions;
}

/** Those that are sent, or keep, what one of the patterns matches. */
export async function countMatching(database: Queryable, tenant: string, patterns: readonly string[]): Promise<number> {
  const { rows } = await database.query<{ count: number }>(
    `SELECT count(*)::integer AS count FROM webhooks WHERE tenant = $1 AND event_types && $2::text[] AND status <> 'disabled'`,
    [tenant, [...patterns]],
  );
  return rows[0]?.count ?? 0;
}

export async function deleteWebhook(tx: Queryable, tenant: string, id: string): Promise<void> {
  await tx.query('DELETE FROM webhooks WHERE tenant = $1 AND id = $2', [tenant, id]);
}

/** Counts to `limit` at most. */
export async function countWebhooks(tx: Queryable, tenant: string, limit: number): Promise<number> {
  const { rows } = await tx.query<{ count: number }>(
    'SELECT count(*)::integer AS count FROM (SELECT 1 FROM webhooks WHERE tenant = $1 LIMIT $2) AS found',
    [tenant, limit],
  );
  return rows[0]?.count ?? 0;
}

/** In characters, each filter as `filter_length` has it. */
interface FilterLengths {
  next: number;
  /** Zero: the webhook had none, or is new. */
  stored: number;
  /** Of all the tenant's other webhooks. */
  others: number;
}

/** @param filter the one that the webhook is to have */
export async function lengthsOfFilters(
  tx: Queryable,
  { tenant, id }: { tenant: string; id: string },
  filter: object,
): Promise<FilterLengths> {
  const { rows } = await tx.query<FilterLengths>(
    `SELECT length(($3::jsonb)::text) AS next,
       coalesce(sum(filter_length) FILTER (WHERE id = $2), 0)::integer AS stored,
       coalesce(sum(filter_length) FILTER (WHERE id <> $2), 0)::integer AS others
     FROM webhooks WHERE tenant = $1 AND filter_length > 0`,
    [tenant, id, JSON.stringify(filter)],
  );
  // An aggregate always has a row.
  return rows[0] as FilterLengths;
}

export async function isUidTaken(tx: Queryable, tenant: string, uid: string): Promise<boolean> {
  const { rowCount } = await tx.query('SELECT 1 FROM webhooks WHERE tenant = $1 AND uid = $2', [tenant, uid]);
  return rowCount > 0;
}
