import { Unavailable } from '@hookline/domain';
import { afterEach, beforeEach, expect, jest, test } from '@jest/globals';
import { createAccept } from './accept.ts';
import type { Client, Outlet } from './client.ts';

const ASKING = {
  request: { url: '/', headers: {} },
  identity: { tenant: 't', subject: 'usr_x', scopes: [], via: 'login', credential: null },
  passed: { 'x-request-id': 'r1' },
} as const;
const OUTLET: Outlet = { write() {}, tell() {}, bufferedBytes: () => 0, end() {} };
const CLIENT: Client = { pump() {}, beat() {}, bufferedBytes: () => 0, end() {} };

beforeEach(() => void jest.useFakeTimers());
afterEach(() => void jest.useRealTimers());

function scene() {
  const beginning = Promise.withResolvers<Client>();
  const verify = jest.fn(() => Promise.resolve());
  const place = { partitions: 1, stream: () => beginning.promise, leave() {} };
  const accept = createAccept({
    feed: { open: () => Promise.resolve(place), close: () => Promise.resolve() },
    registry: { getWebhook: () => Promise.reject(new Error('is not asked')) },
    verify,
  });
  return { accept, beginning, verify };
}

test('a token is looked at again and again while its stream goes on', async () => {
  const { accept, beginning, verify } = scene();
  const accepted = await accept(ASKING);
  beginning.resolve(CLIENT);
  await accepted.begin(OUTLET);
  jest.advanceTimersByTime(10_000);
  expect(verify).toHaveBeenCalledTimes(2);
  accepted.leave();
  expect(jest.getTimerCount()).toBe(0);
});

test('whoever leaves while the stream is about to begin leaves nothing behind', async () => {
  const { accept, beginning } = scene();
  const accepted = await accept(ASKING);
  const begun = accepted.begin(OUTLET);
  accepted.leave();
  beginning.resolve(CLIENT);
  await expect(begun).rejects.toThrow(Unavailable);
  expect(jest.getTimerCount()).toBe(0);
});
