import { spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { openSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { createTempDir, startKafka, startPostgres, startRedis } from '@hookline/testkit';
import { createPlatformProcesses } from '../../tools/platform/processes.ts';
import { cpuMs } from './process-stats.ts';

const PREPARE = join(import.meta.dirname, '../../tools/prepare-stores.ts');
const SETTLE_MS = 20_000;
const WINDOW_MS = 30_000;

/** Percent of a core that each of the six processes takes while nothing happens, on Kafka, Redis and PostgreSQL. */
export async function measureIdlePlatform(): Promise<Record<string, number>> {
  const folder = await createTempDir('hookline-budget');
  const [postgres, redis, kafka] = await Promise.all([startPostgres(), startRedis(), startKafka()]);
  const env = {
    PATH: process.env['PATH'] ?? '',
    LOG_LEVEL: 'warn',
    SECURITY_JWT_SECRET: randomBytes(48).toString('base64'),
    SECURITY_ENCRYPTION_KEY: randomBytes(32).toString('base64'),
    SECURITY_ADMIN_PASSWORD: 'budget-password',
    DATABASE_URL: postgres.url,
    REDIS_URL: redis.url,
    KAFKA_BROKERS: kafka.brokers.join(','),
    // Further options of the processes, e.g. --cpu-prof to see what they spend it on.
    ...(process.env['NODE_OPTIONS'] === undefined ? {} : { NODE_OPTIONS: process.env['NODE_OPTIONS'] }),
  };
  const platform = await createPlatformProcesses({
    env,
    freePorts: true,
    outputOf: (service) => openSync(join(folder.path, `${service}.log`), 'a'),
    ended: (service) => console.error(`${service} ended by itself`),
  });
  try {
    const prepared = spawnSync(process.execPath, [PREPARE], { env, encoding: 'utf8' });
    if (prepared.status !== 0) throw new Error(`the stores could not be prepared: ${prepared.stderr}`);
    await platform.start();
    await sleep(SETTLE_MS);
    const usage = () => platform.copies.map((copy) => cpuMs(copy.pid() as number));
    const before = usage();
    const startedAt = performance.now();
    await sleep(WINDOW_MS);
    const elapsedMs = performance.now() - startedAt;
    const after = usage();
    return Object.fromEntries(
      platform.copies.map((copy, i) => [
        copy.service,
        (((after[i] as number) - (before[i] as number)) / elapsedMs) * 100,
      ]),
    );
  } finally {
    await platform.stop();
    await Promise.all([kafka.stop(), redis.stop(), postgres.stop()]);
    await folder.remove();
  }
}
