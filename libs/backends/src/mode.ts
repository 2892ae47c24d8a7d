import { InvalidInput } from '@hookline/domain';
import type {
  breakerSection,
  databaseSection,
  dedupSection,
  hooklineSection,
  kafkaSection,
  redisSection,
  retryManagerSection,
} from '@hookline/service-kit';
import type { z } from 'zod';

/** embedded: PGlite and memory, one process. postgres: PostgreSQL for everything. full: Kafka, Redis and PostgreSQL. */
export type BackendMode = 'embedded' | 'postgres' | 'full';

/** The sections of a service's configuration that choose its stores. */
export interface BackendsConfig {
  hookline: z.infer<typeof hooklineSection>;
  database: z.infer<typeof databaseSection>;
  kafka: z.infer<typeof kafkaSection>;
  redis: z.infer<typeof redisSection>;
  dedup?: z.infer<typeof dedupSection>;
  breaker?: z.infer<typeof breakerSection>;
  retry_manager?: z.infer<typeof retryManagerSection>;
}

/** @throws InvalidInput naming the setting that is missing */
export function backendMode({ database, kafka, redis }: BackendsConfig): BackendMode {
  const hasKafka = kafka.brokers.length > 0;
  const hasRedis = redis.url !== undefined;
  const hasDatabase = database.url !== undefined;
  if (!hasKafka && !hasRedis) return hasDatabase ? 'postgres' : 'embedded';
  const missing = [
    ...(hasKafka ? [] : ['KAFKA_BROKERS, e.g. localhost:9092']),
    ...(hasRedis ? [] : ['REDIS_URL, e.g. redis://localhost:6379']),
    ...(hasDatabase ? [] : ['DATABASE_URL, e.g. postgres://user:password@localhost:5432/hookline']),
  ];
  if (missing.length === 0) return 'full';
  throw new InvalidInput(
    `the full platform needs Kafka, Redis and PostgreSQL together: also set ${missing.join(' and ')}`,
  );
}
