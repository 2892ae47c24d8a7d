import {
  databaseSection,
  hooklineSection,
  kafkaSection,
  logSection,
  observabilitySection,
  redisSection,
  securitySection,
} from '@hookline/service-kit';
import { z } from 'zod';

export const observabilityConfig = z.strictObject({
  hookline: hooklineSection,
  log: logSection,
  database: databaseSection,
  kafka: kafkaSection,
  redis: redisSection,
  security: securitySection,
  observability: observabilitySection,
});

export type ObservabilityConfig = z.infer<typeof observabilityConfig>;
