import { lines, number, percentiles, type DashboardSpec } from './builder.ts';

export const delivery: DashboardSpec = {
  name: 'delivery',
  title: "delivery and receivers' health",
  rows: [
    {
      title: 'Now',
      panels: [
        number('Requests per second', 'reqps', 'webhook:delivery_attempts:rate5m'),
        number('Requests that succeed', 'percentunit', 'webhook:delivery_success_rate'),
        number('A request, p95', 's', 'webhook:delivery_latency_p95'),
        number('Acceptance to delivery, p50', 's', 'webhook:delivery_lag_p50'),
        number('Acceptance to delivery, p95', 's', 'webhook:delivery_lag_p95'),
        number('Webhooks with an open breaker', 'none', 'max(webhook_circuit_breaker_open)'),
      ],
    },
    {
      title: 'Requests to receivers',
      panels: [
        lines('Requests, by what made them due', 'reqps', {
          '{{trigger}}': 'sum by (trigger) (rate(webhook_delivery_attempts_total[$__rate_interval]))',
        }),
        lines('Requests that failed, by class', 'reqps', {
          '{{class}}': 'sum by (class) (rate(webhook_delivery_failures_total[$__rate_interval]))',
        }),
        lines('From connecting to the end of the answer', 's', percentiles('webhook_delivery_duration_seconds')),
        lines(
          'From acceptance to delivery',
          's',
          percentiles('webhook_delivery_lag_seconds'),
          'Receivers that fail make the tail long; a platform that is behind moves the middle.',
        ),
        lines('Deliveries that ended otherwise', 'reqps', {
          '{{state}}': 'sum by (state) (rate(webhook_deliveries_ended_total[$__rate_interval]))',
          'sent before': 'sum(rate(webhook_deliveries_duplicate_total[$__rate_interval]))',
        }),
        lines('Put off without a request, by reason', 'reqps', {
          '{{reason}}': 'sum by (reason) (rate(webhook_deliveries_deferred_total[$__rate_interval]))',
        }),
      ],
    },
    {
      title: 'In the dispatchers',
      panels: [
        lines('Waiting in memory', 'short', { '{{instance}}': 'sum by (instance) (webhook_deliveries_queued)' }),
        lines('Requests under way', 'short', { '{{instance}}': 'sum by (instance) (webhook_deliveries_in_flight)' }),
        lines(
          'Places for requests taken, by lane',
          'short',
          { '{{lane}}': 'sum by (lane) (webhook_request_places)' },
          'slow near its half of dispatcher.max_in_flight: receivers hang, and the others keep their places.',
        ),
        lines('Outcomes that are not durable yet', 'short', {
          '{{instance}}': 'sum by (instance) (webhook_deliveries_settling)',
        }),
        lines('Deliveries in order', 'short', { '{{instance}}': 'sum by (instance) (webhook_deliveries_in_order)' }),
        lines('Connections to receivers', 'short', { '{{state}}': 'sum by (state) (webhook_connections)' }),
      ],
    },
    {
      title: 'Webhooks',
      panels: [
        lines('Webhooks with an open breaker', 'none', {
          '{{instance}}': 'max by (instance) (webhook_circuit_breaker_open)',
        }),
        lines('Webhooks that events are matched against', 'short', {
          webhooks: 'max(webhook_table_webhooks)',
          unreadable: 'max(webhook_table_unreadable)',
        }),
        lines('Webhooks that the platform disabled', 'short', {
          '{{reason}}': 'sum by (reason) (increase(webhook_registry_webhooks_disabled_total[1h]))',
        }),
      ],
    },
  ],
};
