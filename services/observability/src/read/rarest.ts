import type { Parameter } from '@hookline/database';
import { Unavailable } from '@hookline/domain';
import { metadataPair } from '../write/metadata-pairs.ts';
import type { PageRequest } from './page-request.ts';
import type { Reader } from './reader.ts';

/** A filter of events that has an index: one pair of the metadata, or the type. */
export type Along = { filter: 'metadata'; pair: [key: string, value: string] } | { filter: 'type'; type: string };

/** Of what is more frequent than this it makes no difference which. */
const FREQUENT = 1_000;
/** Counting only makes a search faster: most of its time is left to the search itself. */
const COUNT_MS = 300;

/**
 * What a list of events goes along: of several filters that have an index that which fewest events of the time asked for pass, since the others are asked of each
 * of these. The first, where that can't be counted in time; null where none has an index.
 */
export async function rarestFilter(reader: Reader, tenant: string, request: PageRequest): Promise<Along | null> {
  const { filters, metadata } = request;
  const { type } = filters;
  const candidates: Along[] = Object.entries(metadata).map((pair) => ({ filter: 'metadata', pair }));
  if (type !== undefined) candidates.push({ filter: 'type', type });
  const [first = null, second] = candidates;
  if (second === undefined) return first;
  const parameters: Parameter[] = [tenant];
  const time = timeSql(request, parameters);
  const counts = candidates.map((along) => {
    const rows =
      along.filter === 'type'
        ? `events WHERE tenant = $1 AND type = $${parameters.push(along.type)}`
        : `event_metadata WHERE tenant = $1 AND pair = $${parameters.push(metadataPair(...along.pair))}`;
    return `(SELECT count(*)::integer FROM (SELECT 1 FROM ${rows} ${time} LIMIT ${FREQUENT}) AS passing)`;
  });
  const found = await count(reader, `SELECT ARRAY[${counts.join(', ')}] AS counts`, parameters);
  return candidates[indexOfLeast(found)] ?? first;
}

/** Empty: not in time. */
async function count(reader: Reader, sql: string, parameters: readonly Parameter[]): Promise<number[]> {
  try {
    return (await reader.one<{ counts: number[] }>(sql, parameters, COUNT_MS))?.counts ?? [];
  } catch (error) {
    if (error instanceof Unavailable) return [];
    throw error;
  }
}

function timeSql({ cursor, afterMs, beforeMs }: PageRequest, parameters: Parameter[]): string {
  let sql = '';
  if (afterMs !== null) sql += ` AND accepted_at >= $${parameters.push(new Date(afterMs))}`;
  if (beforeMs !== null) sql += ` AND accepted_at < $${parameters.push(new Date(beforeMs))}`;
  if (cursor !== null) sql += ` AND accepted_at <= $${parameters.push(new Date(cursor.atMs))}`;
  return sql;
}

function indexOfLeast(counts: readonly number[]): number {
  return counts.reduce((least, count, index) => (count < (counts[least] as number) ? index : least), 0);
}
