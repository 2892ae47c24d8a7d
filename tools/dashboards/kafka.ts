import { lines, number, type DashboardSpec } from './builder.ts';

export const kafka: DashboardSpec = {
  name: 'kafka',
  title: 'Kafka',
  rows: [
    {
      title: 'Now',
      panels: [
        number('Records not processed', 'short', 'sum(webhook_kafka_consumer_lag)'),
        number('Age of the oldest', 's', 'max(webhook_kafka_oldest_record_age_seconds)'),
        number('Records in per second', 'reqps', 'sum(rate(webhook_kafka_messages_produced_total[$__rate_interval]))'),
        number('Records out per second', 'reqps', 'sum(rate(webhook_kafka_messages_consumed_total[$__rate_interval]))'),
        number('Waiting for acknowledgement', 'short', 'sum(webhook_kafka_produce_queue_depth)'),
        number('Unreadable records in a day', 'short', 'sum(increase(webhook_rejected_records_total[24h]))'),
      ],
    },
    {
      title: 'Reading',
      panels: [
        lines('Records not processed', 'short', {
          '{{service}} {{topic}}': 'sum by (service, topic) (webhook_kafka_consumer_lag)',
        }),
        lines(
          'Age of the oldest record not processed',
          's',
          { '{{service}} {{topic}}': 'max by (service, topic) (webhook_kafka_oldest_record_age_seconds)' },
          'What grows without end is stuck; what is high and steady is as long as the slowest request takes.',
        ),
        lines('Records read', 'reqps', {
          '{{service}} {{topic}}':
            'sum by (service, topic) (rate(webhook_kafka_messages_consumed_total[$__rate_interval]))',
        }),
      ],
    },
    {
      title: 'Writing',
      panels: [
        lines('Records acknowledged', 'reqps', {
          '{{service}} {{topic}}':
            'sum by (service, topic) (rate(webhook_kafka_messages_produced_total[$__rate_interval]))',
        }),
        lines('Waiting for acknowledgement', 'short', {
          '{{service}}': 'sum by (service) (webhook_kafka_produce_queue_depth)',
        }),
        lines('Records that could not be read', 'short', {
          '{{service}} {{topic}}': 'sum by (service, topic) (increase(webhook_rejected_records_total[15m]))',
        }),
      ],
    },
    {
      title: 'Changes of webhooks',
      panels: [
        lines('Changes relayed', 'reqps', {
          changes: 'sum(rate(webhook_registry_changes_relayed_total[$__rate_interval]))',
        }),
        lines('Rounds of the relay that failed', 'short', {
          rounds: 'sum(increase(webhook_registry_relay_failures_total[5m]))',
        }),
        lines('Revision that the topic has', 'none', {
          '{{instance}}': 'max by (instance) (webhook_registry_relayed_revision)',
        }),
      ],
    },
  ],
};
