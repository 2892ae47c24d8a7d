import { startKafka } from './kafka.ts';
import { startPostgres } from './postgres.ts';
import { startRedis } from './redis.ts';

export interface WantedParts {
  kafka?: boolean;
  redis?: boolean;
  postgres?: boolean;
}

export interface SharedParts {
  /** To be set for the test processes: their `useRealParts` then uses these parts instead of starting its own. */
  environment: Record<string, string>;
  /** May be called again. */
  stop: () => Promise<void>;
}

export const KAFKA_VARIABLE = 'HOOKLINE_TEST_KAFKA';
export const REDIS_VARIABLE = 'HOOKLINE_TEST_REDIS';
export const POSTGRES_VARIABLE = 'HOOKLINE_TEST_POSTGRES';

/** Starts the wanted parts together, to be shared by many test processes. When one fails, none is left running. */
export async function startSharedParts(wanted: WantedParts): Promise<SharedParts> {
  const environment: Record<string, string> = {};
  const parts: { stop: () => Promise<void> }[] = [];
  const starts: Promise<void>[] = [];
  if (wanted.kafka) starts.push(startKafka().then((kafka) => note(KAFKA_VARIABLE, kafka.brokers.join(','), kafka)));
  if (wanted.redis) starts.push(startRedis().then((redis) => note(REDIS_VARIABLE, redis.url, redis)));
  if (wanted.postgres) starts.push(startPostgres().then((postgres) => note(POSTGRES_VARIABLE, postgres.url, postgres)));

  function note(variable: string, value: string, part: { stop: () => Promise<void> }): void {
    environment[variable] = value;
    parts.push(part);
  }

  async function stop(): Promise<void> {
    await Promise.all(parts.map((part) => part.stop()));
  }

  const failed = (await Promise.allSettled(starts)).find((result) => result.status === 'rejected');
  if (failed !== undefined) {
    await stop();
    throw failed.reason;
  }
  return { environment, stop };
}
