import {
  databaseSection,
  dedupSection,
  hooklineSection,
  kafkaSection,
  logSection,
  redisSection,
  registrySection,
  securitySection,
  tracingSection,
} from '@hookline/service-kit';
import { z } from 'zod';

export const registryConfig = z.strictObject({
  hookline: hooklineSection,
  log: logSection,
  tracing: tracingSection,
  database: databaseSection,
  kafka: kafkaSection,
  redis: redisSection,
  dedup: dedupSection,
  security: securitySection,
  registry: registrySection,
});

export type RegistryConfig = z.infer<typeof registryConfig>;
