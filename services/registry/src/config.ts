import {
  databaseSection,
  dedupSection,
  hooklineSection,
  kafkaSection,
  logSection,
  redisSection,
  registrySection,
  securitySection,
} from '@hookline/service-kit';
import { z } from 'zod';

export const registryConfig = z.strictObject({
  hookline: hooklineSection,
  log: logSection,
  database: databaseSection,
  kafka: kafkaSection,
  redis: redisSection,
  dedup: dedupSection,
  security: securitySection,
  registry: registrySection,
});

export type RegistryConfig = z.infer<typeof registryConfig>;
