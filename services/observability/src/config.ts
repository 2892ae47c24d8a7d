import {
  databaseSection,
  hooklineSection,
  kafkaSection,
  logSection,
  observabilitySection,
  redisSection,
  securitySection,
  tracingSection,
} from '@hookline/service-kit';
import { z } from 'zod';

export const observabilityConfig = z.strictObject({
  hookline: hooklineSection,
  log: logSection,
  tracing: tracingSection,
  database: databaseSection,
  kafka: kafkaSection,
  redis: redisSection,
  // It verifies tokens, and opens no secrets.
  security: securitySection.partial({ encryption_key: true }),
  observability: observabilitySection,
});

export type ObservabilityConfig = z.infer<typeof observabilityConfig>;
