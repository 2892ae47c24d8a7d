import { lines, number, type DashboardSpec } from './builder.ts';

export const retries: DashboardSpec = {
  name: 'retries',
  title: 'retries and dead letters',
  rows: [
    {
      title: 'Now',
      panels: [
        number('Waiting', 'short', 'sum(webhook_retry_queue_size{state="waiting"})'),
        number('Of paused webhooks', 'short', 'sum(webhook_retry_queue_size{state="held"})'),
        number('Earliest overdue by', 's', 'max(webhook_retry_oldest_due_seconds)'),
        number('Handed over per second', 'reqps', 'sum(rate(webhook_retry_handed_over_total[$__rate_interval]))'),
        number('Dead letters in an hour', 'short', 'sum(increase(webhook_dlq_messages_total[1h]))'),
        number('Sent again by recoveries in an hour', 'short', 'sum(increase(webhook_recovered_deliveries_total[1h]))'),
      ],
    },
    {
      title: 'Retries',
      panels: [
        lines('In the index, by state', 'short', { '{{state}}': 'sum by (state) (webhook_retry_queue_size)' }),
        lines('Earliest overdue by', 's', { '{{instance}}': 'max by (instance) (webhook_retry_oldest_due_seconds)' }),
        lines('Handed to the dispatchers', 'reqps', {
          'handed over': 'sum(rate(webhook_retry_handed_over_total[$__rate_interval]))',
          'put back': 'sum(rate(webhook_retry_put_back_total[$__rate_interval]))',
        }),
        lines('Deliveries put off, by reason', 'reqps', {
          '{{reason}}': 'sum by (reason) (rate(webhook_deliveries_deferred_total[$__rate_interval]))',
        }),
        lines('The store is full', 'none', {
          '{{instance}}': 'max by (instance) (webhook_retry_store_full)',
          'claimed before caught up': 'sum(increase(webhook_retry_claimed_behind_total[5m]))',
        }),
        lines('Indexes built anew', 'short', { indexes: 'sum(increase(webhook_retry_index_rebuilds_total[5m]))' }),
      ],
    },
    {
      title: 'Dead letters',
      panels: [
        lines('Dead letters, by reason', 'reqps', {
          '{{reason}}': 'sum by (reason) (rate(webhook_dlq_messages_total[$__rate_interval]))',
        }),
        lines('Beyond what may wait', 'reqps', {
          deliveries: 'sum(rate(webhook_retry_backlog_full_total[$__rate_interval]))',
        }),
        lines('Commands carried out', 'reqps', {
          '{{kind}}': 'sum by (kind) (rate(webhook_delivery_commands_total[$__rate_interval]))',
        }),
      ],
    },
  ],
};
