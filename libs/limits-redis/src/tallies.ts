import type { Tallies } from '@hookline/limits';
import { loadScripts, type RedisConnection } from '@hookline/redis';
import { inChunks } from './in-chunks.ts';

/** A hash per key, with a field for each copy that has counted something. */
export function createRedisTallies(redis: RedisConnection, scriptFolder: URL, keyPrefix: string): Tallies {
  const { tally } = loadScripts(redis, scriptFolder, ['tally']);
  return {
    report: (reports, nowMs) =>
      inChunks(reports, async (chunk) => {
        const keys = chunk.map(({ key }) => `${keyPrefix}:tally:${key}`);
        const args = chunk.flatMap(({ copy, total, untilMs }) => [copy, total, Math.max(1, untilMs - nowMs)]);
        return (await tally(keys, args)) as number[];
      }),
  };
}
