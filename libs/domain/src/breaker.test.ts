import { describe, expect, test } from '@jest/globals';
import {
  BREAKER_POLICY,
  claimProbe,
  createBreaker,
  forgottenAtMs,
  noteOutcomes,
  stateOf,
  type Breaker,
  type BreakerOutcomes,
} from './breaker.ts';

const NOW = 1_795_350_000_000;
const CLOSED = { kind: 'closed' };

function note(breaker: Breaker, outcomes: Partial<BreakerOutcomes>, atMs: number): Breaker {
  const { succeeded = 0, failed = 0 } = outcomes;
  const all = { succeeded, failed, failuresInARow: succeeded > 0 ? 0 : failed, ...outcomes };
  return noteOutcomes(breaker, all, BREAKER_POLICY, NOW + atMs);
}

function openedAt(atMs: number): Breaker {
  return note(createBreaker(), { failed: 5 }, atMs);
}

describe('a circuit breaker', () => {
  test('opens at the fifth failure in a row, over reports, for 30 s', () => {
    let breaker = note(createBreaker(), { failed: 3 }, 0);
    breaker = note(breaker, { failed: 1 }, 1);
    expect(stateOf(breaker, NOW + 1)).toEqual(CLOSED);
    breaker = note(breaker, { failed: 1 }, 2);
    expect(stateOf(breaker, NOW + 2)).toEqual({ kind: 'open', untilMs: NOW + 30_002 });
    expect(stateOf(breaker, NOW + 30_001)).toEqual({ kind: 'open', untilMs: NOW + 30_002 });
    expect(stateOf(breaker, NOW + 30_002)).toEqual({ kind: 'half_open', probeUntilMs: null });
  });

  test('counts failures in a row from the last success on', () => {
    let breaker = note(createBreaker(), { failed: 4 }, 0);
    breaker = note(breaker, { succeeded: 6, failed: 3, failuresInARow: 2 }, 1);
    breaker = note(breaker, { failed: 2 }, 2);
    expect(breaker.failuresInARow).toBe(4);
    expect(stateOf(breaker, NOW + 2)).toEqual(CLOSED);
    expect(stateOf(note(breaker, { failed: 1 }, 3), NOW + 3)).toMatchObject({ kind: 'open' });
  });

  test.each([
    { succeeded: 3, failed: 7, isOpen: true },
    { succeeded: 4, failed: 7, isOpen: false },
    { succeeded: 3, failed: 6, isOpen: false },
    { succeeded: 30, failed: 70, isOpen: true },
    { succeeded: 31, failed: 70, isOpen: false },
  ])('with $failed failures and $succeeded successes mixed is open: $isOpen', ({ succeeded, failed, isOpen }) => {
    let breaker = createBreaker();
    let [left, succeedingLeft] = [failed, succeeded];
    for (let atMs = 0; left + succeedingLeft > 0 && breaker.openUntilMs === null; atMs++) {
      const some = Math.min(4, left);
      const one = Math.min(1, succeedingLeft);
      // A success ends each run, so that never five fail in a row; and the successes that are left come first.
      const early = left <= 4 * (succeedingLeft - 1) ? 1 : 0;
      breaker = note(breaker, { succeeded: one + early, failed: some, failuresInARow: 0 }, atMs);
      left -= some;
      succeedingLeft -= one + early;
    }
    expect(breaker.openUntilMs !== null).toBe(isOpen);
  });

  test('forgets outcomes of more than 5 min ago, within half a minute', () => {
    const start = note(createBreaker(), { succeeded: 1, failed: 6, failuresInARow: 0 }, 0);
    const mixed = { succeeded: 2, failed: 1, failuresInARow: 0 };
    expect(stateOf(note(start, mixed, 269_999), NOW + 269_999)).toMatchObject({ kind: 'open' });
    expect(stateOf(note(start, mixed, 300_000), NOW + 300_000)).toEqual(CLOSED);
  });

  test('ignores what ends while it is open, having been sent before', () => {
    const breaker = openedAt(0);
    expect(note(breaker, { succeeded: 9 }, 10)).toBe(breaker);
    expect(note(breaker, { failed: 9 }, 31_000)).toBe(breaker);
    expect(note(breaker, { succeeded: 1, probe: 'never claimed' }, 31_000)).toBe(breaker);
  });

  test('gives one probe at a time, once it is half open', () => {
    const open = openedAt(0);
    expect(claimProbe(open, 'a', NOW + 40_000, NOW + 29_999).probe).toBeNull();
    const probing = claimProbe(open, 'a', NOW + 40_000, NOW + 30_000);
    expect(probing.probe?.token).toBe('a');
    expect(stateOf(probing, NOW + 39_999)).toEqual({ kind: 'half_open', probeUntilMs: NOW + 40_000 });
    expect(claimProbe(probing, 'b', NOW + 50_000, NOW + 39_999)).toBe(probing);
    // Asking again, because the answer got lost, is no second claim.
    expect(claimProbe(probing, 'a', NOW + 45_000, NOW + 39_999).probe).toEqual({ token: 'a', untilMs: NOW + 45_000 });
    const second = claimProbe(probing, 'b', NOW + 50_000, NOW + 40_000);
    expect(second.probe?.token).toBe('b');
    // The first one has been given up: its outcome decides nothing.
    expect(note(second, { failed: 1, probe: 'a' }, 41_000)).toBe(second);
  });

  test('closes on a probe that succeeds, and begins anew', () => {
    const probing = claimProbe(openedAt(0), 'a', NOW + 60_000, NOW + 30_000);
    const closed = note(probing, { succeeded: 1, probe: 'a' }, 31_000);
    expect(closed).toEqual(createBreaker());
    expect(note(closed, { failed: 4 }, 31_001).openUntilMs).toBeNull();
  });

  test('is open twice as long after each probe that fails, at most 10 min', () => {
    let breaker = openedAt(0);
    const lengths = [];
    for (let round = 0; round < 7; round++) {
      const atMs = breaker.openUntilMs! - NOW;
      breaker = claimProbe(breaker, 'a', NOW + atMs + 1_000, NOW + atMs);
      breaker = note(breaker, { failed: 1, probe: 'a' }, atMs);
      lengths.push(breaker.openUntilMs! - NOW - atMs);
    }
    expect(lengths).toEqual([60_000, 120_000, 240_000, 480_000, 600_000, 600_000, 600_000]);
  });

  test('gives the probe back where it was not sent', () => {
    const probing = claimProbe(openedAt(0), 'a', NOW + 60_000, NOW + 30_000);
    const free = note(probing, { probe: 'a' }, 31_000);
    expect(stateOf(free, NOW + 31_000)).toEqual({ kind: 'half_open', probeUntilMs: null });
    expect(free.openings).toBe(1);
  });

  test('is not upset by a clock that is behind', () => {
    const breaker = note(note(createBreaker(), { succeeded: 1 }, 40_000), { failed: 1 }, 0);
    expect(breaker.slices).toEqual([{ number: (NOW + 30_000) / 30_000, succeeded: 1, failed: 1 }]);
  });

  test('may be forgotten a window after its last word', () => {
    expect(forgottenAtMs(note(createBreaker(), { failed: 1 }, 0), BREAKER_POLICY, NOW)).toBe(NOW + 300_000);
    expect(forgottenAtMs(openedAt(0), BREAKER_POLICY, NOW)).toBe(NOW + 330_000);
  });
});
