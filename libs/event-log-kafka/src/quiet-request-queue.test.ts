import { afterEach, beforeAll, describe, expect, jest, test } from '@jest/globals';
import RequestQueue from 'kafkajs/src/network/requestQueue/index.js';
import { quietRequestQueues } from './quiet-request-queue.ts';

const timers = jest.spyOn(globalThis, 'setTimeout');
const intervals = jest.spyOn(globalThis, 'setInterval');
let queue: InstanceType<typeof RequestQueue>;

function openQueue(): InstanceType<typeof RequestQueue> {
  queue = new RequestQueue({
    maxInFlightRequests: 1,
    requestTimeout: 10_000,
    enforceRequestTimeout: true,
    clientId: 'test',
    broker: 'none',
    logger: { debug() {} },
  });
  timers.mockClear();
  intervals.mockClear();
  return queue;
}

beforeAll(quietRequestQueues);
afterEach(() => queue.destroy());

describe('quiet request queue', () => {
  test('with nothing waiting, no timer is armed, throttled or not', () => {
    openQueue().checkPendingRequests();
    queue.throttledUntil = Date.now() + 500;
    queue.checkPendingRequests();
    queue.throttledUntil = Date.now() - 500;
    queue.checkPendingRequests();
    expect(timers).not.toHaveBeenCalled();
  });

  test('while a request waits, one timer is armed, for the end of the throttling', () => {
    openQueue().throttledUntil = Date.now() + 60_000;
    queue.pending.push({});
    queue.scheduleCheckPendingRequests();
    queue.scheduleCheckPendingRequests();
    expect(timers).toHaveBeenCalledTimes(1);
    expect(timers.mock.calls[0]![1]).toBeGreaterThan(50_000);
  });

  test('never with a negative delay', () => {
    openQueue().throttledUntil = Date.now() - 500;
    queue.pending.push({});
    queue.scheduleCheckPendingRequests();
    expect(timers.mock.calls[0]![1]).toBe(10);
  });

  test('overdue requests are looked for once a second, and are timed out', () => {
    openQueue().scheduleRequestTimeoutCheck();
    expect(intervals).toHaveBeenCalledTimes(1);
    expect(intervals.mock.calls[0]![1]).toBe(1_000);
    const timedOut: number[] = [];
    const request = (id: number, sentAt: number) => ({
      sentAt,
      requestTimeout: 100,
      timeoutRequest: () => timedOut.push(id),
    });
    queue.inflight.set(1, request(1, Date.now() - 200));
    queue.inflight.set(2, request(2, Date.now()));
    (intervals.mock.calls[0]![0] as () => void)();
    expect(timedOut).toEqual([1]);
  });
});
