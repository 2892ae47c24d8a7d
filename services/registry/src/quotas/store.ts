import type { Queryable } from '@hookline/database';
import { QUOTAS, type QuotaOverrides } from '@hookline/domain';
import type { QuotaChanges } from '@hookline/service-kit';

type Row = Partial<Record<(typeof QUOTAS)[number], number | null>>;

const COLUMNS = QUOTAS.join(', ');
const PAGE = 1_000;

export async function readOverrides(database: Queryable, tenant: string): Promise<QuotaOverrides> {
  const { rows } = await database.query<Row>(`SELECT ${COLUMNS} FROM tenant_quotas WHERE tenant = $1`, [tenant]);
  return overridesOf(rows[0] ?? {});
}

/** Whoever takes the lock of the revision next commits later, so revisions are in commit order; it is held until the transaction ends. */
export async function lockOverrides(
  tx: Queryable,
  tenant: string,
): Promise<{ overrides: QuotaOverrides; revision: number }> {
  const { rows } = await tx.query<{ revision: number }>(
    'UPDATE quotas_revision SET revision = revision + 1 RETURNING revision',
  );
  return { overrides: await readOverrides(tx, tenant), revision: rows[0]!.revision };
}

export async function writeOverrides(
  tx: Queryable,
  tenant: string,
  overrides: QuotaOverrides,
  revision: number,
): Promise<void> {
  await tx.query(
    `INSERT INTO tenant_quotas (tenant, ${COLUMNS}, revision) VALUES ($1, $2, $3, $4, $5)
     ON CONFLICT (tenant) DO UPDATE SET webhooks = $2, events_per_day = $3, payload_bytes = $4, revision = $5`,
    [tenant, ...QUOTAS.map((name) => overrides[name] ?? null), revision],
  );
}

/** A revision that there has not been yet is that of a database that was restored since: all is told anew. */
export async function quotaChangesSince(database: Queryable, cursor: string): Promise<QuotaChanges> {
  const asked = /^\d{1,15}$/.test(cursor) ? Number(cursor) : 0;
  const { rows } = await database.query<Row & { tenant: string | null; revision: number | null; latest: number }>(
    `SELECT latest.revision AS latest, tenant, changed.revision, ${COLUMNS}
     FROM quotas_revision AS latest LEFT JOIN tenant_quotas AS changed
       ON changed.revision > CASE WHEN $1::bigint > latest.revision THEN 0 ELSE $1::bigint END
     ORDER BY changed.revision LIMIT ${PAGE}`,
    [asked],
  );
  // Without any there is one row that has none.
  const changes = rows.flatMap(({ tenant, ...row }) =>
    tenant === null ? [] : { tenant, overrides: overridesOf(row) },
  );
  const { latest } = rows[0]!;
  const more = rows.length === PAGE;
  return {
    changes,
    cursor: String(more ? rows.at(-1)!.revision : latest),
    more,
    fromStart: asked === 0 || asked > latest,
  };
}

/** Says whether nobody had told the tenant of it on that day yet. */
export async function noteWarned(
  tx: Queryable,
  { tenant, quota, percent, day }: { tenant: string; quota: string; percent: number; day: string },
): Promise<boolean> {
  const { rowCount } = await tx.query(
    `INSERT INTO quota_warnings AS told (tenant, quota, percent, day) VALUES ($1, $2, $3, $4)
     ON CONFLICT (tenant, quota, percent) DO UPDATE SET day = excluded.day WHERE told.day < excluded.day`,
    [tenant, quota, percent, day],
  );
  return rowCount > 0;
}

function overridesOf(row: Row): QuotaOverrides {
  return Object.fromEntries(QUOTAS.flatMap((name) => (typeof row[name] === 'number' ? [[name, row[name]]] : [])));
}
