import type { DrainSlots, RateWindows } from '@hookline/limits';
import { loadScripts, type RedisConnection } from '@hookline/redis';
import { inChunks } from './in-chunks.ts';
import { createKeys } from './keys.ts';

const keyOf = ({ key }: { key: string }) => key;

/** A list per window in use, of at most an element for each millisecond at which something was taken. */
export function createRedisRates(redis: RedisConnection, scriptFolder: URL, keyPrefix: string): RateWindows {
  const { take } = loadScripts(redis, scriptFolder, ['take']);
  const keys = createKeys(`${keyPrefix}:rate`, redis.isCluster);
  return {
    take: (takes, nowMs) =>
      inChunks(keys, takes, keyOf, async (chunk, names) => {
        const args = chunk.flatMap(({ limit, windowMs, count }) => [limit, windowMs, count]);
        const reply = (await take(names, [nowMs, ...args])) as number[];
        return chunk.map((_, index) => ({
          granted: reply[3 * index]!,
          remaining: reply[3 * index + 1]!,
          retryAfterMs: reply[3 * index + 2]!,
        }));
      }),
  };
}

/** A number per queue that has places in the future. */
export function createRedisSlots(redis: RedisConnection, scriptFolder: URL, keyPrefix: string): DrainSlots {
  const { reserve } = loadScripts(redis, scriptFolder, ['reserve']);
  const keys = createKeys(`${keyPrefix}:slots`, redis.isCluster);
  return {
    reserve: (reservations, nowMs) =>
      inChunks(keys, reservations, keyOf, async (chunk, names) => {
        const args = chunk.flatMap(({ count, intervalMs, fromMs = 0 }) => [count, intervalMs, fromMs]);
        const reply = (await reserve(names, [nowMs, ...args])) as Buffer[];
        return reply.map((at) => Number(at.toString('latin1')));
      }),
  };
}
