import { TOPIC } from '@hookline/contracts';
import { fromZero } from '@hookline/service-kit';
import { Counter, Gauge, Histogram, type Registry } from 'prom-client';

export type ObservabilityMetrics = ReturnType<typeof createObservabilityMetrics>;

/** Every metric that observability emits. */
export function createObservabilityMetrics(registry: Registry) {
  const registers = [registry];
  return {
    rejectedRecords: fromZero(
      new Counter({
        name: 'webhook_rejected_records_total',
        help: 'Records that could not be read and went to webhook.rejected.',
        labelNames: ['topic'],
        registers,
      }),
      'topic',
      [TOPIC.events, TOPIC.attempts, TOPIC.deadLetters],
    ),
    written: fromZero(
      new Counter({
        name: 'webhook_log_rows_written_total',
        help: 'Rows inserted or moved forward, by table; records that come again write none.',
        labelNames: ['table'],
        registers,
      }),
      'table',
      ['events', 'deliveries', 'attempts', 'dead_letters'],
    ),
    batchDuration: new Histogram({
      name: 'webhook_log_batch_duration_seconds',
      help: 'One transaction with the rows of a batch.',
      buckets: [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10],
      registers,
    }),
    failedBatches: new Counter({
      name: 'webhook_log_batches_failed_total',
      help: 'Transactions that failed and were tried again, but for those that met rows.',
      registers,
    }),
    metRows: new Counter({
      name: 'webhook_log_batches_met_rows_total',
      help: 'Transactions that met a row which was there already, and were made again; for some time rows are looked for then.',
      registers,
    }),
    queued: new Gauge({
      name: 'webhook_log_queued_records',
      help: 'Records received and not written yet.',
      registers,
    }),
    awaited: fromZero(
      new Counter({
        name: 'webhook_log_awaited_total',
        help: 'Reads that waited for the log to catch up with what had been accepted, by what came of it.',
        labelNames: ['outcome'],
        registers,
      }),
      'outcome',
      ['found', 'absent', 'late'],
    ),
    recovered: new Counter({
      name: 'webhook_recovered_deliveries_total',
      help: 'Dead deliveries that recoveries had sent again.',
      registers,
    }),
    expiredDays: new Counter({
      name: 'webhook_log_days_dropped_total',
      help: 'Days whose tables retention has dropped.',
      registers,
    }),
    expiredRows: fromZero(
      new Counter({
        name: 'webhook_log_rows_expired_total',
        help: 'Rows that retention has removed, by table; of dropped days as the database estimated them.',
        labelNames: ['table'],
        registers,
      }),
      'table',
      ['events', 'dead_letters', 'audit_log'],
    ),
    trimmedAt: new Gauge({
      name: 'webhook_log_trimmed_timestamp_seconds',
      help: 'When this copy last removed all that is too old; before the first time, when it began to.',
      registers,
    }),
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
