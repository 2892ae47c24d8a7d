import { TOPIC } from '@hookline/contracts';
import type { NewRecord } from '@hookline/event-log';
import { createKafkaEventLog } from '@hookline/event-log-kafka';
import { createLog } from '@hookline/service-kit';
import type { Receiver } from '@hookline/testkit';
import { createGrpcClient } from '../../services/gateway/src/testing/grpc-client.ts';
import type { Api } from '../api.ts';

export interface LoadOptions {
  api: Api;
  receiver: Receiver;
  ingestionUrl: string;
  grpcPort: number;
  brokers: readonly string[];
}

const KINDS = ['ok', 'failing', 'gone'];

/** How the receiver answers, by the path that it is asked for. */
export function answerTo(path: string): number {
  if (path === '/failing') return 500;
  return path === '/gone' ? 410 : 200;
}

/** Its `round` does a bit of everything that comes to the platform from outside. */
export async function createLoad({ api, receiver, ingestionUrl, grpcPort, brokers }: LoadOptions) {
  for (const kind of KINDS) {
    await api.createWebhook({ url: `${receiver.url}/${kind}`, event_types: [`load.${kind}`] });
  }
  await append(brokers, { topic: TOPIC.events, value: Buffer.from('?') });
  const grpc = createGrpcClient(grpcPort);
  let rounds = 0;

  async function round(): Promise<void> {
    const id = `load-${rounds++}`;
    for (const kind of KINDS) await api.publish(`${id}-${kind}`, `load.${kind}`, '{"a":1}');
    await api.publish(`${id}-ok`, 'load.ok', '{"a":1}');
    const event = { type: 'load.ok', source: 'test', data: {} };
    await api.call('POST', '/api/v1/events:batch', { events: [event, event] });
    await api.call('POST', '/api/v1/events', { type: 'load.ok' });
    await fetch(`${ingestionUrl}/events`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(event),
    });
    for (const path of [`events/${id}-ok`, 'webhooks', 'deliveries?limit=5', 'dead-letters?limit=5']) {
      await api.call('GET', `/api/v1/${path}`);
    }
    await grpc.call('ListWebhooks', {}, api.token);
  }

  return { round, close: () => grpc.close() };
}

/** Straight to Kafka, as a producer that is none of ours. */
export async function append(brokers: readonly string[], record: NewRecord): Promise<void> {
  const eventLog = createKafkaEventLog({ brokers, clientId: 'test', log: createLog('test', 'silent') });
  await eventLog.append([record]);
  await eventLog.close();
}
