import { afterEach } from '@jest/globals';
import type { ClaimAnswer, DeduplicationOptions, Limits } from '../src/index.ts';

export interface StoreOptions {
  deduplication: DeduplicationOptions;
  onDropped: (count: number) => void;
}

export interface LimitsHarness {
  /** Two clients of an empty store; the same one twice where the store lives in the client. The suite closes them. */
  begin: (options: StoreOptions) => Promise<[Limits, Limits]>;
}

export interface Scene {
  begin(deduplication?: Partial<DeduplicationOptions>): Promise<{ one: Limits; other: Limits; dropped: () => number }>;
}

export const NOW = 1_795_350_000_000;
export const PENDING_MS = 10_000;
export const WINDOW_MS = 3_600_000;

export function createScene(harness: LimitsHarness): Scene {
  const open: Limits[] = [];
  afterEach(async () => {
    for (const limits of open) await limits.close();
    // Closing again is allowed.
    for (const limits of open.splice(0)) await limits.close();
  });
  return {
    async begin(deduplication) {
      let dropped = 0;
      const [one, other] = await harness.begin({
        deduplication: { pendingMs: PENDING_MS, windowMs: WINDOW_MS, maxKeys: 100_000, ...deduplication },
        onDropped: (count) => (dropped += count),
      });
      open.push(one, other);
      return { one, other, dropped: () => dropped };
    },
  };
}

/** One of a window. */
export async function takeOne(
  limits: Limits,
  key: string,
  limit: number,
  windowMs: number,
  nowMs: number,
): Promise<{ allowed: boolean; remaining: number; retryAfterMs: number }> {
  const [taken] = await limits.rates.take([{ key, limit, windowMs, count: 1 }], nowMs);
  const { granted, ...others } = taken!;
  return { allowed: granted === 1, ...others };
}

export const claimed: ClaimAnswer = { kind: 'claimed' };
export const pending: ClaimAnswer = { kind: 'pending' };
export function doneWith(token: string): ClaimAnswer {
  return { kind: 'done', bodyHash: `hash of ${token}`, answer: `answer to ${token}` };
}

export function claimOf(key: string, token: string) {
  return { key, token };
}

export function finishOf(key: string, token: string) {
  return { key, token, bodyHash: `hash of ${token}`, answer: `answer to ${token}` };
}

/** A whole number below `sides`, the same for the same seed. */
export type Dice = (sides: number) => number;

export function createDice(seed: number): Dice {
  let state = seed;
  return (sides) => {
    // mulberry32
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) % sides;
  };
}
