import { describe, expect, test } from '@jest/globals';
import { decodeDoneMap } from './done-map.ts';
import { createOffsetTracker, type OffsetTracker } from './offset-tracker.ts';

function trackerOf(start: number, received: number[]) {
  const tracker = createOffsetTracker(start);
  for (const offset of received) tracker.received(offset, 0);
  return tracker;
}

/** The offset to commit, and those done above it. */
function committed(tracker: OffsetTracker) {
  const what = tracker.committable();
  if (what === undefined) return undefined;
  const above: number[] = [];
  let at = what.offset;
  decodeDoneMap(what.offset, what.done).forEach((run, index) => {
    if (index % 2 === 1) for (let offset = at; offset < at + run; offset++) above.push(offset);
    at += run;
  });
  return [what.offset, ...above];
}

describe('offset tracker', () => {
  test('before anything is done there is nothing to commit', () => {
    expect(trackerOf(7, []).committable()).toBeUndefined();
    expect(trackerOf(3, [5, 6]).committable()).toBeUndefined();
  });

  test('done in any order, it moves only over what is contiguous, and tells what is done above', () => {
    const tracker = trackerOf(0, [0, 1, 2, 3, 4, 5]);
    tracker.done(2);
    tracker.done(1);
    tracker.done(4);
    expect(committed(tracker)).toEqual([0, 1, 2, 4]);
    tracker.done(0);
    expect(committed(tracker)).toEqual([3, 4]);
    tracker.done(3);
    tracker.done(5);
    expect(committed(tracker)).toEqual([6]);
  });

  test('gaps between the records do not hold it up', () => {
    const tracker = trackerOf(0, [4, 9, 12]);
    tracker.done(9);
    expect(committed(tracker)).toEqual([4, 5, 6, 7, 8, 9, 10, 11]);
    tracker.done(4);
    expect(committed(tracker)).toEqual([12]);
  });

  test('an offset done twice, never received, already passed or still to come counts for nothing', () => {
    const tracker = trackerOf(10, [10, 12]);
    for (const offset of [10, 10, 3, 11, 13, 99]) tracker.done(offset);
    expect(committed(tracker)).toEqual([12]);
    tracker.received(13, 0);
    tracker.done(12);
    expect(committed(tracker)).toEqual([13]);
  });

  test('what is committed is not committed again; what gets done meanwhile is', () => {
    const tracker = trackerOf(0, [0, 1]);
    tracker.done(1);
    const first = tracker.committable()!;
    tracker.done(0);
    tracker.committed(first);
    const second = tracker.committable()!;
    expect(second.offset).toBe(2);
    tracker.committed(second);
    tracker.committed(first);
    expect(tracker.committable()).toBeUndefined();
  });

  test('an offset that arrives out of order is a fault', () => {
    const tracker = trackerOf(0, [5]);
    expect(() => tracker.received(5, 0)).toThrow('offset 5 arrived after 5');
    expect(() => tracker.received(2, 0)).toThrow('offset 2 arrived after 5');
  });

  test('what was done before is left out, told again until it is passed, and passed at once where nothing is open', () => {
    const tracker = createOffsetTracker(10, [2, 3, 1, 4]);
    expect([10, 11, 12].map((offset) => tracker.received(offset, 0))).toEqual([true, true, false]);
    tracker.done(11);
    expect(committed(tracker)).toEqual([10, 11, 12, 13, 14, 16, 17, 18, 19]);
    tracker.done(10);
    expect(committed(tracker)).toEqual([15, 16, 17, 18, 19]);
    expect([13, 14, 15, 16].map((offset) => tracker.received(offset, 0))).toEqual([false, false, true, false]);
    tracker.done(15);
    expect(committed(tracker)).toEqual([20]);
  });

  test('of what is not done it knows how much there is, unread or received, and how old the oldest received is', () => {
    const tracker = createOffsetTracker(10, [2, 3, 5, 4]);
    expect(tracker.backlog(0)).toEqual({ records: 0, oldestAtMs: null });
    expect(tracker.backlog(30)).toEqual({ records: 13, oldestAtMs: null });
    for (const offset of [10, 11, 12, 13, 14, 15]) tracker.received(offset, 1_000 + offset);
    expect(tracker.backlog(30)).toEqual({ records: 13, oldestAtMs: 1_010 });
    tracker.done(11);
    expect(tracker.backlog(30)).toEqual({ records: 12, oldestAtMs: 1_010 });
    tracker.done(10);
    expect(tracker.backlog(30)).toEqual({ records: 11, oldestAtMs: 1_015 });
    tracker.done(15);
    expect(tracker.backlog(16)).toEqual({ records: 0, oldestAtMs: null });
  });

  test('over owners that come and go at random nothing is lost, and nothing told as done comes again', () => {
    let seed = 1;
    const random = () => (seed = (seed * 48_271) % 2_147_483_647) / 2_147_483_647;
    const log: number[] = [];
    for (let next = 0; log.length < 5_000; next += random() < 0.1 ? 2 : 1) log.push(next);
    const done = new Set<number>();
    let told = new Set<number>();
    let start = 0;
    let map = '';
    while (start <= log.at(-1)!) {
      const tracker = createOffsetTracker(start, decodeDoneMap(start, map));
      const open = new Set<number>();
      const known = new Set(told);
      let index = log.findIndex((offset) => offset >= start);
      for (let step = 0; step < 1_000; step++) {
        if (open.size < 200 && index < log.length && random() < 0.6) {
          const offset = log[index++]!;
          const isNew = tracker.received(offset, 0);
          expect(isNew).toBe(!known.has(offset));
          if (isNew) open.add(offset);
        } else {
          const offset = [...open][Math.floor(random() * open.size)];
          if (offset === undefined) continue;
          tracker.done(offset);
          open.delete(offset);
          known.add(offset);
          done.add(offset);
        }
        if (random() > 0.02) continue;
        const what = tracker.committable();
        if (what === undefined) continue;
        [start, map] = [what.offset, what.done];
        told = new Set([...known].filter((offset) => offset >= start));
        tracker.committed(what);
        for (const offset of open) expect(offset).toBeGreaterThanOrEqual(start);
      }
    }
    expect(done.size).toBe(log.length);
  });
});
