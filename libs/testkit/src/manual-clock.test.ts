import { describe, expect, test } from '@jest/globals';
import { createManualClock } from './manual-clock.ts';

describe('manual clock', () => {
  test('wakes sleepers in the order of their time, each at its own instant', async () => {
    const clock = createManualClock(1_000);
    const woken: [string, number][] = [];
    const sleepThenNote = async (name: string, ms: number) => {
      await clock.sleep(ms);
      woken.push([name, clock.now()]);
    };
    void sleepThenNote('late', 300);
    void sleepThenNote('early', 100);
    void sleepThenNote('never', 301);
    await clock.advance(300);
    expect(woken).toEqual([
      ['early', 1_100],
      ['late', 1_300],
    ]);
    expect(clock.now()).toBe(1_300);
    expect(clock.sleeping).toBe(1);
  });

  test('wakes who goes back to sleep within one advance', async () => {
    const clock = createManualClock();
    const ticks: number[] = [];
    void (async () => {
      while (ticks.length < 10) {
        await clock.sleep(50);
        ticks.push(clock.now());
      }
    })();
    await clock.advance(170);
    expect(ticks).toEqual([50, 100, 150]);
  });

  test('an aborted sleep rejects with the reason and is forgotten', async () => {
    const clock = createManualClock();
    const abort = new AbortController();
    const asleep = clock.sleep(100, abort.signal);
    abort.abort(new Error('enough'));
    await expect(asleep).rejects.toThrow('enough');
    await expect(clock.sleep(100, abort.signal)).rejects.toThrow('enough');
    expect(clock.sleeping).toBe(0);
  });
});
