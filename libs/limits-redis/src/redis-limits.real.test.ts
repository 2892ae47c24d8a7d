import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { Unavailable } from '@hookline/domain';
import { describeLimits } from '@hookline/limits/contract';
import { eventually, startRedis, uniqueName, useRealParts, type RedisPart } from '@hookline/testkit';
import { Redis } from 'ioredis';
import { createRedisLimits } from './index.ts';

const log = { info: () => {}, warn: () => {} };
const deduplication = { pendingMs: 1_000, windowMs: 5_000, maxKeys: 100 };

const parts = useRealParts({ redis: true });

describeLimits('Redis', {
  begin: async (options) => {
    const keyPrefix = uniqueName('limits');
    const open = () => createRedisLimits({ url: parts.redisUrl, keyPrefix, log, ...options });
    return [open(), open()];
  },
});

describe('limits in a Redis that comes and goes', () => {
  let redis: RedisPart;
  beforeAll(async () => {
    redis = await startRedis();
  }, 300_000);
  afterAll(() => redis.stop());

  test('reject within their deadline while it is away, and go on when it is back', async () => {
    const limits = createRedisLimits({ url: redis.url, deduplication, log, commandTimeoutMs: 500 });
    try {
      await limits.ping(5_000);
      await limits.deduplication.claim([{ key: 'key', token: 'a' }], 1);
      await redis.kill('SIGKILL');
      const startedAt = performance.now();
      const window = { key: 'key', limit: 1, windowMs: 1_000, count: 1 };
      await expect(limits.rates.take([window], 1)).rejects.toThrow(Unavailable);
      await expect(limits.slots.reserve([{ key: 'key', count: 1, intervalMs: 1 }], 1)).rejects.toThrow(Unavailable);
      await expect(limits.breakers.report([failures(1)], 1)).rejects.toThrow(Unavailable);
      await expect(limits.breakers.claimProbes([{ webhookId: 'wh', token: 'a', untilMs: 2 }], 1)).rejects.toThrow(
        Unavailable,
      );
      await expect(limits.deduplication.claim([{ key: 'key', token: 'b' }], 1)).rejects.toThrow(Unavailable);
      await expect(limits.ping(100)).rejects.toThrow(Unavailable);
      expect(performance.now() - startedAt).toBeLessThan(4_000);
      await redis.start();
      await eventually(() => limits.ping(1_000));
      expect(await limits.deduplication.claim([{ key: 'key', token: 'b' }], 1)).toEqual([{ kind: 'claimed' }]);
      await limits.deduplication.finish([{ key: 'key', token: 'a', bodyHash: 'h', answer: '1' }], 1);
      expect(await limits.deduplication.claim([{ key: 'key', token: 'c' }], 1)).toEqual([{ kind: 'pending' }]);
    } finally {
      await limits.close();
    }
  });

  test('begin anew when it was flushed', async () => {
    const limits = createRedisLimits({ url: redis.url, keyPrefix: 'flushed', deduplication, log });
    const admin = new Redis(redis.url);
    try {
      const [nowMs, window] = [Date.now(), { key: 'key', limit: 2, windowMs: 60_000, count: 2 }];
      const reservation = { key: 'key', count: 5, intervalMs: 1_000 };
      await limits.rates.take([window], nowMs);
      await limits.slots.reserve([reservation], nowMs);
      expect(await limits.breakers.report([failures(5)], nowMs)).toMatchObject([{ kind: 'open' }]);
      await admin.flushall();
      expect(await limits.rates.take([window], nowMs)).toMatchObject([{ granted: 2 }]);
      expect(await limits.slots.reserve([reservation], nowMs)).toEqual([nowMs]);
      expect(await limits.breakers.report([failures(4)], nowMs)).toEqual([{ kind: 'closed' }]);
      // And all of it has an end.
      for (const key of await admin.keys('flushed:*')) expect(await admin.pttl(key)).toBeGreaterThan(0);
      expect(await admin.keys('flushed:*')).toHaveLength(3);
    } finally {
      admin.disconnect();
      await limits.close();
    }
  });

  test('windows leave nothing behind, and hold no more than their limit', async () => {
    const limits = createRedisLimits({ url: redis.url, keyPrefix: 'left', deduplication, log });
    const admin = new Redis(redis.url);
    try {
      const window = { key: 'key', limit: 5, windowMs: 200, count: 1 };
      for (let take = 0; take < 50; take++) await limits.rates.take([window], take * 50);
      expect(await admin.llen('left:rate:key')).toBeLessThanOrEqual(5);
      await eventually(async () => expect(await admin.keys('left:rate:*')).toEqual([]));
    } finally {
      admin.disconnect();
      await limits.close();
    }
  });

  test('what has run out is removed as others come', async () => {
    const limits = createRedisLimits({ url: redis.url, keyPrefix: 'old', deduplication, log });
    const admin = new Redis(redis.url);
    try {
      const old = Array.from({ length: 40 }, (_, index) => ({ key: `old ${index}`, token: 'a' }));
      await limits.deduplication.claim(old, 0);
      await limits.deduplication.finish(
        old.map((claim) => ({ ...claim, bodyHash: 'h', answer: '1' })),
        0,
      );
      for (let index = 0; index < 20; index++) {
        await limits.deduplication.claim([{ key: `new ${index}`, token: 'a' }], 5_000);
      }
      expect(await admin.hlen('{old:deduplication}:entries')).toBe(20);
      expect(await admin.llen('{old:deduplication}:queue')).toBe(20);
    } finally {
      admin.disconnect();
      await limits.close();
    }
  });

  test('abandoned claims leave the queue as well', async () => {
    const limits = createRedisLimits({ url: redis.url, keyPrefix: 'queue', deduplication, log });
    const admin = new Redis(redis.url);
    try {
      for (let round = 0; round < 400; round++) {
        const claims = [{ key: `key ${round % 7}`, token: 'a' }];
        await limits.deduplication.claim(claims, round);
        await limits.deduplication.abandon(claims);
      }
      expect(await admin.llen('{queue:deduplication}:queue')).toBeLessThan(10);
      expect(await admin.hlen('{queue:deduplication}:entries')).toBe(0);

      // Also behind a claim that stays.
      await limits.deduplication.claim([{ key: 'stays', token: 'a' }], 500);
      const claims = Array.from({ length: 100 }, (_, index) => ({ key: `key ${index}`, token: 'a' }));
      for (let round = 0; round < 20; round++) {
        await limits.deduplication.claim(claims.slice(1), 500);
        await limits.deduplication.abandon(claims);
      }
      expect(await admin.llen('{queue:deduplication}:queue')).toBeLessThanOrEqual(1_300);
    } finally {
      admin.disconnect();
      await limits.close();
    }
  });
});

function failures(failed: number) {
  return { webhookId: 'wh', succeeded: 0, failed, failuresInARow: failed };
}
