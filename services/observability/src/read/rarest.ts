import type { Parameter } from '@hookline/database';
import { metadataPair } from '../write/metadata-pairs.ts';
import type { PageRequest } from './page-request.ts';
import type { Reader } from './reader.ts';

/** A filter of events that has an index: one pair of the metadata, or the type. */
export type Along = { filter: 'metadata'; pair: [key: string, value: string] } | { filter: 'type'; type: string };

/** Of what is more frequent than this it makes no difference which. */
const FREQUENT = 1_000;

/**
 * What a list of events goes along: of several filters that have an index that which fewest events pass, since the others are asked of each of these. Null where
 * none has one.
 */
export async function rarestFilter(
  reader: Reader,
  tenant: string,
  { filters: { type }, metadata }: PageRequest,
): Promise<Along | null> {
  const candidates: Along[] = Object.entries(metadata).map((pair) => ({ filter: 'metadata', pair }));
  if (type !== undefined) candidates.push({ filter: 'type', type });
  const [first = null, second] = candidates;
  if (second === undefined) return first;
  const parameters: Parameter[] = [tenant];
  const counts = candidates.map((along) => {
    const rows =
      along.filter === 'type'
        ? `events WHERE tenant = $1 AND type = $${parameters.push(along.type)}`
        : `event_metadata WHERE tenant = $1 AND pair = $${parameters.push(metadataPair(...along.pair))}`;
    return `(SELECT count(*)::integer FROM (SELECT 1 FROM ${rows} LIMIT ${FREQUENT}) AS passing)`;
  });
  const found = await reader.one<{ counts: number[] }>(`SELECT ARRAY[${counts.join(', ')}] AS counts`, parameters);
  return candidates[indexOfLeast(found?.counts ?? [])] ?? first;
}

function indexOfLeast(counts: readonly number[]): number {
  return counts.reduce((least, count, index) => (count < (counts[least] as number) ? index : least), 0);
}
