import type { Queryable } from '@hookline/database';
import type { PolicyName, WebhookStatus } from '@hookline/domain';

/** A webhook as it is stored: secrets and header values sealed. */
export interface StoredWebhook {
  id: string;
  tenant: string;
  url: string;
  eventTypes: string[];
  sealedHeaders: string;
  sealedSecrets: string;
  policy: PolicyName;
  description: string | null;
  status: WebhookStatus;
  disabledReason: string | null;
  revision: number;
  createdAt: Date;
  updatedAt: Date;
}

const COLUMNS = `id, tenant, url, event_types AS "eventTypes", sealed_headers AS "sealedHeaders",
  sealed_secrets AS "sealedSecrets", policy, description, status, disabled_reason AS "disabledReason", revision,
  created_at AS "createdAt", updated_at AS "updatedAt"`;

export async function insertWebhook(tx: Queryable, webhook: StoredWebhook): Promise<void> {
  await tx.query(
    `INSERT INTO webhooks (id, tenant, url, event_types, sealed_headers, sealed_secrets, policy, description, status,
       disabled_reason, revision, created_at, updated_at)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)`,
    [
      webhook.id,
      webhook.tenant,
      webhook.url,
      webhook.eventTypes,
      webhook.sealedHeaders,
      webhook.sealedSecrets,
      webhook.policy,
      webhook.description,
      webhook.status,
      webhook.disabledReason,
      webhook.revision,
      webhook.createdAt,
      webhook.updatedAt,
    ],
  );
}

export async function updateWebhook(tx: Queryable, webhook: StoredWebhook): Promise<void> {
  await tx.query(
    `UPDATE webhooks SET url = $3, event_types = $4, sealed_headers = $5, sealed_secrets = $6, policy = $7,
       description = $8, status = $9, disabled_reason = $10, revision = $11, updated_at = $12
     WHERE tenant = $1 AND id = $2`,
    [
      webhook.tenant,
      webhook.id,
      webhook.url,
      webhook.eventTypes,
      webhook.sealedHeaders,
      webhook.sealedSecrets,
      webhook.policy,
      webhook.description,
      webhook.status,
      webhook.disabledReason,
      webhook.revision,
      webhook.updatedAt,
    ],
  );
}

export async function findWebhook(database: Queryable, tenant: string, id: string): Promise<StoredWebhook | null> {
  const { rows } = await database.query<StoredWebhook>(
    `SELECT ${COLUMNS} FROM webhooks WHERE tenant = $1 AND id = $2`,
    [tenant, id],
  );
  return rows[0] ?? null;
}

/** Locked until the transaction ends. */
export async function lockWebhook(tx: Queryable, tenant: string, id: string): Promise<StoredWebhook | null> {
  const { rows } = await tx.query<StoredWebhook>(
    `SELECT ${COLUMNS} FROM webhooks WHERE tenant = $1 AND id = $2 FOR UPDATE`,
    [tenant, id],
  );
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

/** Newest first. @param before an id to go on behind; null for the first page */
export async function listWebhooks(
  database: Queryable,
  tenant: string,
  { limit, before }: { limit: number; before: string | null },
): Promise<StoredWebhook[]> {
  const { rows } =
    before === null
      ? await database.query<StoredWebhook>(
          `SELECT ${COLUMNS} FROM webhooks WHERE tenant = $1 ORDER BY id DESC LIMIT $2`,
          [tenant, limit],
        )
      : await database.query<StoredWebhook>(
          `SELECT ${COLUMNS} FROM webhooks WHERE tenant = $1 AND id < $3 ORDER BY id DESC LIMIT $2`,
          [tenant, limit, before],
        );
  return rows;
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
