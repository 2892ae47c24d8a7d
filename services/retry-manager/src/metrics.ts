import { TOPIC } from '@hookline/contracts';
import { fromZero } from '@hookline/service-kit';
import { Counter, Gauge, type Registry } from 'prom-client';

export type RetryManagerMetrics = ReturnType<typeof createRetryManagerMetrics>;

/** Every metric that the retry manager emits. */
export function createRetryManagerMetrics(metrics: Registry) {
  const registers = [metrics];
  return {
    queueSize: new Gauge({
      name: 'webhook_retry_queue_size',
      help: 'Retries in the index of this copy, by state: waiting, held, excess, claimed, handed_over',
      labelNames: ['state'],
      registers,
    }),
    oldestDue: new Gauge({
      name: 'webhook_retry_oldest_due_seconds',
      help: 'How long the earliest waiting retry has been due; 0 where none is',
      registers,
    }),
    handedOver: new Counter({
      name: 'webhook_retry_handed_over_total',
      help: 'Due retries appended to webhook.deliveries',
      registers,
    }),
    backlogFull: new Counter({
      name: 'webhook_retry_backlog_full_total',
      help: 'Retries that found more waiting of their webhook or tenant than may, and become dead letters',
      registers,
    }),
    putBack: new Counter({
      name: 'webhook_retry_put_back_total',
      help: 'Retries that the dispatchers passed without settling, and that wait again',
      registers,
    }),
    rebuilds: new Counter({
      name: 'webhook_retry_index_rebuilds_total',
      help: "A partition's index was gone or behind and is read again from webhook.retries",
      registers,
    }),
    full: new Gauge({
      name: 'webhook_retry_store_full',
      help: '1 while the store is above its bound and nothing more is applied',
      registers,
    }),
    claimedBehind: new Counter({
      name: 'webhook_retry_claimed_behind_total',
      help: 'Times that the store was full before a partition had caught up, so that what it held was handed over all the same',
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
      [TOPIC.retries],
    ),
  };
}
