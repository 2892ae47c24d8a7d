import type { Queryable } from '@hookline/database';
import type { Revocations } from '@hookline/service-kit';

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

/** A page that others follow: when the first of them was asked for, and its last row. */
const BETWEEN = /^(\d{1,15})\/(\d{1,16})\/([\w.-]{1,200})$/;

interface Row {
  credential: string | null;
  refused_until: Date;
  asked: Date;
  /** In microseconds, as the database counts. */
  at: string;
}

/** What was revoked since the answer that the cursor came with, and some of what came before it; by pages where that is much. */
export async function revocationsSince(database: Queryable, cursor: string): Promise<Revocations> {
  const [condition, parameters] = conditionOf(cursor);
  const { rows } = await database.query<Row>(
    `SELECT credential, refused_until, asked, (extract(epoch FROM at) * 1000000)::bigint::text AS at
     FROM (SELECT clock_timestamp() AS asked) AS clock LEFT JOIN revocations ON ${condition}
     ORDER BY revocations.at, credential LIMIT ${PAGE}`,
    parameters,
  );
  // Without any there is one row that has none.
  const revocations = rows.flatMap(({ credential, refused_until: until }) =>
    credential === null ? [] : { credential, refusedUntilMs: until.getTime() },
  );
  const last = rows.at(-1);
  const more = rows.length === PAGE;
  // What commits behind a page while the next ones are read is found by what overlaps the beginning.
  const begun = BETWEEN.exec(cursor)?.[1] ?? String(rows[0]?.asked.getTime() ?? '');
  return { revocations, cursor: more ? `${begun}/${last?.at}/${last?.credential}` : begun, more };
}

function conditionOf(cursor: string): [string, (Date | string)[]] {
  const [, , at, credential] = BETWEEN.exec(cursor) ?? [];
  if (at !== undefined && credential !== undefined) {
    const time = `'epoch'::timestamptz + $1::bigint * interval '1 microsecond'`;
    return [`(at, credential) > (${time}, $2)`, [at, credential]];
  }
  if (/^\d{1,15}$/.test(cursor)) return [`at > $1::timestamptz - ${OVERLAP}`, [new Date(Number(cursor))]];
  return ['refused_until > asked', []];
}
