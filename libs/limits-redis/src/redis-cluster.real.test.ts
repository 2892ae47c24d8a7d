import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { Unavailable } from '@hookline/domain';
import { describeLimits } from '@hookline/limits/contract';
import { eventually, startRedisCluster, uniqueName, type RedisClusterPart } from '@hookline/testkit';
import { Redis } from 'ioredis';
import { createRedisLimits } from './index.ts';

const log = { info: () => {}, warn: () => {} };
const FAILOVER_MS = 60_000;

let cluster: RedisClusterPart;
beforeAll(async () => {
  cluster = await startRedisCluster();
}, 300_000);
afterAll(() => cluster?.stop());

const address = () => ({ url: cluster.url, cluster: { nodes: [{ host: '127.0.0.1', port: cluster.replica.port }] } });

describeLimits('Redis Cluster', {
  begin: async (options) => {
    const keyPrefix = uniqueName('limits');
    const open = () => createRedisLimits({ ...address(), keyPrefix, log, ...options });
    return [open(), open()];
  },
});

describe('limits in a cluster', () => {
  const deduplication = { pendingMs: 1_000, windowMs: 5_000, maxKeys: 100 };
  const limits = () => createRedisLimits({ ...address(), deduplication, log, commandTimeoutMs: 1_000 });
  const takes = Array.from({ length: 500 }, (_, index) => ({
    key: `key ${index}`,
    limit: 1,
    windowMs: 3_600_000,
    count: 1,
  }));

  test('spread over its masters', async () => {
    const open = limits();
    try {
      expect((await open.rates.take(takes, 1)).map(({ granted }) => granted)).toEqual(takes.map(() => 1));
      expect((await open.rates.take(takes, 2)).map(({ granted }) => granted)).toEqual(takes.map(() => 0));
      for (const master of cluster.masters) expect(await countKeys(master.url)).toBeGreaterThan(20);
    } finally {
      await open.close();
    }
  });

  test(
    'go on by the replica when a master is killed',
    async () => {
      const open = limits();
      try {
        await open.rates.take(takes, 1);
        await cluster.masters.at(-1)!.kill('SIGKILL');
        await expect(open.rates.take(takes, 1)).rejects.toThrow(Unavailable);
        await eventually(() => open.rates.take(takes, 1), { timeoutMs: FAILOVER_MS, everyMs: 200 });
        await eventually(() => open.ping(1_000), { timeoutMs: FAILOVER_MS, everyMs: 200 });
      } finally {
        await open.close();
      }
      // Nor does one that begins now need the node that is gone, where it knows another.
      const later = createRedisLimits({
        url: cluster.masters.at(-1)!.url,
        cluster: { nodes: [{ host: '127.0.0.1', port: cluster.replica.port }] },
        deduplication,
        log,
      });
      try {
        await eventually(() => later.rates.take(takes, 1), { timeoutMs: FAILOVER_MS, everyMs: 200 });
      } finally {
        await later.close();
      }
    },
    2 * FAILOVER_MS,
  );
});

async function countKeys(url: string): Promise<number> {
  const admin = new Redis(url);
  try {
    return await admin.dbsize();
  } finally {
    admin.disconnect();
  }
}
