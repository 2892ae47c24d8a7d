import {
  databaseSection,
  dedupSection,
  gatewaySection,
  hooklineSection,
  kafkaSection,
  logSection,
  redisSection,
  securitySection,
  tracingSection,
} from '@hookline/service-kit';
import { z } from 'zod';

export const gatewayConfig = z.strictObject({
  hookline: hooklineSection,
  log: logSection,
  database: databaseSection,
  kafka: kafkaSection,
  redis: redisSection,
  dedup: dedupSection,
  // It verifies tokens, and opens no secrets.
  security: securitySection.partial({ encryption_key: true }),
  tracing: tracingSection,
  gateway: gatewaySection,
});

export type GatewayConfig = z.infer<typeof gatewayConfig>;
