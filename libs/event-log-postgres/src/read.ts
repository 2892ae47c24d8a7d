import type { Database } from '@hookline/database';
import type { LogRecord } from '@hookline/event-log';
import type { Watch } from './watch.ts';

/** Of one partition at once; what is beyond comes with the next read. */
const MAX_BYTES = 1024 * 1024;

export interface Wanted {
  topicId: number;
  topic: string;
  partition: number;
  /** The first offset wanted. */
  offset: number;
}

export interface Found<W extends Wanted> {
  wanted: W;
  records: LogRecord[];
  /** Where to go on: past the last record, and past the gaps that compaction left behind it. */
  next: number;
}

interface RecordRow {
  n: number;
  offset: number;
  key: string | null;
  value: Buffer | null;
  headers: string | null;
  appended_at: number;
}

/**
 * Delivers the next records of each partition: at once those that this process appended lately, from memory, then the others, by one query.
 */
export async function readRecords<W extends Wanted>(
  database: Database,
  watch: Watch,
  wanted: readonly W[],
  maxRecords: number,
  deliver: (found: Found<W>) => void,
): Promise<void> {
  const others: W[] = [];
  for (const one of wanted) {
    const records = watch.tail.read(one.topicId, one.partition, one.offset, maxRecords);
    if (records === undefined) others.push(one);
    else deliver({ wanted: one, records, next: (records.at(-1)?.offset ?? one.offset) + 1 });
  }
  if (others.length === 0) return;
  for (const found of await query(database, watch, others, maxRecords)) deliver(found);
}

async function query<W extends Wanted>(
  database: Database,
  watch: Watch,
  wanted: readonly W[],
  maxRecords: number,
): Promise<Found<W>[]> {
  // Read before the query: everything below is visible to it.
  const ends = wanted.map(({ topicId, partition }) => watch.end(topicId, partition));
  const { rows } = await database.query<RecordRow & { cut: boolean }>(
    `SELECT w.n::int4 AS n, r."offset", r.key, r.value, r.headers, r.appended_at, r.cut
     FROM unnest($1::smallint[], $2::int[], $3::int8[]) WITH ORDINALITY AS w (topic_id, partition, from_offset, n)
     CROSS JOIN LATERAL (
       SELECT * FROM (
         SELECT l.*, sum(octet_length(value)) OVER below > $5 AS cut, row_number() OVER below AS place
         FROM log_records l
         WHERE l.topic_id = w.topic_id AND l.partition = w.partition AND l."offset" >= w.from_offset
         WINDOW below AS (ORDER BY l."offset" ROWS UNBOUNDED PRECEDING)
         ORDER BY l."offset" LIMIT $4
       ) bounded
       WHERE NOT cut OR place = 1
     ) r
     ORDER BY w.n, r."offset"`,
    [
      wanted.map(({ topicId }) => topicId),
      wanted.map(({ partition }) => partition),
      wanted.map(({ offset }) => offset),
      maxRecords,
      MAX_BYTES,
    ],
  );
  const found = wanted.map((one): Found<W> => ({ wanted: one, records: [], next: one.offset }));
  for (const row of rows) {
    const one = found[row.n - 1] as Found<W>;
    one.records.push(toRecord(one.wanted, row));
    one.next = row.offset + 1;
  }
  found.forEach((one, index) => {
    // Nothing left of a partition up to its end: compaction has removed it all.
    if (one.records.length === 0) one.next = Math.max(one.next, ends[index] ?? 0);
  });
  return found;
}

function toRecord({ topic, partition }: Wanted, row: RecordRow): LogRecord {
  return {
    topic,
    partition,
    offset: row.offset,
    key: row.key,
    value: row.value,
    headers: row.headers === null ? {} : (JSON.parse(row.headers) as Record<string, string>),
    timestampMs: row.appended_at,
  };
}
