import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { InvalidInput, Unavailable } from '@hookline/domain';
import type { RetrySchedule, ScheduleChange } from '@hookline/retry-schedule';
import { describeRetrySchedule, PARTITIONS } from '@hookline/retry-schedule/contract';
import { eventually, startRedis, type RedisPart } from '@hookline/testkit';
import { Redis } from 'ioredis';
import { setTimeout as delay } from 'node:timers/promises';
import { createRedisRetrySchedule } from './index.ts';

const log = { info: () => {}, warn: () => {} };
const AMPLE = { deliveries: 1_000, bytes: 1_000_000 };
const OPTIONS = { partitions: 12, bounds: { webhook: AMPLE, tenant: AMPLE }, log };
const FULL_AT_BYTES = 200 * 1024 * 1024;

let redis: RedisPart;
beforeAll(async () => {
  redis = await startRedis({ maxmemoryBytes: FULL_AT_BYTES });
}, 300_000);
afterAll(() => redis.stop());

async function withAdmin<T>(work: (admin: Redis) => Promise<T>): Promise<T> {
  const admin = new Redis(redis.url);
  try {
    return await work(admin);
  } finally {
    admin.disconnect();
  }
}

/** Leaves no room at all: what is held already is above maxmemory. */
async function fill(): Promise<() => Promise<void>> {
  await withAdmin((admin) => admin.config('SET', 'maxmemory', '1'));
  return () => withAdmin(async (admin) => void (await admin.config('SET', 'maxmemory', String(FULL_AT_BYTES))));
}

async function withSchedule(work: (schedule: RetrySchedule) => Promise<void>): Promise<void> {
  const schedule = createRedisRetrySchedule({ url: redis.url, keyPrefix: 'own', ...OPTIONS, commandTimeoutMs: 1_000 });
  try {
    await work(schedule);
  } finally {
    await schedule.close();
  }
}

describeRetrySchedule('Redis', {
  open: async (bounds) => createRedisRetrySchedule({ url: redis.url, partitions: PARTITIONS, bounds, log }),
  fill,
});

describe('the retry schedule in Redis', () => {
  const at = { incarnation: 'a', offset: 0 };
  const request = { nowMs: 5_000, limit: 10, perWebhook: 10, maxBytes: 1_000_000, claimMs: 1_000 };
  const change: ScheduleChange = {
    kind: 'wait',
    deliveryId: 'dlv_1',
    webhookId: 'wh_1',
    tenant: 'default',
    offset: 0,
    attempt: 1,
    dueAtMs: 4_000,
    entry: Buffer.alloc(100),
  };

  test('says so when it was flushed, and takes a new beginning', () =>
    withSchedule(async (schedule) => {
      await schedule.reset(0, at, 1);
      await schedule.apply(0, at, [change], 1, 2);
      await withAdmin((admin) => admin.flushall());
      const now = { ...at, offset: 1 };
      expect(await schedule.claim(0, now, request)).toEqual({ kind: 'stale', held: null });
      expect(await schedule.apply(0, now, [change], 2, 3)).toEqual({ kind: 'stale', held: null });
      expect(await schedule.held(0)).toBeNull();
      await schedule.reset(0, { incarnation: 'b', offset: 1 }, 4);
      expect(await schedule.claim(0, now, request)).toMatchObject({ kind: 'stale', held: { incarnation: 'b' } });
    }));

  test('outlives a Redis that is killed and comes back empty', () =>
    withSchedule(async (schedule) => {
      await schedule.reset(0, at, 1);
      await redis.kill('SIGKILL');
      const startedAt = Date.now();
      await expect(schedule.claim(0, at, request)).rejects.toThrow(Unavailable);
      await expect(schedule.check(300)).rejects.toThrow(Unavailable);
      expect(Date.now() - startedAt).toBeLessThan(2_500);
      await redis.start();
      await eventually(async () => expect(await schedule.claim(0, at, request)).toEqual({ kind: 'stale', held: null }));
      await schedule.reset(0, at, 2);
      expect(await schedule.apply(0, at, [change], 1, 3)).toMatchObject({ kind: 'ok' });
    }));

  test('a call that failed while Redis was away is never carried out afterwards', () =>
    withSchedule(async (schedule) => {
      await schedule.check(1_000);
      await redis.kill('SIGKILL');
      await expect(schedule.reset(3, at, 1)).rejects.toThrow(Unavailable);
      await redis.start();
      await eventually(() => schedule.check(1_000));
      expect(await schedule.held(3)).toBeNull();
    }));

  test('gives up on a Redis that hangs, and finds it again', () =>
    withSchedule(async (schedule) => {
      await schedule.check(1_000);
      process.kill(redis.pid, 'SIGSTOP');
      const startedAt = Date.now();
      try {
        await expect(schedule.held(0)).rejects.toThrow(Unavailable);
        expect(Date.now() - startedAt).toBeLessThan(1_800);
      } finally {
        process.kill(redis.pid, 'SIGCONT');
      }
      await eventually(() => schedule.check(1_000));
    }));

  test('can be closed while Redis is away', async () => {
    // At once, and between two attempts to connect.
    for (const afterMs of [0, 50, 400]) {
      const schedule = createRedisRetrySchedule({ url: 'redis://127.0.0.1:1', ...OPTIONS });
      const waiting = expect(schedule.held(0)).rejects.toThrow('closed');
      await delay(afterMs);
      await schedule.close();
      await waiting;
      await expect(schedule.held(0)).rejects.toThrow(Unavailable);
    }
  });

  test('refuses a Redis that may evict, and says what mends it', () =>
    withSchedule(async (schedule) => {
      await withAdmin((admin) => admin.config('SET', 'maxmemory-policy', 'allkeys-lru'));
      try {
        const refusal = schedule.check(1_000);
        await expect(refusal).rejects.toThrow(InvalidInput);
        await expect(refusal).rejects.toThrow(/allkeys-lru.*CONFIG SET maxmemory-policy noeviction/);
      } finally {
        await withAdmin((admin) => admin.config('SET', 'maxmemory-policy', 'noeviction'));
      }
      await schedule.check(1_000);
    }));

  test('takes nothing more above 80 % of maxmemory, long before Redis itself would refuse', () =>
    withSchedule(async (schedule) => {
      await schedule.reset(0, at, 1);
      const used = await withAdmin(async (admin) => Number(/used_memory:(\d+)/.exec(await admin.info('memory'))?.[1]));
      try {
        await withAdmin((admin) => admin.config('SET', 'maxmemory', String(Math.floor(used / 0.85))));
        expect(await schedule.apply(0, at, [change], 1, 2)).toEqual({ kind: 'full' });
        await withAdmin((admin) => admin.config('SET', 'maxmemory', String(Math.floor(used / 0.7))));
        expect(await schedule.apply(0, at, [change], 1, 2)).toMatchObject({ kind: 'ok' });
      } finally {
        await withAdmin((admin) => admin.config('SET', 'maxmemory', String(FULL_AT_BYTES)));
      }
    }));

  test('is not troubled by a SCRIPT FLUSH', () =>
    withSchedule(async (schedule) => {
      await schedule.reset(0, at, 1);
      await withAdmin((admin) => admin.script('FLUSH'));
      expect(await schedule.apply(0, at, [change], 1, 2)).toMatchObject({ kind: 'ok' });
      expect(await schedule.apply(0, { ...at, offset: 1 }, [], 1, 2)).toMatchObject({ kind: 'ok' });
    }));
});
