import { Metadata, type ServerWritableStream } from '@grpc/grpc-js';
import { createLog, createMetrics, type Identity } from '@hookline/service-kit';
import { eventually } from '@hookline/testkit';
import { expect, test } from '@jest/globals';
import { EventEmitter } from 'node:events';
import type { EdgeLimits } from '../http/limits.ts';
import { createGatewayMetrics } from '../metrics.ts';
import type { Accept } from '../stream/accept.ts';
import { createBacklog } from '../stream/backlog.ts';
import { createClient, type Client } from '../stream/client.ts';
import { encodeCursor } from '../stream/cursor.ts';
import { createCalls } from './calls.ts';
import { watchCalls } from './watch-calls.ts';

const identity: Identity = {
  tenant: 'acme',
  subject: 'usr_1',
  scopes: ['deliveries:read'],
  via: 'login',
  credential: null,
};
const SELECTION = { tenant: 'acme', webhooks: [], types: [], outcome: null };
const SOMEBODY_ELSES = {
  tenant: 'other',
  webhookId: 'wh_1',
  type: 'a.b',
  outcome: 'succeeded',
  timestampMs: 0,
  partition: 0,
  offset: 0,
  json: '{}',
} as const;

test('while nothing happens there are signs of life, with the cursor', async () => {
  const backlog = createBacklog([0, 0], { pageEntries: 2, maxEntries: 100, maxBytes: 1_000_000 });
  let client: Client | undefined;
  const accept: Accept = async () => ({
    async begin(outlet) {
      const deps = { backlog, outlet, selection: SELECTION, cursor: undefined, shared: () => null, onEnd() {} };
      client = createClient({ ...deps, room: { isLeft: () => true, take() {} } });
      return client;
    },
    leave() {},
  });
  const calls = createCalls({
    authenticator: { verify: async () => identity },
    limits: { tenant() {} } as unknown as EdgeLimits,
    log: createLog('gateway', 'silent'),
    metrics: createGatewayMetrics(createMetrics('gateway')),
  });
  const written: unknown[] = [];
  const call = Object.assign(new EventEmitter(), {
    request: { webhooks: [], types: [], outcome: '', cursor: '' },
    metadata: new Metadata(),
    getPeer: () => '203.0.113.7:49152',
    cancelled: false,
    write(message: unknown, done: () => void) {
      written.push(message);
      done();
    },
    end() {},
  });
  watchCalls(accept, calls).WatchDeliveries(call as unknown as ServerWritableStream<never, never>);
  await eventually(() => expect(client).toBeDefined());
  backlog.add([SOMEBODY_ELSES]);
  client?.pump();
  client?.beat();
  expect(written).toEqual([
    { updates: [], cursor: encodeCursor([0, 0]), gap: false },
    { updates: [], cursor: encodeCursor([1, 0]), gap: false },
  ]);
  call.emit('cancelled');
});
