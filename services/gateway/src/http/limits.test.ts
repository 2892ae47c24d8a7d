import { RateLimited, Unavailable } from '@hookline/domain';
import type { Limits, Taken } from '@hookline/limits';
import { createLog, createMetrics } from '@hookline/service-kit';
import { expect, test } from '@jest/globals';
import type { IncomingMessage } from 'node:http';
import { createGatewayMetrics } from '../metrics.ts';
import { createEdgeLimits, networkOf } from './limits.ts';

test.each([
  ['192.0.2.1', '192.0.2.1'],
  ['::ffff:192.0.2.1', '192.0.2.1'],
  ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2::/64'],
  ['2001:db8:1:2::6', '2001:db8:1:2::/64'],
  ['2001:db8::6', '2001:db8:0:0::/64'],
  ['fe80::1%eth0', 'fe80:0:0:0::/64'],
  ['::1', '0:0:0:0::/64'],
  ['', ''],
])('%s counts as %s', (address, network) => {
  expect(networkOf(address)).toBe(network);
});

const STRANGER = {
  headers: { 'x-forwarded-for': '192.0.2.1' },
  socket: { remoteAddress: '10.0.0.1' },
} as unknown as IncomingMessage;

function edge(take: Limits['rates']['take'], trustedProxies = 0) {
  const registry = createMetrics('gateway');
  const limits = { rates: { take } } as unknown as Limits;
  const metrics = createGatewayMetrics(registry);
  const dependencies = { limits, log: createLog('x', 'silent'), metrics, now: () => 0 };
  return { registry, limits: createEdgeLimits(dependencies, { anonymousPerMinute: 60, trustedProxies }) };
}

test('everybody is let through, and counted, while the store is away or silent', async () => {
  for (const take of [() => Promise.reject(new Unavailable('away')), () => new Promise<Taken[]>(() => undefined)]) {
    const { limits, registry } = edge(take);
    await limits.anonymous(STRANGER);
    await limits.login('admin');
    expect(await registry.metrics()).toMatch(/webhook_gateway_limits_unavailable_total\{.*\} 2/);
  }
});

test('whoever has had enough is told when to come again', async () => {
  const { limits } = edge(async () => [{ granted: 0, remaining: 0, retryAfterMs: 4_200 }]);
  await expect(limits.login('admin')).rejects.toThrow(RateLimited);
  await expect(limits.login('admin')).rejects.toMatchObject({ retryAfterMs: 4_200 });
});

test.each([
  [0, 'gateway:anonymous:10.0.0.1'],
  [1, 'gateway:anonymous:192.0.2.1'],
])('behind %d proxies a stranger counts as %s', async (trustedProxies, expected) => {
  const keys: string[] = [];
  const { limits } = edge(async (windows) => {
    keys.push(...windows.map(({ key }) => key));
    return [{ granted: 1, remaining: 0, retryAfterMs: 0 }];
  }, trustedProxies);
  await limits.anonymous(STRANGER);
  expect(keys).toEqual([expected]);
});
