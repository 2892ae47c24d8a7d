import type { RateTake, Taken } from './limits.ts';
import { createRecent, type Recent } from './recent.ts';

/**
 * One limit for each of many keys over all copies of a service, which asks nobody on the way of a request: a copy counts by itself, tells the shared windows
 * every quarter of a second, or tenth of a window, what it let through, and learns what the others did. So each copy may let through too much for that long. While the shared windows are
 * away each copy has the limit for itself.
 */
export interface RateLimiter {
  /** Takes `count` where anything is left at all: what is more than that is taken from what comes later. Never waits. */
  take(key: string, limit: number, count?: number): RateVerdict;
  /** How it stands, without taking anything. Never waits. */
  look(key: string, limit: number): RateVerdict;
  /** One, exactly over all copies: waits for the shared windows, and goes on as `take` does where they are away. */
  takeExactly(key: string, limit: number): Promise<RateVerdict>;
  /** Counts more for a key of which something was taken just now. */
  add(key: string, limit: number, count: number): void;
  close(): void;
}

export interface RateVerdict {
  allowed: boolean;
  limit: number;
  windowMs: number;
  /** How many more could be taken now, as far as this copy knows. */
  remaining: number;
  /** Until more is free: where nothing was allowed, until it is worth coming again. */
  resetMs: number;
}

export interface RateLimiterOptions {
  /** Those of the shared windows, which settle within a deadline. */
  take: (takes: readonly RateTake[], nowMs: number) => Promise<readonly Taken[]>;
  /** Before all keys. */
  prefix: string;
  windowMs: number;
  now: () => number;
  /** The shared windows did not answer. */
  onAway: (error: unknown) => void;
  maxKeys?: number;
}

interface Held {
  key: string;
  limit: number;
  /** Counted by this copy alone, in windows that begin anew. */
  beganAtMs: number;
  used: number;
  /** What this copy let through, when it did. */
  taken: Recent;
  /** Of that, what is in the shared windows, when it came there. */
  recorded: Recent;
  /** Let through since the shared windows were told. */
  untold: number;
  /** What the other copies had there then: known for as long as a window. */
  others: number;
  heardAtMs: number;
  /** When the shared windows have something again, if they have nothing. */
  freeAtMs: number;
}

const TELL_EVERY_MS = 250;
/** Of short windows, since what is told late stays for longer than it should. */
const TELLS_PER_WINDOW = 10;
const PAUSE_MS = 1_000;
/** About 10 MB, 30 MB where all of them are busy. Beyond that those go that came first: the shared windows know of them. */
const MAX_KEYS = 20_000;

export function createRateLimiter(options: RateLimiterOptions): RateLimiter {
  const { take: ask, prefix, windowMs, now, onAway, maxKeys = MAX_KEYS } = options;
  const tellEveryMs = Math.min(TELL_EVERY_MS, windowMs / TELLS_PER_WINDOW);
  const all = new Map<string, Held>();
  const toTell = new Set<Held>();
  let timer: NodeJS.Timeout | undefined;
  let telling = false;
  let closed = false;

  function find(key: string, limit: number, nowMs: number): Held {
    let held = all.get(key);
    if (held === undefined) {
      if (all.size >= maxKeys) all.delete(all.keys().next().value as string);
      const [taken, recorded] = [createRecent(windowMs), createRecent(windowMs)];
      const heard = { untold: 0, others: 0, heardAtMs: -Infinity, freeAtMs: 0 };
      held = { key, limit, beganAtMs: nowMs, used: 0, taken, recorded, ...heard };
      all.set(key, held);
    } else if (nowMs - held.beganAtMs >= windowMs) {
      // A batch may have taken more than a window has: the next ones lack it.
      held.used = Math.max(0, held.used - held.limit * Math.floor((nowMs - held.beganAtMs) / windowMs));
      held.beganAtMs = nowMs;
    }
    // What was taken under another limit is none of the new one's debt.
    if (held.limit !== limit) held.used = Math.min(held.used, limit);
    held.limit = limit;
    return held;
  }

  /** What this copy let through a window ago is free again without being asked for: the limit is used to the full, and beyond it by none. */
  function leftOf(held: Held, nowMs: number): number {
    const others = nowMs - held.heardAtMs < windowMs ? held.others : 0;
    return held.limit - Math.max(held.used, others + held.taken.since(nowMs - windowMs));
  }

  function count(held: Held, more: number, nowMs: number): void {
    held.used += more;
    held.taken.add(nowMs, more);
    held.untold += more;
    tellSoon(held);
  }

  function verdict(held: Held, allowed: boolean, nowMs: number): RateVerdict {
    const isRefusedByOthers = !allowed && held.used < held.limit;
    const ownEndMs = held.beganAtMs + windowMs * Math.max(1, Math.floor(held.used / held.limit));
    const othersEndMs = Math.min(nowMs + windowMs, Math.max(held.freeAtMs, nowMs + tellEveryMs));
    return {
      allowed,
      limit: held.limit,
      windowMs,
      remaining: Math.max(0, leftOf(held, nowMs)),
      resetMs: (isRefusedByOthers ? othersEndMs : ownEndMs) - nowMs,
    };
  }

  function tellSoon(held: Held): void {
    toTell.add(held);
    schedule(tellEveryMs);
  }

  function schedule(afterMs: number): void {
    if (telling || closed || timer !== undefined) return;
    timer = setTimeout(() => void tell(), afterMs).unref();
  }

  async function tell(): Promise<void> {
    timer = undefined;
    telling = true;
    const told = [...toTell].map((held) => ({ held, count: held.untold }));
    toTell.clear();
    const nowMs = now();
    const takes = told.map(({ held, count }) => ({ key: prefix + held.key, limit: held.limit, windowMs, count }));
    let pauseMs = tellEveryMs;
    try {
      const answers = await ask(takes, nowMs);
      told.forEach(({ held, count }, index) => {
        held.untold -= count;
        note(held, takes[index]!.limit, answers[index]!, nowMs);
      });
    } catch (error) {
      onAway(error);
      pauseMs = PAUSE_MS;
      // Told later, all of it would count as if it had come just then.
      for (const { held, count } of told) {
        held.untold -= count;
        held.others = 0;
      }
    }
    telling = false;
    if (toTell.size > 0) schedule(pauseMs);
  }

  function note(held: Held, limit: number, { granted, remaining, retryAfterMs }: Taken, nowMs: number): void {
    if (granted > 0) held.recorded.add(nowMs, granted);
    held.others = Math.max(0, limit - remaining - held.recorded.since(nowMs - windowMs));
    held.heardAtMs = nowMs;
    if (retryAfterMs > 0) held.freeAtMs = nowMs + retryAfterMs;
  }

  function take(key: string, limit: number, wanted = 1): RateVerdict {
    const nowMs = now();
    const held = find(key, limit, nowMs);
    const allowed = leftOf(held, nowMs) > 0;
    if (allowed) count(held, wanted, nowMs);
    // What is left by then is asked for.
    else tellSoon(held);
    return verdict(held, allowed, nowMs);
  }

  return {
    take,

    look(key, limit) {
      const nowMs = now();
      const held = find(key, limit, nowMs);
      const allowed = leftOf(held, nowMs) > 0;
      if (!allowed) tellSoon(held);
      return verdict(held, allowed, nowMs);
    },

    async takeExactly(key, limit) {
      const nowMs = now();
      try {
        const [taken] = await ask([{ key: prefix + key, limit, windowMs, count: 1 }], nowMs);
        const held = find(key, limit, nowMs);
        note(held, limit, taken!, nowMs);
        if (taken!.granted === 1) {
          held.used++;
          held.taken.add(nowMs, 1);
        }
        return verdict(held, taken!.granted === 1, nowMs);
      } catch (error) {
        onAway(error);
        return take(key, limit);
      }
    },

    add(key, limit, more) {
      const nowMs = now();
      if (more > 0) count(find(key, limit, nowMs), more, nowMs);
    },

    close() {
      closed = true;
      clearTimeout(timer);
    },
  };
}
