import { TOPIC } from '@hookline/contracts';
import { fromZero } from '@hookline/service-kit';
import { Counter, Gauge, Histogram, type Registry } from 'prom-client';

export type RegistryMetrics = ReturnType<typeof createRegistryMetrics>;

/** Every metric that the registry emits. */
export function createRegistryMetrics(metrics: Registry) {
  const registers = [metrics];
  return {
    callDuration: new Histogram({
      name: 'webhook_registry_call_duration_seconds',
      help: 'gRPC calls by method and by code: ok, or the code of the problem',
      labelNames: ['method', 'code'],
      buckets: [0.001, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10],
      registers,
    }),
    relayed: new Counter({
      name: 'webhook_registry_changes_relayed_total',
      help: 'Changes that this copy appended to webhook.changes',
      registers,
    }),
    relayFailures: new Counter({
      name: 'webhook_registry_relay_failures_total',
      help: 'Rounds of the relay that failed and will be tried again',
      registers,
    }),
    relayedRevision: new Gauge({
      name: 'webhook_registry_relayed_revision',
      help: 'Every change up to this revision is in webhook.changes, as far as this copy knows',
      registers,
    }),
    disabled: fromZero(
      new Counter({
        name: 'webhook_registry_webhooks_disabled_total',
        help: 'Webhooks that the platform disabled, by reason',
        labelNames: ['reason'],
        registers,
      }),
      'reason',
      ['gone', 'disabled_by_receiver', 'failing'],
    ),
    rejected: fromZero(
      new Counter({
        name: 'webhook_rejected_records_total',
        help: 'Records that could not be read and went to webhook.rejected',
        labelNames: ['topic'],
        registers,
      }),
      'topic',
      [TOPIC.deadLetters, TOPIC.health],
    ),
  };
}
