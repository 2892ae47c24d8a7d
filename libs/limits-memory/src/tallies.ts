import { Unavailable } from '@hookline/domain';
import type { Tallies, TallyReport } from '@hookline/limits';
import { createOldestFirst } from './oldest-first.ts';

interface Tally {
  untilMs: number;
  sum: number;
  totals: Map<string, number>;
}

/** About 50 MB. What is counted is never forgotten before its time, since that would allow too much. */
const MAX_TALLIES = 250_000;
/** Looked at per report; more than one, so that they go faster than they come. */
const SWEPT_PER_REPORT = 2;

export function createMemoryTallies({ maxTallies = MAX_TALLIES } = {}): Tallies {
  // In the order in which they came, which is that of their ends where all are of a day.
  const tallies = createOldestFirst<Tally>();

  function sweep(nowMs: number): void {
    for (let swept = 0; swept < SWEPT_PER_REPORT; swept++) {
      const oldest = tallies.oldest();
      if (oldest === undefined || oldest[1].untilMs > nowMs) return;
      tallies.delete(oldest[0]);
    }
  }

  function find(key: string, untilMs: number): Tally {
    const held = tallies.get(key);
    if (held !== undefined) return held;
    if (tallies.size >= maxTallies) throw new Unavailable('more is counted than this process keeps');
    const tally = { untilMs, sum: 0, totals: new Map<string, number>() };
    tallies.add(key, tally);
    return tally;
  }

  function reportOne({ key, copy, total, untilMs }: TallyReport, nowMs: number): number {
    sweep(nowMs);
    if (total === 0) return tallies.get(key)?.sum ?? 0;
    const tally = find(key, untilMs);
    const more = total - (tally.totals.get(copy) ?? 0);
    if (more > 0) {
      tally.totals.set(copy, total);
      tally.sum += more;
    }
    return tally.sum;
  }

  return {
    report: async (reports, nowMs) => reports.map((report) => reportOne(report, nowMs)),
  };
}
