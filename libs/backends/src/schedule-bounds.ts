import { retryManagerSection } from '@hookline/service-kit';
import type { ScheduleBounds } from '@hookline/retry-schedule';
import type { BackendsConfig } from './mode.ts';

/** What the section `retry_manager` lets wait; its defaults for a service that doesn't read it. */
export function scheduleBounds(config: BackendsConfig): { bounds: ScheduleBounds; maxBytes: number } {
  const section = config.retry_manager ?? retryManagerSection.parse({});
  return {
    bounds: {
      webhook: { deliveries: section.max_waiting_per_webhook, bytes: section.max_waiting_bytes_per_webhook },
      tenant: { deliveries: section.max_waiting_per_tenant, bytes: section.max_waiting_bytes_per_tenant },
    },
    maxBytes: section.max_stored_bytes,
  };
}
