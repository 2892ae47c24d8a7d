import {
  databaseSection,
  dedupSection,
  dispatcherSection,
  hooklineSection,
  kafkaSection,
  logSection,
  quotasSection,
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
  quotas: quotasSection,
  // A test of a webhook is sent as its deliveries are.
  dispatcher: dispatcherSection,
});

export type RegistryConfig = z.infer<typeof registryConfig>;
