import type { Parameter } from '@hookline/database';
import type { Cursor } from './cursor.ts';
import type { PageRequest } from './page-request.ts';
import type { Reader } from './reader.ts';

/*
 * Lists are read newest first along an index that has their order. Conditions that the index knows cost nothing; the others are asked of each row on the
 * way, and so that a page never takes long however rare its rows are, only so many rows are looked at: a page may then be short, or empty, and still
 * have a cursor to go on from.
 */

/** Rows looked at for one page. */
const MOST_SCANNED = 5_000;

export interface Page<Row> {
  rows: Row[];
  /** null: there is nothing further. */
  next: Cursor | null;
}

export interface List {
  /** The table that has the index. */
  from: string;
  /** A join where the columns need one; must not hide or multiply rows. */
  joined?: string;
  columns: string;
  /** The column of the time that orders it, and of the id that does within a moment. */
  at: string;
  id: string;
  /** What the index knows: conditions as SQL, each with `?` for its parameter. */
  indexed: Condition[];
  /** What is asked of each row, of the columns by their names. */
  scanned: Condition[];
}

export type Condition = [sql: string, value: Parameter];

/** @param pick gives a row's place, by which the next page goes on */
export async function readPage<Row>(
  reader: Reader,
  list: List,
  request: PageRequest,
  pick: (row: Row) => Cursor,
): Promise<Page<Row>> {
  const parameters: Parameter[] = [];
  const from = list.joined === undefined ? list.from : `${list.from} ${list.joined}`;
  const scan = `SELECT ${list.columns} FROM ${scanSql({ ...list, from }, request, parameters)}`;
  if (list.scanned.length === 0) {
    const rows = await reader.all<Row>(`${scan} LIMIT ${request.limit + 1}`, parameters);
    return pageOf(rows, request.limit, pick, null);
  }
  const passes = list.scanned.map((condition) => toSql(condition, parameters)).join(' AND ');
  // Rows are looked at one after the other, until the page is full.
  const looked = await reader.all<Row & Looked>(
    `SELECT * FROM (
       SELECT s.*, (${passes}) AS passes, row_number() OVER () = ${MOST_SCANNED} AS is_end
       FROM (${scan} LIMIT ${MOST_SCANNED}) AS s
     ) AS looked WHERE passes OR is_end LIMIT ${request.limit + 2}`,
    parameters,
  );
  const passing = looked.filter((row) => row.passes === true);
  const end = looked.find((row) => row.is_end);
  return pageOf(passing, request.limit, pick, end === undefined ? null : pick(end));
}

/** Of a row that was looked at. */
interface Looked {
  /** null: a condition on what isn't known. */
  passes: boolean | null;
  /** Enough have been looked at with it. */
  is_end: boolean;
}

/** @param end where the next page goes on if all fit into this one */
function pageOf<Row>(rows: Row[], limit: number, pick: (row: Row) => Cursor, end: Cursor | null): Page<Row> {
  if (rows.length <= limit) return { rows, next: end };
  const page = rows.slice(0, limit);
  return { rows: page, next: pick(page.at(-1) as Row) };
}

/** Where the scan ended because it had looked at enough; null where there was no more. */
export async function scannedTo(
  reader: Reader,
  list: List,
  request: PageRequest,
  mostScanned: number,
): Promise<Cursor | null> {
  const parameters: Parameter[] = [];
  const inner = scanSql(list, request, parameters);
  const sql = `SELECT ${list.at} AS at, ${list.id} AS id FROM ${inner} OFFSET ${mostScanned - 1} LIMIT 1`;
  const last = await reader.one<{ at: Date; id: string }>(sql, parameters);
  return last === null ? null : { atMs: last.at.getTime(), id: last.id };
}

/** What is looked at, in the list's order, from where the page begins; its parameters are added. */
export function scanSql({ from, at, id, indexed }: List, request: PageRequest, parameters: Parameter[]): string {
  const { cursor, afterMs, beforeMs } = request;
  const conditions = [...indexed];
  if (afterMs !== null) conditions.push([`${at} >= ?`, new Date(afterMs)]);
  if (beforeMs !== null) conditions.push([`${at} < ?`, new Date(beforeMs)]);
  // Said of the time alone as well: days are left out by that.
  if (cursor !== null) conditions.push([`${at} <= ?`, new Date(cursor.atMs)]);
  const where = conditions.map((condition) => toSql(condition, parameters));
  if (cursor !== null) {
    const place = parameters.push(new Date(cursor.atMs));
    where.push(`(${at}, ${id}) < ($${place}, $${parameters.push(cursor.id)})`);
  }
  return `${from} WHERE ${where.join(' AND ')} ORDER BY ${at} DESC, ${id} DESC`;
}

export function toSql([sql, value]: Condition, parameters: Parameter[]): string {
  return sql.replace('?', `$${parameters.push(value)}`);
}
