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

/** What is wrong with the configuration of a dispatcher that shares its process with the other services. */
export function inOneProcess({ dispatcher }: Pick<DispatcherConfig, 'dispatcher'>): string | undefined {
  if (dispatcher.worker_count === 1) return undefined;
  return 'dispatcher.worker_count: must be 1 with `npm start`, which runs everything in one process; e.g. DISPATCHER_WORKER_COUNT=1';
}
