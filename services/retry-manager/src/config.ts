import {
  databaseSection,
  dedupSection,
  hooklineSection,
  kafkaSection,
  logSection,
  redisSection,
  retryManagerSection,
  tracingSection,
} from '@hookline/service-kit';
import { z } from 'zod';

export const retryManagerConfig = z.strictObject({
  hookline: hooklineSection,
  log: logSection,
  tracing: tracingSection,
  database: databaseSection,
  kafka: kafkaSection,
  redis: redisSection,
  dedup: dedupSection,
  retry_manager: retryManagerSection,
});

export type RetryManagerConfig = z.infer<typeof retryManagerConfig>;
