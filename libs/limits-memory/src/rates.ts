import { Unavailable } from '@hookline/domain';
import { digestOf, type RateWindows } from '@hookline/limits';
import { createOldestFirst } from './oldest-first.ts';

interface Window {
  /** When one was taken, in order; those before `first` have left the window. */
  takes: number[];
  first: number;
  untilMs: number;
}

/** About 64 MB of takes and 50 MB of windows. Windows in use are never forgotten, since that would allow too much. */
const MAX_TAKES = 4_000_000;
const MAX_WINDOWS = 250_000;
/** Looked at per call; more than one, so that they go faster than they come. */
const SWEPT_PER_TAKE = 2;

export function createMemoryRates({ maxTakes = MAX_TAKES, maxWindows = MAX_WINDOWS } = {}): RateWindows {
  // The oldest is the one that was taken from least recently.
  const windows = createOldestFirst<Window>();
  let takesHeld = 0;

  function sweep(nowMs: number): void {
    for (let swept = 0; swept < SWEPT_PER_TAKE; swept++) {
      const oldest = windows.oldest();
      if (oldest === undefined || oldest[1].untilMs > nowMs) return;
      takesHeld -= oldest[1].takes.length;
      windows.delete(oldest[0]);
    }
  }

  function leave(window: Window, beforeMs: number): void {
    const { takes } = window;
    while (window.first < takes.length && takes[window.first]! <= beforeMs) window.first++;
    if (2 * window.first < takes.length) return;
    takesHeld -= window.first;
    takes.splice(0, window.first);
    window.first = 0;
  }

  return {
    async take(key, limit, windowMs, nowMs) {
      sweep(nowMs);
      const id = digestOf(key).toString('latin1');
      const window = windows.get(id) ?? { takes: [], first: 0, untilMs: 0 };
      leave(window, nowMs - windowMs);
      const { takes } = window;
      const used = takes.length - window.first;
      if (used >= limit) {
        const freeAtMs = takes[takes.length - limit]! + windowMs;
        return { allowed: false, remaining: 0, retryAfterMs: Math.min(freeAtMs - nowMs, windowMs) };
      }
      if (takesHeld >= maxTakes || (windows.size >= maxWindows && windows.get(id) === undefined)) {
        throw new Unavailable('more rate windows are in use than this process keeps');
      }
      // A clock that is behind gives nothing away.
      const takenAtMs = Math.max(nowMs, takes.at(-1) ?? nowMs);
      takes.push(takenAtMs);
      takesHeld++;
      windows.add(id, { takes, first: window.first, untilMs: takenAtMs + windowMs });
      return { allowed: true, remaining: limit - used - 1, retryAfterMs: 0 };
    },
  };
}
