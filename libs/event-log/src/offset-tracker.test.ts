import { describe, expect, test } from '@jest/globals';
import { createOffsetTracker } from './offset-tracker.ts';

function trackerOf(start: number, received: number[]) {
  const tracker = createOffsetTracker(start);
  for (const offset of received) tracker.received(offset);
  return tracker;
}

describe('offset tracker', () => {
  test('before anything arrives it goes on from where it started', () => {
    expect(trackerOf(7, []).committable()).toBe(7);
  });

  test('nothing done: the lowest received is where to go on', () => {
    expect(trackerOf(3, [5, 6]).committable()).toBe(5);
  });

  test('done in any order, it moves only over what is contiguous', () => {
    const tracker = trackerOf(0, [0, 1, 2, 3]);
    tracker.done(2);
    tracker.done(1);
    expect([tracker.committable(), tracker.pending()]).toEqual([0, 4]);
    tracker.done(0);
    expect([tracker.committable(), tracker.pending()]).toEqual([3, 1]);
    tracker.done(3);
    expect([tracker.committable(), tracker.pending()]).toEqual([4, 0]);
  });

  test('gaps between the records do not hold it up', () => {
    const tracker = trackerOf(0, [4, 9, 12]);
    tracker.done(9);
    tracker.done(4);
    expect(tracker.committable()).toBe(12);
  });

  test('an offset done twice, never received, already passed or still to come counts for nothing', () => {
    const tracker = trackerOf(10, [10, 12]);
    for (const offset of [10, 10, 3, 11, 13, 99]) tracker.done(offset);
    expect([tracker.committable(), tracker.pending()]).toEqual([12, 1]);
    tracker.received(13);
    tracker.done(12);
    expect(tracker.committable()).toBe(13);
  });

  test('an offset that arrives out of order is a fault', () => {
    const tracker = trackerOf(0, [5]);
    expect(() => tracker.received(5)).toThrow('offset 5 arrived after 5');
    expect(() => tracker.received(2)).toThrow('offset 2 arrived after 5');
  });

  test('agrees with a plain reckoning over a long run in random order, and forgets what it has passed', () => {
    const tracker = createOffsetTracker(0);
    const open = new Set<number>();
    let seed = 1;
    const random = () => (seed = (seed * 48_271) % 2_147_483_647) / 2_147_483_647;
    let next = 0;
    for (let step = 0; step < 20_000; step++) {
      if (open.size < 200 && random() < 0.6) {
        next += random() < 0.1 ? 2 : 0;
        tracker.received(next);
        open.add(next++);
      } else {
        const offset = [...open][Math.floor(random() * open.size)];
        if (offset === undefined) continue;
        tracker.done(offset);
        open.delete(offset);
      }
      if (step % 97 === 0) expect(tracker.committable()).toBe(open.size === 0 ? next : Math.min(...open));
    }
    for (const offset of open) tracker.done(offset);
    expect([tracker.committable(), tracker.pending()]).toEqual([next, 0]);
  });
});
