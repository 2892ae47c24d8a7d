import { RateLimited } from '@hookline/domain';
import { createLog, createMetrics, type Authenticator } from '@hookline/service-kit';
import { expect, test } from '@jest/globals';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { createGatewayMetrics } from '../metrics.ts';
import { createEdge } from './edge.ts';
import type { EdgeLimits } from './limits.ts';

const IDENTITY = { tenant: 'acme', subject: 'key_1', scopes: [], via: 'api_key', credential: 'key_1' } as const;

/** @param lookingUp whether many keys are being looked up just now */
function edge(lookingUp: boolean) {
  const verify: Authenticator['verify'] = async (_authorization, beforeLookUp) => {
    if (lookingUp) beforeLookUp?.();
    return IDENTITY;
  };
  const limits = {
    tenant: () => undefined,
    stranger() {
      throw new RateLimited('enough', { retryAfterMs: 1 });
    },
  } as unknown as EdgeLimits;
  return createEdge({
    authenticator: { verify },
    limits,
    log: createLog('x', 'silent'),
    metrics: createGatewayMetrics(createMetrics('gateway')),
    isDraining: () => false,
    cors: () => undefined,
    secure: false,
    trustedProxies: 0,
  });
}

test('whose address was refused too often has no key looked up while many are', async () => {
  const request = { headers: { authorization: 'Bearer x' } } as IncomingMessage;
  await expect(edge(true).admit(request, {} as ServerResponse, 'token')).rejects.toThrow(RateLimited);
  expect(await edge(false).admit(request, {} as ServerResponse, 'token')).toBe(IDENTITY);
});
