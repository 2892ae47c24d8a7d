import { binaryArray, type ElementType, type Queryable } from '@hookline/database';
import type { AttemptRow, DeadLetterRow, DeliveryRow, EventRow, MetadataRow } from './rows.ts';

type ColumnType = 'text' | 'integer' | 'bigint' | 'bytea' | 'jsonb' | 'time';

/** The columns of a row, in the order of the parameters, and what they are. */
type Columns<Row> = Record<keyof Row & string, ColumnType>;

/** How a column's values come, and what becomes of one. */
const TYPES: Record<ColumnType, { element: ElementType; value: (name: string) => string }> = {
  text: { element: 'text', value: (name) => name },
  integer: { element: 'int4', value: (name) => name },
  bigint: { element: 'int8', value: (name) => name },
  bytea: { element: 'bytea', value: (name) => name },
  jsonb: { element: 'text', value: (name) => `${name}::jsonb` },
  /** Milliseconds since 1970: a number costs less than the text of a time. */
  time: { element: 'float8', value: (name) => `to_timestamp(${name} / 1000)` },
};

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

const MOVE_DELIVERY = `ON CONFLICT (id) DO UPDATE SET
  first_attempt_at = LEAST(d.first_attempt_at, excluded.first_attempt_at),
  attempt_count = GREATEST(d.attempt_count, excluded.attempt_count),
  ${either(LATER_STATE, ['state', 'state_rank', 'state_at', 'next_attempt_at', 'reason'])},
  ${either(LATER_ATTEMPT, ['last_attempt_id', 'last_number', 'last_started_at', 'last_status', 'last_class'])}
WHERE ${LATER_STATE}
  OR ${LATER_ATTEMPT}
  OR excluded.first_attempt_at < coalesce(d.first_attempt_at, 'infinity')
  OR excluded.attempt_count > d.attempt_count`;

/** One that dies again is a new letter, whatever was said of the one before. Content that was deleted stays deleted. */
const REPLACE_DEAD_LETTERS = `${insert('dead_letters AS l', DEAD_LETTER)}
ON CONFLICT (id) DO UPDATE SET
  ${Object.keys(DEAD_LETTER)
    .filter((column) => column !== 'id')
    .map((column) => `${column} = excluded.${column}`)
    .join(', ')},
  resolved_at = NULL, resolved_by = NULL, resolution = NULL
WHERE excluded.dead_at > l.dead_at`;

const FORGET_ERASED = `UPDATE dead_letters AS l SET data = NULL, event_headers = NULL FROM erased_events AS e
WHERE l.id = ANY($1::text[]) AND l.data IS NOT NULL AND e.tenant = l.tenant AND e.event_id = l.event_id`;

/** Each resolves with the number of rows that were inserted or changed. `day`: the end of the names of a day's tables. */
export function insertEvents(tx: Queryable, day: string, rows: readonly EventRow[]): Promise<number> {
  return run(tx, `${insert(`events_${day}`, EVENT)} ON CONFLICT DO NOTHING`, EVENT, rows);
}

export function insertMetadata(tx: Queryable, day: string, rows: readonly MetadataRow[]): Promise<number> {
  return run(tx, `${insert(`event_metadata_${day}`, METADATA)} ON CONFLICT DO NOTHING`, METADATA, rows);
}

export function insertAttempts(tx: Queryable, day: string, rows: readonly AttemptRow[]): Promise<number> {
  return run(tx, `${insert(`attempts_${day}`, ATTEMPT)} ON CONFLICT DO NOTHING`, ATTEMPT, rows);
}

/** @param rows each delivery once */
export function moveDeliveries(tx: Queryable, day: string, rows: readonly DeliveryRow[]): Promise<number> {
  return run(tx, `${insert(`deliveries_${day} AS d`, DELIVERY)} ${MOVE_DELIVERY}`, DELIVERY, rows);
}

/** @param rows each dead letter once */
export async function replaceDeadLetters(tx: Queryable, rows: readonly DeadLetterRow[]): Promise<number> {
  if (rows.length === 0) return 0;
  const changed = await run(tx, REPLACE_DEAD_LETTERS, DEAD_LETTER, rows);
  await tx.query(FORGET_ERASED, [rows.map(({ id }) => id)]);
  return changed;
}

async function run<Row extends object>(
  tx: Queryable,
  sql: string,
  columns: Columns<Row>,
  rows: readonly Row[],
): Promise<number> {
  if (rows.length === 0) return 0;
  const kinds = Object.entries(columns) as [keyof Row, ColumnType][];
  const parameters = kinds.map(([name, kind]) =>
    binaryArray(
      TYPES[kind].element,
      rows.map((row) => row[name] as string | number | Buffer | null),
    ),
  );
  const { rowCount } = await tx.query(sql, parameters);
  return rowCount;
}

function insert(table: string, columns: Record<string, ColumnType>): string {
  const names = Object.keys(columns).join(', ');
  const kinds = Object.entries(columns);
  const values = kinds.map(([name, kind]) => TYPES[kind].value(`r.${name}`));
  const arrays = kinds.map(([, kind], index) => `$${index + 1}::${TYPES[kind].element}[]`);
  return `INSERT INTO ${table} (${names}) SELECT ${values.join(', ')} FROM unnest(${arrays.join(', ')}) AS r (${names})`;
}

function either(condition: string, columns: readonly string[]): string {
  return columns
    .map((column) => `${column} = CASE WHEN ${condition} THEN excluded.${column} ELSE d.${column} END`)
    .join(',\n  ');
}
