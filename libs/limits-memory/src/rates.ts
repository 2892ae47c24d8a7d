import { Unavailable } from '@hookline/domain';
import { digestOf, type RateTake, type RateWindows, type Taken } from '@hookline/limits';
import { createOldestFirst } from './oldest-first.ts';

interface Window {
  /** When some were taken, in order, and how many; those before `first` have left the window. */
  takes: Take[];
  first: number;
  /** How many are in the window. */
  used: number;
  untilMs: number;
}

interface Take {
  atMs: number;
  count: number;
}

/** About 100 MB of takes and 50 MB of windows. Windows in use are never forgotten, since that would allow too much. */
const MAX_TAKES = 2_000_000;
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
    while (window.first < takes.length && takes[window.first]!.atMs <= beforeMs) {
      window.used -= takes[window.first]!.count;
      window.first++;
    }
    if (2 * window.first < takes.length) return;
    takesHeld -= window.first;
    takes.splice(0, window.first);
    window.first = 0;
  }

  function add(id: string, window: Window, count: number, windowMs: number, nowMs: number): void {
    if (takesHeld >= maxTakes || (windows.size >= maxWindows && windows.get(id) === undefined)) {
      throw new Unavailable('more rate windows are in use than this process keeps');
    }
    const { takes, first, used } = window;
    const latest = takes.at(-1);
    // A clock that is behind gives nothing away.
    const atMs = Math.max(nowMs, latest?.atMs ?? nowMs);
    if (latest?.atMs === atMs) latest.count += count;
    else {
      takes.push({ atMs, count });
      takesHeld++;
    }
    windows.add(id, { takes, first, used: used + count, untilMs: atMs + windowMs });
  }

  function takeOne({ key, limit, windowMs, count }: RateTake, nowMs: number): Taken {
    sweep(nowMs);
    const id = digestOf(key).toString('latin1');
    const window = windows.get(id) ?? { takes: [], first: 0, used: 0, untilMs: 0 };
    leave(window, nowMs - windowMs);
    const granted = Math.max(0, Math.min(count, limit - window.used));
    if (granted > 0) add(id, window, granted, windowMs, nowMs);
    return {
      granted,
      remaining: Math.max(0, limit - window.used - granted),
      retryAfterMs:
        granted === count ? 0 : Math.min(leftAtMs(window, window.used + granted - limit) + windowMs - nowMs, windowMs),
    };
  }

  return {
    take: async (takes, nowMs) => takes.map((take) => takeOne(take, nowMs)),
  };
}

/** When the one was taken that is behind `before` others in the window. */
function leftAtMs({ takes, first }: Window, before: number): number {
  let at = first;
  for (let passed = takes[at]!.count; passed <= before; passed += takes[at]!.count) at++;
  return takes[at]!.atMs;
}
