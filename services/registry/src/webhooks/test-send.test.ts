import { Unavailable, type AttemptResult } from '@hookline/domain';
import { expect, test } from '@jest/globals';
import type { OpenWebhook } from './seals.ts';
import { createTestSend, sampleType } from './test-send.ts';

test.each([
  [['*'], 'webhook.test'],
  [['order.*', 'x'], 'order.test'],
  [['order.created'], 'order.created'],
])('what is sent to %j is %s', (eventTypes, type) => {
  expect(sampleType({ eventTypes })).toBe(type);
});

test('more than 32 at once are refused', async () => {
  const ends: ((result: AttemptResult) => void)[] = [];
  const sender = {
    send(_request: unknown, settled: (result: AttemptResult) => void) {
      ends.push(settled);
      return { abort: () => undefined };
    },
  };
  const webhook = { id: 'wh_1', tenant: 'default', url: 'https://example.com/', headers: {}, eventTypes: ['*'] };
  const opened = { ...webhook, delivery: {}, credentials: {} } as unknown as OpenWebhook;
  const testSend = createTestSend({ sender, userAgent: 'x', clock: { now: () => 0 } });
  const send = () => testSend(opened, ['whsec_AAAA'], { type: 'a', data: '{}' });
  const under = Array.from({ length: 32 }, send);
  await expect(send()).rejects.toThrow(Unavailable);
  for (const end of ends) end({ status: 200, failure: null } as AttemptResult);
  await Promise.all(under);
  const next = send();
  ends.at(-1)?.({ status: 200, failure: null } as AttemptResult);
  await next;
});
