import { fromZero } from '@hookline/service-kit';
import { Counter, Histogram, type Registry } from 'prom-client';

export type IngestionMetrics = ReturnType<typeof createIngestionMetrics>;

/** Every metric that ingestion emits. @param droppedIds how many event ids were forgotten for want of room, so far */
export function createIngestionMetrics(registry: Registry, droppedIds: () => number) {
  const registers = [registry];
  return {
    ingested: new Counter({
      name: 'webhook_events_ingested_total',
      help: 'Events acknowledged for the first time.',
      registers,
    }),
    repeated: new Counter({
      name: 'webhook_events_repeated_total',
      help: 'Events that had been accepted before and were answered as they were then.',
      registers,
    }),
    rejected: new Counter({
      name: 'webhook_events_rejected_total',
      help: 'Requests, and events of batches, that were refused, by the code of the answer; client_gone: none was possible.',
      labelNames: ['reason'],
      registers,
    }),
    mismatched: fromZero(
      new Counter({
        name: 'webhook_events_mismatched_total',
        help: 'Events whose data does not fit the schema of their type, by what became of them: tag, quarantine or reject.',
        labelNames: ['action'],
        registers,
      }),
      'action',
      ['tag', 'quarantine', 'reject'],
    ),
    withoutDeduplication: new Counter({
      name: 'webhook_events_without_deduplication_total',
      help: 'Events acknowledged without having been checked for repetition, since the store of ids was away.',
      registers,
    }),
    droppedIds: new Counter({
      name: 'webhook_events_forgotten_total',
      help: 'Event ids forgotten before `dedup.window` had passed, since there were more than `dedup.max_keys` or than fit into Redis.',
      registers,
      collect() {
        this.reset();
        this.inc(droppedIds());
      },
    }),
    limitsFailures: fromZero(
      new Counter({
        name: 'webhook_limits_failures_total',
        help: 'Calls to the store of ids, rates and counts that failed, by purpose.',
        labelNames: ['call'],
        registers,
      }),
      'call',
      ['claim', 'finish', 'abandon', 'rate', 'tally'],
    ),
    quotaWarnings: fromZero(
      new Counter({
        name: 'webhook_quota_warnings_total',
        help: 'Events `quota.warning` that this copy published, by quota.',
        labelNames: ['quota'],
        registers,
      }),
      'quota',
      ['events_per_day', 'payload_bytes'],
    ),
    requests: new Counter({
      name: 'webhook_http_requests_total',
      help: 'Requests answered.',
      labelNames: ['method', 'route', 'status'],
      registers,
    }),
    requestDuration: new Histogram({
      name: 'webhook_http_request_duration_seconds',
      help: 'From the headers of a request to its answer.',
      labelNames: ['route'],
      buckets: [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10],
      registers,
    }),
  };
}
