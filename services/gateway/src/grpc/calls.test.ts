import { Metadata, type ServerUnaryCall } from '@grpc/grpc-js';
import { createLog, createMetrics, type Identity } from '@hookline/service-kit';
import { expect, test } from '@jest/globals';
import type { EdgeLimits } from '../http/limits.ts';
import type { Passed } from '../http/route.ts';
import { createGatewayMetrics } from '../metrics.ts';
import { createCalls } from './calls.ts';

const identity: Identity = {
  tenant: 'acme',
  subject: 'usr_1',
  scopes: ['webhooks:write'],
  via: 'login',
  credential: null,
};

/** What goes on to the services behind from a call of `peer` with these metadata. */
function passedFrom(peer: string, metadata: Metadata): Promise<Passed> {
  const calls = createCalls({
    authenticator: { verify: async () => identity },
    limits: { tenant() {} } as unknown as EdgeLimits,
    log: createLog('gateway', 'silent'),
    metrics: createGatewayMetrics(createMetrics('gateway')),
  });
  return new Promise((resolve) => {
    const handle = calls.unary('RegisterWebhook', 'webhooks:write', async (_request, { passed }) => resolve(passed));
    handle({ metadata, getPeer: () => peer, cancelled: false } as ServerUnaryCall<unknown, void>, () => {});
  });
}

test.each([
  ['203.0.113.7:49152', '203.0.113.7'],
  ['2001:db8::7:49152', '2001:db8::7'],
])('who changes something from %s is known to be at %s, whatever its metadata say', async (peer, address) => {
  const metadata = new Metadata();
  metadata.set('authorization', 'Bearer x');
  metadata.set('x-request-id', 'r-1');
  metadata.set('x-client-address', '198.51.100.1');
  expect(await passedFrom(peer, metadata)).toEqual({
    authorization: 'Bearer x',
    'x-request-id': 'r-1',
    'x-client-address': address,
  });
});
