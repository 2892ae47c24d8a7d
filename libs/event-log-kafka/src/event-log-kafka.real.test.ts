import { describeEventLog } from '@hookline/event-log/contract';
import { useRealParts } from '@hookline/testkit';
import { createKafkaEventLog } from './index.ts';

const quiet = { debug() {}, info() {}, warn() {}, error() {} };
const parts = useRealParts({ kafka: true });

describeEventLog('Kafka', {
  open: async () => createKafkaEventLog({ brokers: parts.kafkaBrokers, clientId: 'contract', log: quiet }),
  shortestSessionMs: 6_000,
});
