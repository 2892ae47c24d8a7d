import type { Queryable } from '@hookline/database';
import type { Revocation } from '@hookline/service-kit';

/** Longer than anybody remembers a key that can't be looked up. */
const KEPT = `interval '1 hour'`;
/** Rows commit in another order than that of their times. */
const OVERLAP = `interval '10 seconds'`;
const PAGE = 5_000;

/** Has a credential refused everywhere. @param refusedUntil when the last token that names it has expired; null: it is only to be looked up anew */
export async function revoke(tx: Queryable, credential: string, refusedUntil: Date | null): Promise<void> {
  await tx.query('INSERT INTO revocations (credential, refused_until) VALUES ($1, $2)', [
    credential,
    refusedUntil ?? new Date(0),
  ]);
  await tx.query(`DELETE FROM revocations WHERE at < now() - ${KEPT} AND refused_until < now() - ${KEPT}`);
}

/** What was revoked since the answer that the cursor came with, and some of what came before it. */
export async function revocationsSince(
  database: Queryable,
  cursor: string,
): Promise<{ revocations: Revocation[]; cursor: string }> {
  const since = /^\d{1,15}$/.test(cursor) ? Number(cursor) : null;
  const { rows } = await database.query<{ credential: string; refused_until: Date; at: Date; asked: Date }>(
    `SELECT credential, refused_until, at, asked FROM (SELECT clock_timestamp() AS asked) AS clock
     LEFT JOIN revocations ON ${since === null ? 'refused_until > asked' : `at > $1::timestamptz - ${OVERLAP}`}
     ORDER BY at LIMIT ${PAGE}`,
    since === null ? [] : [new Date(since)],
  );
  const [first, last] = [rows[0], rows.at(-1)];
  // Without any there is one row that has none.
  const revocations = rows.flatMap(({ credential, refused_until: until }) =>
    credential === null ? [] : { credential, refusedUntilMs: until.getTime() },
  );
  const reached = rows.length < PAGE ? first?.asked : last?.at;
  return { revocations, cursor: String(reached?.getTime() ?? '') };
}
