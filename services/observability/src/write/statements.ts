import { binaryArray, type Queryable } from '@hookline/database';
import { insertAll, type Columns } from './insert.ts';
import type { AttemptRow, DeadLetterRow, DeliveryRow, EventRow, MetadataRow } from './rows.ts';

const EVENT: Columns<EventRow> = {
  tenant: 'text',
  id: 'text',
  accepted_at: 'time',
  type: 'text',
  source: 'text',
  time: 'text',
  content_type: 'text',
  subject: 'text',
  partition_key: 'text',
  metadata: 'jsonb',
  size_bytes: 'integer',
  data: 'bytea',
  options: 'text',
};

const METADATA: Columns<MetadataRow> = { tenant: 'text', pair: 'bigint', accepted_at: 'time', event_id: 'text' };

const ATTEMPT: Columns<AttemptRow> = {
  delivery_id: 'text',
  id: 'text',
  accepted_at: 'time',
  number: 'integer',
  trigger: 'text',
  class: 'text',
  status: 'integer',
  started_at: 'time',
  duration_ms: 'integer',
  detail: 'text',
};

const DELIVERY: Columns<DeliveryRow> = {
  id: 'text',
  tenant: 'text',
  webhook_id: 'text',
  accepted_at: 'time',
  event_id: 'text',
  event_type: 'text',
  attempt_count: 'integer',
  first_attempt_at: 'time',
  state: 'text',
  state_rank: 'integer',
  state_at: 'time',
  next_attempt_at: 'time',
  reason: 'text',
  last_attempt_id: 'text',
  last_number: 'integer',
  last_started_at: 'time',
  last_status: 'integer',
  last_class: 'text',
  once_id: 'text',
  once_status: 'integer',
  once_started_at: 'time',
  once_duration_ms: 'integer',
  once_detail: 'text',
};

const DEAD_LETTER: Columns<DeadLetterRow> = {
  id: 'text',
  tenant: 'text',
  webhook_id: 'text',
  event_id: 'text',
  event_type: 'text',
  event_source: 'text',
  event_time: 'text',
  event_headers: 'text',
  accepted_at: 'time',
  content_type: 'text',
  data: 'bytea',
  reason: 'text',
  attempts: 'integer',
  first_attempt_at: 'time',
  dead_at: 'time',
};

const LATER_STATE = `(excluded.state_rank, excluded.state_at, excluded.state) > (d.state_rank, d.state_at, d.state)`;
/** Null where the new row has no attempt, true where the stored one has none. */
const LATER_ATTEMPT = `(excluded.last_number, excluded.last_attempt_id)
    > (coalesce(d.last_number, 0), coalesce(d.last_attempt_id, ''))`;

/** An attempt comes into its delivery's row only with that row: of one that is there, only the table of attempts can say whether it has it already. */
const MOVE_DELIVERY = `ON CONFLICT (id) DO UPDATE SET
  moved = true,
  first_attempt_at = LEAST(d.first_attempt_at, excluded.first_attempt_at),
  attempt_count = GREATEST(d.attempt_count, excluded.attempt_count),
  ${either(LATER_STATE, ['state', 'state_rank', 'state_at', 'next_attempt_at', 'reason'])},
  ${either(LATER_ATTEMPT, ['last_attempt_id', 'last_number', 'last_started_at', 'last_status', 'last_class'])}
WHERE ${LATER_STATE}
  OR ${LATER_ATTEMPT}
  OR excluded.first_attempt_at < coalesce(d.first_attempt_at, 'infinity')
  OR excluded.attempt_count > d.attempt_count`;

/** One that dies again is a new letter, whatever was said of the one before. Content that was deleted stays deleted. */
const REPLACE_DEAD_LETTER = `ON CONFLICT (id) DO UPDATE SET
  ${Object.keys(DEAD_LETTER)
    .filter((column) => column !== 'id')
    .map((column) => `${column} = excluded.${column}`)
    .join(', ')},
  resolved_at = NULL, resolved_by = NULL, resolution = NULL
WHERE excluded.dead_at > l.dead_at`;

const FORGET_ERASED = `UPDATE dead_letters AS l SET data = NULL, event_headers = NULL FROM erased_events AS e
WHERE l.id = ANY($1::text[]) AND l.data IS NOT NULL AND e.tenant = l.tenant AND e.event_id = l.event_id`;

/** `unseen`: rows are inserted as they are, which fails (23505) where one is there already; `any`: those are left as they are. */
export type Expected = 'unseen' | 'any';

/** Each resolves with the number of rows that were inserted or changed. `day`: the end of the names of a day's tables. */
export function insertEvents(
  tx: Queryable,
  day: string,
  rows: readonly EventRow[],
  expected: Expected,
): Promise<number> {
  return insert(tx, `events_${day}`, EVENT, rows, expected);
}

/** Two keys of an event that are equal once they are clean make one row. */
export function insertMetadata(tx: Queryable, day: string, rows: readonly MetadataRow[]): Promise<number> {
  return insert(tx, `event_metadata_${day}`, METADATA, rows, 'any');
}

export function insertAttempts(tx: Queryable, day: string, rows: readonly AttemptRow[]): Promise<number> {
  return insert(tx, `attempts_${day}`, ATTEMPT, rows, 'any');
}

/** @param rows each delivery once. Rejects with 23505 where one is stored. */
export function insertDeliveries(tx: Queryable, day: string, rows: readonly DeliveryRow[]): Promise<number> {
  return insert(tx, `deliveries_${day}`, DELIVERY, rows, 'unseen');
}

export interface Moved {
  /** Rows inserted or changed. */
  changed: number;
  /** Rows inserted with an attempt in them. */
  once: number;
}

/** @param rows each delivery once */
export async function moveDeliveries(tx: Queryable, day: string, rows: readonly DeliveryRow[]): Promise<Moved> {
  if (rows.length === 0) return { changed: 0, once: 0 };
  const { sql, parameters } = insertAll(`deliveries_${day} AS d`, DELIVERY, rows);
  const counts = await tx.query<Moved>(
    `WITH m AS (${sql} ${MOVE_DELIVERY} RETURNING d.once_id IS NOT NULL AND d.moved IS NULL AS once)
     SELECT count(*)::integer AS changed, count(*) FILTER (WHERE once)::integer AS once FROM m`,
    parameters,
  );
  return counts.rows[0]!;
}

/** The attempts that are in the rows of these deliveries. */
export async function attemptsInDeliveries(tx: Queryable, day: string, ids: readonly string[]): Promise<Set<string>> {
  if (ids.length === 0) return new Set();
  const { rows } = await tx.query<{ once_id: string }>(
    `SELECT once_id FROM deliveries_${day} WHERE id = ANY($1::text[]) AND once_id IS NOT NULL`,
    [binaryArray('text', ids)],
  );
  return new Set(rows.map(({ once_id }) => once_id));
}

/** @param rows each dead letter once */
export async function replaceDeadLetters(tx: Queryable, rows: readonly DeadLetterRow[]): Promise<number> {
  if (rows.length === 0) return 0;
  const { sql, parameters } = insertAll('dead_letters AS l', DEAD_LETTER, rows);
  const { rowCount } = await tx.query(`${sql} ${REPLACE_DEAD_LETTER}`, parameters);
  await tx.query(FORGET_ERASED, [rows.map(({ id }) => id)]);
  return rowCount;
}

async function insert<Row extends object>(
  tx: Queryable,
  table: string,
  columns: Columns<Row>,
  rows: readonly Row[],
  expected: Expected,
): Promise<number> {
  if (rows.length === 0) return 0;
  const { sql, parameters } = insertAll(table, columns, rows);
  return (await tx.query(expected === 'any' ? `${sql} ON CONFLICT DO NOTHING` : sql, parameters)).rowCount;
}

function either(condition: string, columns: readonly string[]): string {
  return columns
    .map((column) => `${column} = CASE WHEN ${condition} THEN excluded.${column} ELSE d.${column} END`)
    .join(',\n  ');
}
