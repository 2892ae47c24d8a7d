import { RateLimited, Unavailable } from '@hookline/domain';
import type { Limits, Taken } from '@hookline/limits';
import { createLog, createMetrics } from '@hookline/service-kit';
import { afterEach, expect, test } from '@jest/globals';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { createGatewayMetrics } from '../metrics.ts';
import { createEdgeLimits, type EdgeLimits } from './limits.ts';

function from(address: string): IncomingMessage {
  const headers = { 'x-forwarded-for': address };
  return { headers, socket: { remoteAddress: '10.0.0.1' } } as unknown as IncomingMessage;
}
const ACME = { tenant: 'acme', subject: 'usr_1' };
const STRANGER = from('192.0.2.1');

const opened: EdgeLimits[] = [];
afterEach(() => {
  for (const limits of opened.splice(0)) limits.close();
});

function edge(take: Limits['rates']['take'], trustedProxies = 0) {
  const registry = createMetrics('gateway');
  const metrics = createGatewayMetrics(registry);
  const dependencies = {
    limits: { rates: { take } } as unknown as Limits,
    log: createLog('x', 'silent'),
    metrics,
    now: () => 0,
  };
  const limits = createEdgeLimits(dependencies, { anonymousPerMinute: 2, tenantPerMinute: 3, trustedProxies });
  opened.push(limits);
  return { registry, limits };
}

function answer() {
  const shown: Record<string, string> = {};
  const response = {
    setHeader: (name: string, value: string) => (shown[name] = value),
  } as unknown as ServerResponse;
  return { shown, response };
}

const granting = async (): Promise<Taken[]> => [{ granted: 1, remaining: 9, retryAfterMs: 0 }];

test('while the store is away or silent this gateway counts by itself, and says so', async () => {
  for (const take of [() => Promise.reject(new Unavailable('away')), () => new Promise<Taken[]>(() => undefined)]) {
    const { limits, registry } = edge(take);
    const { response } = answer();
    await limits.login('admin', response);
    expect(await registry.metrics()).toMatch(/webhook_gateway_limits_unavailable_total\{.*\} 1/);
    for (let look = 0; look < 3; look++) limits.stranger(STRANGER, response);
    limits.anonymous(STRANGER, response);
    limits.anonymous(STRANGER, response);
    expect(() => limits.anonymous(STRANGER, response)).toThrow(RateLimited);
    expect(() => limits.stranger(STRANGER, response)).toThrow(RateLimited);
  }
});

test('each answer shows how its limit stands; whoever has had enough is told when to come again', async () => {
  const { limits, registry } = edge(granting);
  const { response, shown } = answer();
  for (let request = 0; request < 3; request++) limits.tenant(ACME, response);
  expect(shown).toEqual({ 'ratelimit-policy': '"tenant";q=3;w=60', ratelimit: '"tenant";r=0;t=60' });
  expect(() => limits.tenant(ACME, response)).toThrow(
    expect.objectContaining({ code: 'rate_limited', retryAfterMs: 60_000 }),
  );
  expect(() => limits.tenant({ tenant: 'globex', subject: 'usr_1' }, response)).not.toThrow();
  expect(await registry.metrics()).toMatch(/webhook_gateway_rate_limited_total\{limit="tenant".*\} 1/);
});

test('a key with a limit of its own is held to that too, and the answer shows the stricter of both', async () => {
  const { limits, registry } = edge(granting);
  const { response, shown } = answer();
  const key = { tenant: 'acme', subject: 'key_1', rateLimit: 2 };
  limits.tenant(key, response);
  expect(shown['ratelimit']).toBe('"key";r=1;t=1');
  limits.tenant(key, response);
  expect(() => limits.tenant(key, response)).toThrow(
    expect.objectContaining({ code: 'rate_limited', retryAfterMs: 1_000 }),
  );
  expect(shown).toEqual({ 'ratelimit-policy': '"key";q=2;w=1', ratelimit: '"key";r=0;t=1' });
  // What the key is refused the tenant is not charged for.
  limits.tenant({ ...key, subject: 'key_2', rateLimit: 100 }, response);
  expect(shown['ratelimit']).toBe('"tenant";r=0;t=60');
  expect(() => limits.tenant({ ...key, subject: 'key_3' }, response)).toThrow(RateLimited);
  expect(shown['ratelimit']).toBe('"tenant";r=0;t=60');
  expect(await registry.metrics()).toMatch(/webhook_gateway_rate_limited_total\{limit="key".*\} 1/);
});

test('what the store refuses a login is when it says that there will be room', async () => {
  const { limits } = edge(async () => [{ granted: 0, remaining: 0, retryAfterMs: 4_200 }]);
  const { response, shown } = answer();
  await expect(limits.login('admin', response)).rejects.toMatchObject({ code: 'rate_limited', retryAfterMs: 4_200 });
  expect(shown['ratelimit']).toBe('"login";r=0;t=5');
});

test.each([
  [0, ['10.0.0.1', '10.0.0.1', '10.0.0.1'], true],
  [1, ['192.0.2.1', '198.51.100.7', '192.0.2.1'], false],
])(
  'behind %d proxies strangers are told apart by the address that the outermost saw',
  (proxies, addresses, refused) => {
    const { limits } = edge(granting, proxies);
    const { response } = answer();
    const ask = () => {
      for (const address of addresses) {
        limits.anonymous(from(address), response);
      }
    };
    if (refused) expect(ask).toThrow(RateLimited);
    else expect(ask).not.toThrow();
  },
);
