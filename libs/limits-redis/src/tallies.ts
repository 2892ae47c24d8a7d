import type { Tallies } from '@hookline/limits';
import { loadScripts, type RedisConnection } from '@hookline/redis';
import { inChunks } from './in-chunks.ts';
import { createKeys } from './keys.ts';

/** A hash per key, with a field for each copy that has counted something. */
export function createRedisTallies(redis: RedisConnection, scriptFolder: URL, keyPrefix: string): Tallies {
  const { tally } = loadScripts(redis, scriptFolder, ['tally']);
  const keys = createKeys(`${keyPrefix}:tally`, redis.isCluster);
  const keyOf = ({ key }: { key: string }) => key;
  return {
    report: (reports, nowMs) =>
      inChunks(keys, reports, keyOf, async (chunk, names) => {
        const args = chunk.flatMap(({ copy, total, untilMs }) => [copy, total, Math.max(1, untilMs - nowMs)]);
        return (await tally(names, args)) as number[];
      }),
  };
}
