import { lines, percentiles, type DashboardSpec } from './builder.ts';

export const runtime: DashboardSpec = {
  name: 'runtime',
  title: 'runtime',
  rows: [
    {
      title: 'Processes',
      panels: [
        lines(
          'CPU',
          'percentunit',
          { '{{service}} {{instance}} {{worker}}': 'rate(process_cpu_seconds_total[$__rate_interval])' },
          '1 is one core.',
        ),
        lines('Memory', 'bytes', { '{{service}} {{instance}} {{worker}}': 'process_resident_memory_bytes' }),
        lines('Heap in use', 'bytes', { '{{service}} {{instance}} {{worker}}': 'nodejs_heap_size_used_bytes' }),
        lines(
          'Event loop: 99 of 100 turns begin within',
          's',
          { '{{service}} {{instance}} {{worker}}': 'nodejs_eventloop_lag_p99_seconds' },
          'Since the last time somebody asked.',
        ),
        lines('Garbage collection', 'percentunit', {
          '{{service}} {{kind}}': 'sum by (service, kind) (rate(nodejs_gc_duration_seconds_sum[$__rate_interval]))',
        }),
        lines('File descriptors', 'short', { '{{service}} {{instance}} {{worker}}': 'process_open_fds' }),
        lines('Running since', 's', { '{{service}} {{instance}} {{worker}}': 'time() - process_start_time_seconds' }),
        lines('Things that keep the process busy', 'short', {
          '{{service}} {{type}}': 'sum by (service, type) (nodejs_active_resources)',
        }),
      ],
    },
    {
      title: 'Registry',
      panels: [
        lines('gRPC calls', 'reqps', {
          '{{method}} {{code}}':
            'sum by (method, code) (rate(webhook_registry_call_duration_seconds_count[$__rate_interval]))',
        }),
        lines('gRPC calls take', 's', percentiles('webhook_registry_call_duration_seconds')),
      ],
    },
    {
      title: 'The log of deliveries',
      panels: [
        lines('Rows written', 'reqps', {
          '{{table}}': 'sum by (table) (rate(webhook_log_rows_written_total[$__rate_interval]))',
        }),
        lines('A transaction takes', 's', percentiles('webhook_log_batch_duration_seconds')),
        lines('Records received and not written', 'short', {
          '{{instance}}': 'sum by (instance) (webhook_log_queued_records)',
        }),
        lines('Transactions that were made again', 'short', {
          failed: 'sum(increase(webhook_log_batches_failed_total[5m]))',
          'met rows': 'sum(increase(webhook_log_batches_met_rows_total[5m]))',
        }),
        lines('Reads that waited for the log', 'reqps', {
          '{{outcome}}': 'sum by (outcome) (rate(webhook_log_awaited_total[$__rate_interval]))',
        }),
        lines('Removed by retention', 'short', {
          '{{table}}': 'sum by (table) (increase(webhook_log_rows_expired_total[1h]))',
          days: 'sum(increase(webhook_log_days_dropped_total[1h]))',
        }),
        lines('Since retention removed all that is too old', 's', {
          since: 'time() - max(webhook_log_trimmed_timestamp_seconds)',
        }),
      ],
    },
  ],
};
