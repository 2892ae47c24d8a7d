import { randomUUID } from 'node:crypto';
import type { Tallies, TallyReport } from './limits.ts';

/**
 * How much of something is used in a day (UTC) over all copies of a service. A copy counts by itself, tells the tallies once a second what it has, many keys
 * in one call, and learns what the others have. Only where it has heard nothing of a key for two seconds does it ask before it lets more through; so each
 * copy may let through too much for as long as that. While the tallies are away each copy counts by itself, and tells them afterwards.
 */
export interface DayMeter {
  /** Sets up to `count` aside of what is left of `limit`, which may be Infinity. What is not settled stays set aside. */
  reserve(key: string, count: number, limit: number): Promise<Reservation>;
  /** Tells what is untold. */
  close(): Promise<void>;
}

export interface Reservation {
  granted: number;
  /** Says how many of those were used. Answers what is used of the day now, as far as this copy knows. */
  settle: (used: number) => number;
}

export interface DayMeterOptions {
  /** Settles within a deadline, of 1,000 keys at most. */
  report: (reports: readonly TallyReport[], nowMs: number) => Promise<readonly number[]>;
  now: () => number;
  /** The tallies did not answer. */
  onAway: (error: unknown) => void;
  maxKeys?: number;
}

interface Held {
  key: string;
  day: number;
  /** Another one where the key was forgotten meanwhile: this copy begins at nothing again. */
  copy: string;
  own: number;
  setAside: number;
  /** What the other copies had when this one was told last, and when that was. */
  others: number;
  heardAtMs: number;
  /** One report at a time: of two, whose order nobody knows, the lower total's answer may have the higher one in it. */
  reporting: Promise<boolean> | undefined;
}

const DAY_MS = 86_400_000;
/** What was counted is still there to be seen, and a copy whose clock is behind finds it. */
const KEPT_MS = 3_600_000;
const TELL_EVERY_MS = 1_000;
const FRESH_MS = 2_000;
/** So few that the tallies answer in time, however many keys there are. */
const KEYS_PER_CALL = 1_000;
/** After a failure nobody asks, and waits, for so long. */
const PAUSE_MS = 1_000;
/** About 25 MB. Beyond that those go that came first, with what they have not told yet. */
const MAX_KEYS = 100_000;

export function createDayMeter(options: DayMeterOptions): DayMeter {
  const { report, now, onAway, maxKeys = MAX_KEYS } = options;
  const instance = randomUUID();
  let copies = 0;
  const all = new Map<string, Held>();
  const toTell = new Set<Held>();
  let timer: NodeJS.Timeout | undefined;
  let telling: Promise<void> | undefined;
  let awayUntilMs = -Infinity;
  let closed = false;

  function find(key: string, nowMs: number): Held {
    const day = Math.floor(nowMs / DAY_MS);
    const known = all.get(key);
    // A clock that goes back over midnight opens no day anew.
    if (known !== undefined && known.day >= day) return known;
    if (known === undefined && all.size >= maxKeys) forget(all.values().next().value as Held);
    const copy = `${instance}.${copies++}`;
    const held = { key, day, copy, own: 0, setAside: 0, others: 0, heardAtMs: -Infinity, reporting: undefined };
    all.set(key, held);
    return held;
  }

  function forget(held: Held): void {
    all.delete(held.key);
    toTell.delete(held);
  }

  /** Whether there was an answer. */
  async function hear(some: readonly Held[]): Promise<boolean> {
    const told = some.map(({ own }) => own);
    try {
      const sums = await report(
        some.map(({ key, day, copy, own }) => ({ ...tallyOf(key, day), copy, total: own })),
        now(),
      );
      some.forEach((held, index) => {
        held.others = Math.max(0, sums[index]! - told[index]!);
        held.heardAtMs = now();
      });
      return true;
    } catch (error) {
      awayUntilMs = now() + PAUSE_MS;
      for (const held of some) if (all.get(held.key) === held && held.own > 0) toTell.add(held);
      onAway(error);
      return false;
    }
  }

  /** Behind those reports of the same keys that are under way. */
  function hearInTurn(some: readonly Held[]): Promise<boolean> {
    const turn = Promise.all(some.flatMap(({ reporting }) => reporting ?? []))
      .then(() => hear(some))
      .finally(() => {
        for (const held of some) if (held.reporting === turn) held.reporting = undefined;
      });
    for (const held of some) held.reporting = turn;
    return turn;
  }

  /** Many who want to know of the same key are one question; one that is being told is answered with that. */
  async function ask(held: Held): Promise<void> {
    await (held.reporting ?? hearInTurn([held]));
  }

  /** What there is now, as long as the tallies answer: the others wait for the next time, and those that got no answer come last then. */
  async function tellAll(): Promise<void> {
    const some = [...toTell];
    for (let from = 0; from < some.length; from += KEYS_PER_CALL) {
      const chunk = some.slice(from, from + KEYS_PER_CALL).filter((held) => toTell.delete(held));
      if (!(await hearInTurn(chunk))) return;
    }
  }

  function tell(): Promise<void> {
    clearTimeout(timer);
    timer = undefined;
    telling = tellAll().finally(() => {
      telling = undefined;
      tellLater();
    });
    return telling;
  }

  function tellLater(): void {
    if (closed || telling !== undefined || timer !== undefined || toTell.size === 0) return;
    timer = setTimeout(() => void tell(), TELL_EVERY_MS).unref();
  }

  function setAside(held: Held, count: number, limit: number): Reservation {
    const left = limit - held.others - held.own - held.setAside;
    const granted = Math.max(0, Math.min(count, left));
    held.setAside += granted;
    return {
      granted,
      settle(used) {
        held.setAside -= granted;
        held.own += used;
        if (used > 0) {
          toTell.add(held);
          tellLater();
        }
        return held.others + held.own;
      },
    };
  }

  return {
    async reserve(key, count, limit) {
      const nowMs = now();
      const held = find(key, nowMs);
      const isKnown = limit === Infinity || nowMs - held.heardAtMs < FRESH_MS || nowMs < awayUntilMs;
      if (!isKnown) await ask(held);
      return setAside(held, count, limit);
    },

    async close() {
      closed = true;
      await telling;
      if (toTell.size > 0) await tell();
    },
  };
}

/** Under which ingestion counts a tenant's events. */
export function eventsKey(tenant: string): string {
  return `events:${tenant}`;
}

/** What is used of a key today. @throws Unavailable */
export async function usedToday(tallies: Tallies, key: string, nowMs: number): Promise<number> {
  const [used] = await tallies.report(
    [{ ...tallyOf(key, Math.floor(nowMs / DAY_MS)), copy: 'reader', total: 0 }],
    nowMs,
  );
  return used ?? 0;
}

function tallyOf(key: string, day: number): Pick<TallyReport, 'key' | 'untilMs'> {
  return { key: `${day}:${key}`, untilMs: (day + 1) * DAY_MS + KEPT_MS };
}
