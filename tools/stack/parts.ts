import { join } from 'node:path';
import { ensureTemplate, nextFreePort, startKafka, startPostgres, startRedis } from '@hookline/testkit';

export interface Stack {
  /** What Hookline's services need to use it. */
  environment: Record<string, string>;
  /** The parts that have ended by themselves. */
  ended: () => string[];
  stop: () => Promise<void>;
}

interface StackPart {
  name: string;
  environment: Record<string, string>;
  isRunning: () => boolean;
  stop: () => Promise<void>;
}

/** Starts all three at once, on their usual ports or the next free ones; when one fails none is left running. */
export async function startStack(folder: string): Promise<Stack> {
  const results = await Promise.allSettled([kafkaIn(folder), redisIn(folder), postgresIn(folder)]);
  const parts = results.flatMap((result) => (result.status === 'fulfilled' ? [result.value] : []));
  const stop = async () => {
    await Promise.all(parts.map((part) => part.stop()));
  };
  const failed = results.find((result) => result.status === 'rejected');
  if (failed !== undefined) {
    await stop();
    throw failed.reason;
  }
  return {
    environment: Object.assign({}, ...parts.map((part) => part.environment)),
    ended: () => parts.filter((part) => !part.isRunning()).map((part) => part.name),
    stop,
  };
}

async function kafkaIn(folder: string): Promise<StackPart> {
  const kafka = await startKafka({ port: await nextFreePort(29_092, 2), dataDir: join(folder, 'kafka') });
  return {
    name: 'Kafka',
    environment: { KAFKA_BROKERS: kafka.brokers.join(',') },
    isRunning: () => kafka.nodes.every((node) => node.running),
    stop: kafka.stop,
  };
}

async function redisIn(folder: string): Promise<StackPart> {
  const port = await nextFreePort(26_379);
  const redis = await startRedis({ port, dataDir: join(folder, 'redis'), appendonly: true });
  return { name: 'Redis', environment: { REDIS_URL: redis.url }, isRunning: () => redis.running, stop: redis.stop };
}

async function postgresIn(folder: string): Promise<StackPart> {
  const postgres = await startPostgres({ port: await nextFreePort(25_432), dataDir: join(folder, 'postgres') });
  const url = new URL(postgres.url);
  url.pathname = '/hookline';
  try {
    await ensureTemplate(postgres.url, 'hookline', () => Promise.resolve());
  } catch (error) {
    await postgres.stop();
    throw error;
  }
  return {
    name: 'PostgreSQL',
    environment: { DATABASE_URL: url.href },
    isRunning: () => postgres.running,
    stop: postgres.stop,
  };
}
