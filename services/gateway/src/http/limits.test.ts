import { RateLimited, Unavailable } from '@hookline/domain';
import type { Limits, Taken } from '@hookline/limits';
import { createLog, createMetrics } from '@hookline/service-kit';
import { expect, test } from '@jest/globals';
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

function edge(take: () => Promise<Taken[]>) {
  const registry = createMetrics('gateway');
  const limits = { rates: { take } } as unknown as Limits;
  const metrics = createGatewayMetrics(registry);
  return { registry, limits: createEdgeLimits({ limits, log: createLog('x', 'silent'), metrics, now: () => 0 }, 60) };
}

test('everybody is let through, and counted, while the store is away or silent', async () => {
  for (const take of [() => Promise.reject(new Unavailable('away')), () => new Promise<Taken[]>(() => undefined)]) {
    const { limits, registry } = edge(take);
    await limits.anonymous('192.0.2.1');
    await limits.login('admin');
    expect(await registry.metrics()).toMatch(/webhook_gateway_limits_unavailable_total\{.*\} 2/);
  }
});

test('whoever has had enough is told when to come again', async () => {
  const { limits } = edge(async () => [{ granted: 0, remaining: 0, retryAfterMs: 4_200 }]);
  await expect(limits.login('admin')).rejects.toThrow(RateLimited);
  await expect(limits.login('admin')).rejects.toMatchObject({ retryAfterMs: 4_200 });
});
