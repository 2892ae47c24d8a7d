import { Unavailable } from '@hookline/domain';
import { createRedisLimits } from '@hookline/limits-redis';
import type { ScheduleChange } from '@hookline/retry-schedule';
import { createRedisRetrySchedule } from '@hookline/retry-schedule-redis';
import { eventually, startRedis, type RedisPart } from '@hookline/testkit';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { Redis } from 'ioredis';

const MAXMEMORY = 16 * 1024 * 1024;
const NOW = 1_795_350_000_000;
const WINDOW_MS = 3_600_000;
const BATCH = 500;
const AMPLE = { deliveries: 100_000, bytes: 1_000_000_000 };
const ENTRIES = '{hookline:deduplication}:entries';
const log = { info: () => {}, warn: () => {} };

let redis: RedisPart;
let admin: Redis;
let limits: ReturnType<typeof createRedisLimits>;
let schedule: ReturnType<typeof createRedisRetrySchedule>;
let dropped = 0;
let ids = 0;

beforeAll(async () => {
  redis = await startRedis();
  admin = new Redis(redis.url);
  schedule = createRedisRetrySchedule({
    url: redis.url,
    partitions: 12,
    bounds: { webhook: AMPLE, tenant: AMPLE },
    log,
  });
}, 300_000);

beforeEach(async () => {
  await admin.flushall();
  await setMaxmemory(MAXMEMORY);
  dropped = 0;
  // A new one, since it remembers for a second how much there was room for.
  const deduplication = { pendingMs: 10_000, windowMs: WINDOW_MS, maxKeys: 5_000_000 };
  limits = createRedisLimits({ url: redis.url, deduplication, onDropped: (count) => (dropped += count), log });
});

afterEach(() => limits.close());

afterAll(async () => {
  await schedule.close();
  admin.disconnect();
  await redis.stop();
});

const setMaxmemory = (bytes: number) => admin.config('SET', 'maxmemory', String(Math.floor(bytes)));
const usedMemory = async () => Number(/used_memory:(\d+)/.exec(await admin.info('memory'))?.[1]);

/** Of as many ids as fill some batches, as ingestion does it. */
async function accept(batches: number, nowMs = NOW): Promise<{ key: string; token: string }[]> {
  let claims: { key: string; token: string }[] = [];
  for (let batch = 0; batch < batches; batch++) {
    claims = Array.from({ length: BATCH }, () => ({ key: `default\u001f${ids++}`, token: 'a' }));
    const answers = await limits.deduplication.claim(claims, nowMs);
    expect(answers.filter(({ kind }) => kind !== 'claimed')).toEqual([]);
    const answer = 'evt_0197a1b2-c3d4-7e5f-8a9b-0c1d2e3f4a5b';
    await limits.deduplication.finish(
      claims.map((claim) => ({ ...claim, bodyHash: 'h'.repeat(43), answer })),
      nowMs,
    );
  }
  return claims;
}

const again = (claims: { key: string }[], nowMs = NOW) =>
  limits.deduplication.claim(
    claims.map(({ key }) => ({ key, token: 'b' })),
    nowMs,
  );

function retry(id: number): ScheduleChange {
  const deliveryId = `dlv_${id}`;
  return {
    kind: 'wait',
    deliveryId,
    webhookId: 'wh_1',
    tenant: 'default',
    offset: id,
    attempt: 1,
    dueAtMs: NOW,
    entry: Buffer.alloc(1_000, id),
  };
}

describe('a Redis with little memory', () => {
  test('takes retries however many ids there were, and remembers the latest of these', async () => {
    const at = { incarnation: 'a', offset: 0 };
    await schedule.reset(0, at, NOW);
    // They would take all of it.
    await accept(160);
    const latest = await eventually(
      async () => {
        const claims = await accept(1);
        expect(await usedMemory()).toBeLessThan(MAXMEMORY / 2);
        return claims;
      },
      { timeoutMs: 30_000, everyMs: 10 },
    );
    expect(dropped).toBeGreaterThan(10_000);
    expect(await admin.hlen(ENTRIES)).toBeGreaterThan(10_000);
    expect((await again(latest)).filter(({ kind }) => kind !== 'done')).toEqual([]);

    const retries = Array.from({ length: 1_000 }, (_, id) => retry(id));
    expect(await schedule.apply(0, at, retries, 1_000, NOW)).toMatchObject({ kind: 'ok' });
  }, 60_000);

  test('that has none left claims ids all the same, and has some again by and by', async () => {
    await accept(20);
    const maxmemory = (await usedMemory()) * 0.9;
    await setMaxmemory(maxmemory);
    // Who has nothing of its own to remove is told that Redis is of no use just now.
    const window = { key: 'key', limit: 1, windowMs: 1_000, count: 1 };
    await expect(limits.rates.take([window], NOW)).rejects.toThrow(Unavailable);
    const latest = await accept(1);
    expect((await again(latest)).filter(({ kind }) => kind !== 'done')).toEqual([]);
    await eventually(
      async () => {
        await accept(1);
        expect(await usedMemory()).toBeLessThan(maxmemory * 0.95);
      },
      { timeoutMs: 30_000, everyMs: 10 },
    );
    expect(dropped).toBeGreaterThan(1_000);
    expect(await admin.set('room', 'again')).toBe('OK');
  }, 60_000);

  test('that has none left keeps breakers, slots and counts all the same, and refuses rates as a whole', async () => {
    const window = { key: 'used', limit: 10, windowMs: 1_000, count: 3 };
    expect(await limits.rates.take([window], NOW)).toMatchObject([{ granted: 3 }]);
    await setMaxmemory((await usedMemory()) * 0.9);

    const failures = { webhookId: 'wh_1', succeeded: 0, failed: 5, failuresInARow: 5 };
    const [opened] = await limits.breakers.report([failures], NOW);
    expect(opened).toMatchObject({ kind: 'open' });
    const half = NOW + 60_000;
    const probe = { webhookId: 'wh_1', token: 'probe', untilMs: half + 30_000 };
    expect(await limits.breakers.claimProbes([probe], half)).toMatchObject([{ granted: true }]);
    expect(await limits.breakers.report([{ ...failures, failed: 1, probe: 'probe' }], half)).toMatchObject([
      { kind: 'open' },
    ]);

    const places = { key: 'queue', count: 5, intervalMs: 100 };
    expect(await limits.slots.reserve([places], NOW)).toEqual([NOW]);
    expect(await limits.slots.reserve([places], NOW)).toEqual([NOW + 500]);

    const tally = { key: 'day', copy: 'a', total: 7, untilMs: NOW + 86_400_000 };
    expect(await limits.tallies.report([tally], NOW)).toEqual([7]);
    expect(
      await limits.tallies.report(
        [
          { ...tally, copy: 'b', total: 2 },
          { ...tally, key: 'other' },
        ],
        NOW,
      ),
    ).toEqual([9, 7]);

    // Also where something has left a window.
    const later = NOW + 2_000;
    const asked = { ...window, count: 0 };
    await expect(limits.rates.take([window, { ...window, key: 'new' }], later)).rejects.toThrow(Unavailable);
    await expect(limits.rates.take([asked, { ...window, key: 'new' }], NOW)).rejects.toThrow(Unavailable);
    expect(await limits.rates.take([asked], NOW)).toMatchObject([{ granted: 0, remaining: 7 }]);
    await setMaxmemory(MAXMEMORY);
    expect(await limits.rates.take([{ ...window, count: 10 }], NOW)).toMatchObject([{ granted: 7 }]);
  }, 60_000);

  test('forgets ids that ran out also when it has no memory left', async () => {
    // Most is somebody else's.
    await setMaxmemory(0);
    await admin.set('other', 'x'.repeat(20_000_000));
    await accept(10);
    await setMaxmemory(await usedMemory());
    const latest = await accept(3, NOW + WINDOW_MS);
    expect((await again(latest, NOW + WINDOW_MS)).filter(({ kind }) => kind !== 'done')).toEqual([]);
    expect(await admin.hlen(ENTRIES)).toBe(3 * BATCH);
    expect(dropped).toBe(0);
  }, 60_000);
});
