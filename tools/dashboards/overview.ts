import { lines, number, type DashboardSpec } from './builder.ts';

export const overview: DashboardSpec = {
  name: 'overview',
  title: 'overview',
  rows: [
    {
      title: 'Now',
      panels: [
        number('Events accepted per second', 'reqps', 'sum(rate(webhook_events_ingested_total[$__rate_interval]))'),
        number('Deliveries per second', 'reqps', 'sum(rate(webhook_delivery_success_total[$__rate_interval]))'),
        number('Requests that succeed', 'percentunit', 'webhook:delivery_success_rate'),
        number('Acceptance to delivery, p95', 's', 'webhook:delivery_lag_p95'),
        number('Retries waiting', 'short', 'sum(webhook_retry_queue_size)'),
        number('Dead letters in an hour', 'short', 'sum(increase(webhook_dlq_messages_total[1h]))'),
      ],
    },
    {
      title: 'In and out',
      panels: [
        lines('Events and deliveries', 'reqps', {
          accepted: 'sum(rate(webhook_events_ingested_total[$__rate_interval]))',
          attempted: 'sum(rate(webhook_delivery_attempts_total[$__rate_interval]))',
          delivered: 'sum(rate(webhook_delivery_success_total[$__rate_interval]))',
          dead: 'sum(rate(webhook_dlq_messages_total[$__rate_interval]))',
        }),
        lines(
          'Requests answered with 5xx',
          'percentunit',
          { '{{service}}': 'webhook:http_error_rate' },
          'Of gateway, ingestion and observability.',
        ),
        lines(
          'Error budget',
          'short',
          {
            'short: {{service}}': 'webhook:acceptance_burn_rate:5m',
            'hour: {{service}}': 'webhook:acceptance_burn_rate:1h',
            'long: {{service}}': 'webhook:acceptance_burn_rate:6h',
          },
          '1 uses the budget up in just the 30 days of the objective (99.9 %). Alerts: 14.4 over an hour, 6 over six.',
        ),
      ],
    },
    {
      title: 'What waits',
      panels: [
        lines('Age of the oldest record', 's', {
          '{{service}} {{topic}}': 'max by (service, topic) (webhook_kafka_oldest_record_age_seconds)',
        }),
        lines('Earliest retry overdue by', 's', { overdue: 'max(webhook_retry_oldest_due_seconds)' }),
        lines('In the dispatchers', 'short', {
          queued: 'sum(webhook_deliveries_queued)',
          'in flight': 'sum(webhook_deliveries_in_flight)',
          'not durable yet': 'sum(webhook_deliveries_settling)',
        }),
      ],
    },
    {
      title: 'Copies',
      panels: [
        lines('Copies that answer', 'none', { '{{service}}': 'sum by (service) (up{job="hookline"})' }),
        lines(
          'CPU',
          'percentunit',
          { '{{service}}': 'sum by (service) (rate(process_cpu_seconds_total[$__rate_interval]))' },
          '1 is one core.',
        ),
        lines('Memory', 'bytes', { '{{service}}': 'sum by (service) (process_resident_memory_bytes)' }),
      ],
    },
  ],
};
