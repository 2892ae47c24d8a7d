import { expect, jest, test } from '@jest/globals';
import { createStallCheck } from './stalled.ts';

test('deliveries that wait while nothing is sent and nothing settles are a problem after some seconds', () => {
  jest.useFakeTimers({ doNotFake: ['nextTick', 'setImmediate'] });
  try {
    const places = { quick: 0, unknown: 0, slow: 0 };
    const counts = { waiting: 3, waitingBytes: 3, inFlight: 0, settling: 0, repeats: 0, places };
    const check = createStallCheck(() => counts);
    expect(check()).toBeUndefined();
    jest.advanceTimersByTime(4_000);
    expect(check()).toBeUndefined();
    counts.inFlight = 1;
    expect(check()).toBeUndefined();
    counts.inFlight = 0;
    expect(check()).toBeUndefined();
    jest.advanceTimersByTime(4_000);
    expect(check()).toBeUndefined();
    jest.advanceTimersByTime(1_500);
    expect(check()).toBe('3 deliveries wait and none is sent');
    counts.settling = 1;
    expect(check()).toBeUndefined();
  } finally {
    jest.useRealTimers();
  }
});
