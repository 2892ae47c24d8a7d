import { createHash } from 'node:crypto';

/** What an event's metadata is found by: a hash of 64 bits, as PostgreSQL's bigint has it. Whoever searches looks at the metadata itself as well. */
export function metadataPair(key: string, value: string): string {
  return createHash('sha256').update(`${key}\0${value}`).digest().readBigInt64BE().toString();
}
