import {
  breakerSection,
  databaseSection,
  dedupSection,
  dispatcherSection,
  hooklineSection,
  kafkaSection,
  logSection,
  redisSection,
  retryManagerSection,
  securitySection,
  tracingSection,
} from '@hookline/service-kit';
import { z } from 'zod';

export const dispatcherConfig = z.strictObject({
  hookline: hooklineSection,
  log: logSection,
  database: databaseSection,
  kafka: kafkaSection,
  redis: redisSection,
  dedup: dedupSection,
  breaker: breakerSection,
  // It opens webhooks' secrets and signs no tokens.
  security: securitySection.partial({ jwt_secret: true }),
  // The preset `quick`: the dispatcher decides when a failed delivery is tried again.
  retry_manager: retryManagerSection,
  tracing: tracingSection,
  dispatcher: dispatcherSection,
});

export type DispatcherConfig = z.infer<typeof dispatcherConfig>;
