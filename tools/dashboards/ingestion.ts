import { lines, percentiles, type DashboardSpec } from './builder.ts';

export const ingestion: DashboardSpec = {
  name: 'ingestion',
  title: 'ingestion',
  rows: [
    {
      title: 'Events',
      panels: [
        lines('Events', 'reqps', {
          accepted: 'sum(rate(webhook_events_ingested_total[$__rate_interval]))',
          repeated: 'sum(rate(webhook_events_repeated_total[$__rate_interval]))',
        }),
        lines('Refused, by the code of the answer', 'reqps', {
          '{{reason}}': 'sum by (reason) (rate(webhook_events_rejected_total[$__rate_interval]))',
        }),
        lines('Data that does not fit its schema', 'reqps', {
          '{{action}}': 'sum by (action) (rate(webhook_events_mismatched_total[$__rate_interval]))',
        }),
        lines('Warnings of quotas published', 'short', {
          '{{quota}}': 'sum by (quota) (increase(webhook_quota_warnings_total[1h]))',
        }),
      ],
    },
    {
      title: 'Requests',
      panels: [
        lines('Requests by status', 'reqps', {
          '{{service}} {{status}}':
            'sum by (service, status) (rate(webhook_http_requests_total{service=~"gateway|ingestion"}[$__rate_interval]))',
        }),
        lines('Requests by route', 'reqps', {
          '{{service}} {{method}} {{route}}':
            'sum by (service, method, route) (rate(webhook_http_requests_total[$__rate_interval]))',
        }),
        lines('gRPC calls', 'reqps', {
          '{{method}} {{code}}': 'sum by (method, code) (rate(webhook_grpc_requests_total[$__rate_interval]))',
        }),
        lines('gRPC calls take', 's', percentiles('webhook_grpc_request_duration_seconds')),
        lines('95 of 100 answered within', 's', { '{{service}}': 'webhook:http_latency_p95' }),
        lines('99 of 100 answered within, by route', 's', {
          '{{service}} {{route}}':
            'histogram_quantile(0.99, sum by (service, route, le) (rate(webhook_http_request_duration_seconds_bucket[$__rate_interval])))',
        }),
        lines('Error budget', 'short', {
          '5m {{service}}': 'webhook:acceptance_burn_rate:5m',
          '30m {{service}}': 'webhook:acceptance_burn_rate:30m',
          '1h {{service}}': 'webhook:acceptance_burn_rate:1h',
          '6h {{service}}': 'webhook:acceptance_burn_rate:6h',
        }),
        lines('Refused by a rate limit of the gateway', 'reqps', {
          '{{limit}}': 'sum by (limit) (rate(webhook_gateway_rate_limited_total[$__rate_interval]))',
        }),
      ],
    },
    {
      title: 'Behind the edge',
      panels: [
        lines('Handed to a service and not answered yet', 'short', {
          '{{upstream}}': 'sum by (upstream) (webhook_gateway_forwarding)',
        }),
        lines('Requests that a service did not answer', 'reqps', {
          '{{upstream}}': 'sum by (upstream) (rate(webhook_gateway_upstream_failures_total[$__rate_interval]))',
        }),
        lines('Clients of the live feed', 'short', {
          '{{instance}}': 'sum by (instance) (webhook_gateway_streams)',
        }),
        lines('Streams that the gateway ended', 'reqps', {
          '{{reason}}': 'sum by (reason) (rate(webhook_gateway_streams_ended_total[$__rate_interval]))',
        }),
        lines('Waiting for the acknowledgement of the event log', 'short', {
          '{{instance}}': 'sum by (instance) (webhook_kafka_produce_queue_depth{service="ingestion"})',
        }),
      ],
    },
    {
      title: 'Deduplication and limits',
      panels: [
        lines('Accepted without a check for repetition', 'reqps', {
          events: 'sum(rate(webhook_events_without_deduplication_total[$__rate_interval]))',
        }),
        lines('Ids forgotten before their time', 'reqps', {
          ids: 'sum(rate(webhook_events_forgotten_total[$__rate_interval]))',
        }),
        lines('Calls to the store of ids and rates that failed', 'reqps', {
          '{{service}} {{call}}': 'sum by (service, call) (rate(webhook_limits_failures_total[$__rate_interval]))',
          gateway: 'sum(rate(webhook_gateway_limits_unavailable_total[$__rate_interval]))',
        }),
      ],
    },
  ],
};
