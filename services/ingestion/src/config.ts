import {
  databaseSection,
  dedupSection,
  hooklineSection,
  ingestionSection,
  kafkaSection,
  logSection,
  quotasSection,
  redisSection,
  securitySection,
  tracingSection,
} from '@hookline/service-kit';
import { z } from 'zod';

export const ingestionConfig = z.strictObject({
  hookline: hooklineSection,
  log: logSection,
  database: databaseSection,
  kafka: kafkaSection,
  redis: redisSection,
  // It verifies tokens, and opens no secrets.
  security: securitySection.partial({ encryption_key: true }),
  dedup: dedupSection,
  tracing: tracingSection,
  ingestion: ingestionSection,
  quotas: quotasSection,
});

export type IngestionConfig = z.infer<typeof ingestionConfig>;
