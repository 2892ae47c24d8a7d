import { BREAKER_POLICY, type BreakerPolicy } from '@hookline/domain';
import type { DeduplicationOptions, Limits } from '@hookline/limits';
import { connectRedis, type RedisAddress, type RedisLog } from '@hookline/redis';
import { createRedisBreakers } from './breakers.ts';
import { createRedisDeduplication } from './deduplication.ts';
import { createRedisRates, createRedisSlots } from './rates.ts';
import { createRedisTallies } from './tallies.ts';

export interface RedisLimitsOptions extends RedisAddress {
  /** Put before all keys, `hookline` by default. */
  keyPrefix?: string;
  breaker?: BreakerPolicy;
  deduplication: DeduplicationOptions;
  /** Told how many keys were forgotten before they ran out, because there were more than `maxKeys` or more than Redis has room for. */
  onDropped?: (count: number) => void;
  log: RedisLog;
  /** How long a call may take, waiting for the connection included. 2 s by default. */
  commandTimeoutMs?: number;
}

const SCRIPTS = new URL('./scripts/', import.meta.url);

/** Limits shared by all who use the same Redis and prefix; each call is one Lua script (several where it names very many keys, or keys of several hash slots of a cluster). They are lost when Redis loses its data. */
export function createRedisLimits(options: RedisLimitsOptions): Limits {
  const {
    keyPrefix = 'hookline',
    breaker = BREAKER_POLICY,
    deduplication,
    onDropped = () => {},
    ...connection
  } = options;
  const redis = connectRedis(connection);
  return {
    rates: createRedisRates(redis, SCRIPTS, keyPrefix),
    tallies: createRedisTallies(redis, SCRIPTS, keyPrefix),
    slots: createRedisSlots(redis, SCRIPTS, keyPrefix),
    breakers: createRedisBreakers(redis, SCRIPTS, keyPrefix, breaker),
    deduplication: createRedisDeduplication(redis, SCRIPTS, keyPrefix, deduplication, onDropped, options.log),
    ping: async (deadlineMs) => void (await redis.runOnEach((server) => server.ping(), deadlineMs)),
    close: () => redis.close(),
  };
}
