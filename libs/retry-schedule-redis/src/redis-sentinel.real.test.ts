import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { Unavailable } from '@hookline/domain';
import type { RetrySchedule, ScheduleChange } from '@hookline/retry-schedule';
import { eventually, startRedisSentinels, type RedisSentinelsPart } from '@hookline/testkit';
import { Redis } from 'ioredis';
import { createRedisRetrySchedule } from './index.ts';

const AMPLE = { deliveries: 1_000, bytes: 1_000_000 };
const FAILOVER_MS = 90_000;
const START = { incarnation: 'a', offset: 0 };
const AFTER = { incarnation: 'a', offset: 1 };
const CHANGE: ScheduleChange = {
  kind: 'wait',
  deliveryId: 'dlv_1',
  webhookId: 'wh_1',
  tenant: 'default',
  offset: 0,
  attempt: 1,
  dueAtMs: 1,
  entry: Buffer.alloc(100),
};

let parts: RedisSentinelsPart;
beforeAll(async () => {
  parts = await startRedisSentinels();
}, 300_000);
afterAll(() => parts?.stop());

function open(): RetrySchedule {
  return createRedisRetrySchedule({
    url: `redis://${parts.masterName}`,
    sentinel: {
      // The first is nobody: the next one is asked.
      nodes: ['127.0.0.1:1', ...parts.sentinels].map((node) => ({
        host: node.split(':')[0]!,
        port: Number(node.split(':')[1]),
      })),
    },
    partitions: 12,
    bounds: { webhook: AMPLE, tenant: AMPLE },
    log: { info: () => {}, warn: () => {} },
    commandTimeoutMs: 1_000,
  });
}

test(
  'when the master is killed, what waits is found at the replica',
  async () => {
    const schedule = open();
    try {
      await eventually(() => schedule.reset(0, START, 1));
      expect(await schedule.apply(0, START, [CHANGE], AFTER.offset, 2)).toMatchObject({ kind: 'ok' });
      const first = await parts.masterPort();
      const [one, other] = parts.servers;
      const [master, replica] = first === one.port ? [one, other] : [other, one];
      await arrivesAt(replica.url);

      await master.kill('SIGKILL');
      await expect(schedule.held(0)).rejects.toThrow(Unavailable);

      const held = await eventually(() => schedule.held(0), { timeoutMs: FAILOVER_MS, everyMs: 200 });
      expect(held).toMatchObject(AFTER);
      // And it takes what is written.
      const request = { nowMs: 5, limit: 10, perWebhook: 10, maxBytes: 1_000_000, claimMs: 1_000 };
      const claim = await eventually(() => schedule.claim(0, AFTER, request), { timeoutMs: FAILOVER_MS, everyMs: 200 });
      expect(claim).toMatchObject({ kind: 'ok', value: { entries: [{ deliveryId: 'dlv_1' }] } });
      await schedule.check(5_000);
      // Another sentinel may have led the failover: the one that is asked hears of it a moment later.
      await eventually(async () => expect(await parts.masterPort()).toBe(replica.port), { timeoutMs: FAILOVER_MS });
    } finally {
      await schedule.close();
    }
  },
  3 * FAILOVER_MS,
);

/** Copies are made after a write is answered. */
async function arrivesAt(url: string): Promise<void> {
  const replica = new Redis(url);
  try {
    await eventually(async () =>
      expect(await replica.hget('{hookline:retries}:0:cursor', 'offset')).toBe(String(AFTER.offset)),
    );
  } finally {
    replica.disconnect();
  }
}
