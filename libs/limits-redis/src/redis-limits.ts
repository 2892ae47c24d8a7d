import type { DeduplicationOptions, Limits, RateWindows } from '@hookline/limits';
import { connectRedis, loadScripts, type RedisConnection, type RedisLog } from '@hookline/redis';
import { createRedisDeduplication } from './deduplication.ts';

export interface RedisLimitsOptions {
  url: string;
  /** Put before all keys, `hookline` by default. */
  keyPrefix?: string;
  deduplication: DeduplicationOptions;
  /** Told how many keys were forgotten before they ran out, because there were more than `maxKeys`. */
  onDropped?: (count: number) => void;
  log: RedisLog;
  /** How long a call may take, waiting for the connection included. 2 s by default. */
  commandTimeoutMs?: number;
}

const SCRIPTS = new URL('./scripts/', import.meta.url);

/** Limits shared by all who use the same Redis and prefix; each call is one Lua script. They are lost when Redis loses its data. */
export function createRedisLimits(options: RedisLimitsOptions): Limits {
  const { keyPrefix = 'hookline', deduplication, onDropped = () => {}, ...connectionOptions } = options;
  const redis = connectRedis(connectionOptions);
  return {
    rates: createRates(redis, keyPrefix),
    deduplication: createRedisDeduplication(redis, SCRIPTS, keyPrefix, deduplication, onDropped),
    ping: async (deadlineMs) => void (await redis.run((client) => client.ping(), deadlineMs)),
    close: () => redis.close(),
  };
}

function createRates(redis: RedisConnection, keyPrefix: string): RateWindows {
  const { take } = loadScripts(redis, SCRIPTS, ['take']);
  return {
    async take(key, limit, windowMs, nowMs) {
      const reply = await take([`${keyPrefix}:rate:${key}`], [limit, windowMs, nowMs]);
      const [allowed, remaining, retryAfterMs] = reply as number[];
      return { allowed: allowed === 1, remaining: remaining ?? 0, retryAfterMs: retryAfterMs ?? 0 };
    },
  };
}
