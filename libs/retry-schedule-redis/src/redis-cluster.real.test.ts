import { afterAll, beforeAll } from '@jest/globals';
import { describeRetrySchedule, PARTITIONS } from '@hookline/retry-schedule/contract';
import { startRedisCluster, type RedisClusterPart } from '@hookline/testkit';
import { createRedisRetrySchedule } from './index.ts';

let cluster: RedisClusterPart;
beforeAll(async () => {
  cluster = await startRedisCluster();
}, 300_000);
afterAll(() => cluster?.stop());

describeRetrySchedule('Redis Cluster', {
  open: async (bounds) =>
    createRedisRetrySchedule({
      url: cluster.url,
      cluster: { nodes: [] },
      partitions: PARTITIONS,
      bounds,
      log: { info: () => {}, warn: () => {} },
    }),
});
