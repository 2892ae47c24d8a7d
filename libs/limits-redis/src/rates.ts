import type { DrainSlots, RateWindows } from '@hookline/limits';
import { loadScripts, type RedisConnection } from '@hookline/redis';
import { inChunks } from './in-chunks.ts';

/** A list per window in use, of at most an element for each millisecond at which something was taken. */
export function createRedisRates(redis: RedisConnection, scriptFolder: URL, keyPrefix: string): RateWindows {
  const { take } = loadScripts(redis, scriptFolder, ['take']);
  return {
    take: (takes, nowMs) =>
      inChunks(takes, async (chunk) => {
        const keys = chunk.map(({ key }) => `${keyPrefix}:rate:${key}`);
        const args = chunk.flatMap(({ limit, windowMs, count }) => [limit, windowMs, count]);
        const reply = (await take(keys, [nowMs, ...args])) as number[];
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
  return {
    reserve: (reservations, nowMs) =>
      inChunks(reservations, async (chunk) => {
        const keys = chunk.map(({ key }) => `${keyPrefix}:slots:${key}`);
        const args = chunk.flatMap(({ count, intervalMs, fromMs = 0 }) => [count, intervalMs, fromMs]);
        const reply = (await reserve(keys, [nowMs, ...args])) as Buffer[];
        return reply.map((at) => Number(at.toString('latin1')));
      }),
  };
}
