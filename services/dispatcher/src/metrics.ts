import { TOPIC } from '@hookline/contracts';
import { FAILURE_RULES, type DeadReason, type DeferReason, type Trigger } from '@hookline/domain';
import { fromZero } from '@hookline/service-kit';
import { Counter, Gauge, Histogram, type Registry } from 'prom-client';

export type DispatcherMetrics = ReturnType<typeof createDispatcherMetrics>;

const DURATIONS_S = [0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120];
const LAGS_S = [0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 5, 30, 120, 600, 3_600, 21_600, 86_400];

const TRIGGERS: Record<Trigger, true> = { automatic: true, manual: true, replay: true, recovery: true };
const DEAD: Record<DeadReason, true> = {
  attempts_exhausted: true,
  gone: true,
  max_age: true,
  webhook_disabled: true,
  backlog_full: true,
  aborted_by_receiver: true,
  disabled_by_receiver: true,
};
const DEFERRED: Record<DeferReason, true> = {
  scheduled: true,
  paused: true,
  breaker_open: true,
  rate_limited: true,
  throttled: true,
  proxy: true,
  resources: true,
  overflow: true,
  shutdown: true,
  webhook_unreadable: true,
};

/** Every metric that the dispatcher emits. */
export function createDispatcherMetrics(metrics: Registry) {
  const registers = [metrics];
  return {
    attempts: fromZero(
      new Counter({
        name: 'webhook_delivery_attempts_total',
        help: 'HTTP requests made, by what made them due',
        labelNames: ['trigger'],
        registers,
      }),
      'trigger',
      Object.keys(TRIGGERS),
    ),
    successes: new Counter({ name: 'webhook_delivery_success_total', help: 'Deliveries that succeeded', registers }),
    failures: fromZero(
      new Counter({
        name: 'webhook_delivery_failures_total',
        help: 'HTTP requests that failed, by class',
        labelNames: ['class'],
        registers,
      }),
      'class',
      Object.keys(FAILURE_RULES),
    ),
    duration: new Histogram({
      name: 'webhook_delivery_duration_seconds',
      help: 'From connecting to the end of the answer',
      buckets: DURATIONS_S,
      registers,
    }),
    lag: new Histogram({
      name: 'webhook_delivery_lag_seconds',
      help: "From an event's acceptance to its delivery's success",
      buckets: LAGS_S,
      registers,
    }),
    deadLetters: fromZero(
      new Counter({
        name: 'webhook_dlq_messages_total',
        help: 'Deliveries that are dead, by reason',
        labelNames: ['reason'],
        registers,
      }),
      'reason',
      Object.keys(DEAD),
    ),
    ended: fromZero(
      new Counter({
        name: 'webhook_deliveries_ended_total',
        help: 'Deliveries that neither succeeded nor died, by state: expired, discarded since their webhook was deleted, cancelled',
        labelNames: ['state'],
        registers,
      }),
      'state',
      ['expired', 'discarded', 'cancelled'],
    ),
    deferred: fromZero(
      new Counter({
        name: 'webhook_deliveries_deferred_total',
        help: 'Deliveries handed to the retry schedule without a request having been made, by reason',
        labelNames: ['reason'],
        registers,
      }),
      'reason',
      Object.keys(DEFERRED),
    ),
    commands: fromZero(
      new Counter({
        name: 'webhook_delivery_commands_total',
        help: 'Commands carried out, by kind',
        labelNames: ['kind'],
        registers,
      }),
      'kind',
      ['attempt', 'cancel', 'bury'],
    ),
    duplicates: new Counter({
      name: 'webhook_deliveries_duplicate_total',
      help: 'Records of deliveries that this copy had settled already; nothing was sent',
      registers,
    }),
    rejected: fromZero(
      new Counter({
        name: 'webhook_rejected_records_total',
        help: 'Records that could not be read and went to webhook.rejected',
        labelNames: ['topic'],
        registers,
      }),
      'topic',
      [TOPIC.events, TOPIC.deliveries, TOPIC.changes, TOPIC.cancellations],
    ),
    limitsFailures: fromZero(
      new Counter({
        name: 'webhook_limits_failures_total',
        help: 'Calls to the shared limits that failed, by purpose; this process went on with its own.',
        labelNames: ['call'],
        registers,
      }),
      'call',
      ['rate', 'slots', 'breaker'],
    ),
    breakersOpen: new Gauge({
      name: 'webhook_circuit_breaker_open',
      help: 'Webhooks whose breaker is not closed, as far as this copy knows',
      registers,
    }),
    places: new Gauge({
      name: 'webhook_request_places',
      help: 'Places for requests taken, by lane: webhooks that are quick, that have never answered yet, that are slow',
      labelNames: ['lane'],
      registers,
    }),
    connections: new Gauge({
      name: 'webhook_connections',
      help: 'Connections to receivers',
      labelNames: ['state'],
      registers,
    }),
    inFlight: new Gauge({ name: 'webhook_deliveries_in_flight', help: 'HTTP requests under way', registers }),
    queued: new Gauge({ name: 'webhook_deliveries_queued', help: 'Deliveries that wait in memory', registers }),
    inOrder: new Gauge({
      name: 'webhook_deliveries_in_order',
      help: 'Deliveries that are to go out in order: waiting in memory for those before them, or being sent',
      registers,
    }),
    settling: new Gauge({
      name: 'webhook_deliveries_settling',
      help: 'Deliveries whose outcome is not durable yet',
      registers,
    }),
    webhooks: new Gauge({
      name: 'webhook_table_webhooks',
      help: 'Webhooks that events are matched against',
      registers,
    }),
    webhooksUnreadable: new Gauge({
      name: 'webhook_table_unreadable',
      help: 'Webhooks whose latest change cannot be read; their deliveries are put off',
      registers,
    }),
  };
}
