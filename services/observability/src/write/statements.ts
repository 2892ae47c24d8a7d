import type { Parameter, Queryable, Scalar } from '@hookline/database';
import type { AttemptRow, DeadLetterRow, DeliveryRow, EventRow } from './rows.ts';

/** The columns of a row and their types, in the order of the parameters. */
type Columns<Row> = Record<keyof Row & string, string>;

const EVENT: Columns<EventRow> = {
  tenant: 'text',
  id: 'text',
  type: 'text',
  source: 'text',
  time: 'text',
  accepted_at: 'timestamptz',
  content_type: 'text',
  partition_key: 'text',
  data: 'bytea',
};

const ATTEMPT: Columns<AttemptRow> = {
  id: 'text',
  tenant: 'text',
  delivery_id: 'text',
  event_id: 'text',
  webhook_id: 'text',
  number: 'integer',
  trigger: 'text',
  class: 'text',
  url: 'text',
  status: 'integer',
  error: 'text',
  response_body: 'text',
  started_at: 'timestamptz',
  duration_ms: 'integer',
};

const DELIVERY: Columns<DeliveryRow> = {
  id: 'text',
  tenant: 'text',
  event_id: 'text',
  event_type: 'text',
  webhook_id: 'text',
  first_attempt_at: 'timestamptz',
  attempt_count: 'integer',
  state: 'text',
  state_attempt: 'integer',
  state_final: 'boolean',
  state_at: 'timestamptz',
  next_attempt_at: 'timestamptz',
  dead_reason: 'text',
  last_attempt_id: 'text',
  last_number: 'integer',
  last_started_at: 'timestamptz',
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
  accepted_at: 'timestamptz',
  content_type: 'text',
  data: 'bytea',
  reason: 'text',
  attempts: 'integer',
  first_attempt_at: 'timestamptz',
  dead_at: 'timestamptz',
};

const LATER_STATE = `(excluded.state_attempt, excluded.state_final, excluded.state_at, excluded.state)
    > (d.state_attempt, d.state_final, d.state_at, d.state)`;
/** Null where the new row has no attempt, true where the stored one has none. */
const LATER_ATTEMPT = `(excluded.last_number, excluded.last_started_at, excluded.last_attempt_id)
    > (coalesce(d.last_number, 0), coalesce(d.last_started_at, '-infinity'), coalesce(d.last_attempt_id, ''))`;

const INSERT_EVENTS = `${insert('events', EVENT)} ON CONFLICT DO NOTHING`;
const INSERT_ATTEMPTS = `${insert('attempts', ATTEMPT)} ON CONFLICT DO NOTHING`;

const MOVE_DELIVERIES = `${insert('deliveries AS d', DELIVERY)}
ON CONFLICT (id) DO UPDATE SET
  first_attempt_at = LEAST(d.first_attempt_at, excluded.first_attempt_at),
  attempt_count = GREATEST(d.attempt_count, excluded.attempt_count),
  ${either(LATER_STATE, ['state', 'state_attempt', 'state_final', 'state_at', 'next_attempt_at', 'dead_reason'])},
  ${either(LATER_ATTEMPT, ['last_attempt_id', 'last_number', 'last_started_at', 'last_status', 'last_class'])}
WHERE ${LATER_STATE}
  OR ${LATER_ATTEMPT}
  OR excluded.first_attempt_at < d.first_attempt_at
  OR excluded.attempt_count > d.attempt_count`;

const REPLACE_DEAD_LETTERS = `${insert('dead_letters AS l', DEAD_LETTER)}
ON CONFLICT (id) DO UPDATE SET
  ${Object.keys(DEAD_LETTER)
    .filter((column) => column !== 'id')
    .map((column) => `${column} = excluded.${column}`)
    .join(', ')}
WHERE excluded.dead_at > l.dead_at`;

/** Each resolves with the number of rows that were inserted or changed. */
export function insertEvents(tx: Queryable, rows: readonly EventRow[]): Promise<number> {
  return run(tx, INSERT_EVENTS, EVENT, rows);
}

export function insertAttempts(tx: Queryable, rows: readonly AttemptRow[]): Promise<number> {
  return run(tx, INSERT_ATTEMPTS, ATTEMPT, rows);
}

/** @param rows each delivery once */
export function moveDeliveries(tx: Queryable, rows: readonly DeliveryRow[]): Promise<number> {
  return run(tx, MOVE_DELIVERIES, DELIVERY, rows);
}

/** @param rows each dead letter once */
export function replaceDeadLetters(tx: Queryable, rows: readonly DeadLetterRow[]): Promise<number> {
  return run(tx, REPLACE_DEAD_LETTERS, DEAD_LETTER, rows);
}

async function run<Row extends object>(
  tx: Queryable,
  sql: string,
  columns: Columns<Row>,
  rows: readonly Row[],
): Promise<number> {
  if (rows.length === 0) return 0;
  const names = Object.keys(columns) as (keyof Row)[];
  const parameters: Parameter[] = names.map((name) => rows.map((row) => row[name] as Scalar));
  const { rowCount } = await tx.query(sql, parameters);
  return rowCount;
}

function insert(table: string, columns: Record<string, string>): string {
  const names = Object.keys(columns).join(', ');
  const arrays = Object.values(columns).map((type, index) => `$${index + 1}::${type}[]`);
  return `INSERT INTO ${table} (${names}) SELECT * FROM unnest(${arrays.join(', ')})`;
}

function either(condition: string, columns: readonly string[]): string {
  return columns
    .map((column) => `${column} = CASE WHEN ${condition} THEN excluded.${column} ELSE d.${column} END`)
    .join(',\n  ');
}
