import { encodeDoneMap, type Runs } from './done-map.ts';

/** Kafka's brokers take 4,096 bytes of metadata with a commit. */
const MOST_CHARS = 4_000;

/**
 * Which records of a partition are done, completed in any order, and what to commit of that: the offset up to which all are, and which ones above it.
 * Offsets that were never received (gaps left by compaction) don't hold it up.
 */
export interface OffsetTracker {
  /** Offsets arrive in ascending order. False: it was done when the partition came, so nobody need see it. */
  received(offset: number, timestampMs: number): boolean;
  /** In any order, more than once; offsets that are not waiting are ignored. */
  done(offset: number): void;
  /** What to commit; undefined while there is nothing new. */
  committable(): Committable | undefined;
  committed(what: Committable): void;
  /** @param end the offset that the partition's next record will get, as far as is known */
  backlog(end: number): { records: number; oldestAtMs: number | null };
}

export interface Committable {
  /** To go on from: that of the lowest record not done, or one past the last received. */
  offset: number;
  /** Which offsets above are done already: a done map. */
  done: string;
  changes: number;
}

/**
 * @param start the offset that the partition is read from
 * @param known what is done from there on
 */
export function createOffsetTracker(start: number, known: Runs = []): OffsetTracker {
  /** Not done yet, ascending, with the time of each. */
  const open = new Map<number, number>();
  const doneBefore = rangesOf(start, known);
  let nextRange = 0;
  let next = start;
  let changes = 0;
  let committedChanges = 0;

  function isDone(offset: number): boolean {
    while (nextRange < doneBefore.length && doneBefore[nextRange]!.end <= offset) nextRange++;
    const range = doneBefore[nextRange];
    return range !== undefined && range.from <= offset;
  }

  function lowest(): number {
    for (const offset of open.keys()) return offset;
    return isDone(next) ? doneBefore[nextRange]!.end : next;
  }

  /** What is done from `from` on, as far as it was received and, beyond, as far as it was known before. */
  function runsFrom(from: number): number[] {
    const runs: number[] = [];
    let at = from;
    let openRun = 0;
    const add = (openUntil: number, doneUntil: number) => {
      openRun += openUntil - at;
      if (doneUntil > openUntil) {
        runs.push(openRun, doneUntil - openUntil);
        openRun = 0;
      }
      at = doneUntil;
    };
    for (const offset of open.keys()) {
      if (offset > at) add(at, offset);
      add(offset + 1, offset + 1);
    }
    if (next > at) add(at, next);
    for (const { from: first, end } of doneBefore) {
      if (end > at) add(Math.max(first, at), end);
    }
    return joined(runs);
  }

  return {
    received(offset, timestampMs) {
      if (offset < next) throw new Error(`offset ${offset} arrived after ${next - 1}`);
      next = offset + 1;
      if (isDone(offset)) {
        changes++;
        return false;
      }
      open.set(offset, timestampMs);
      return true;
    },
    done(offset) {
      if (open.delete(offset)) changes++;
    },
    committable() {
      if (changes === committedChanges) return undefined;
      const offset = lowest();
      return { offset, done: encodeDoneMap(offset, runsFrom(offset), MOST_CHARS), changes };
    },
    committed(what) {
      committedChanges = Math.max(committedChanges, what.changes);
    },
    backlog(end) {
      const doneAhead = doneBefore.reduce((sum, range) => sum + Math.max(0, range.end - Math.max(range.from, next)), 0);
      const [oldestAtMs = null] = open.values();
      return { records: open.size + Math.max(0, end - next - doneAhead), oldestAtMs };
    },
  };
}

function rangesOf(start: number, runs: Runs): { from: number; end: number }[] {
  const ranges: { from: number; end: number }[] = [];
  let at = start;
  for (let index = 0; index + 1 < runs.length; index += 2) {
    const from = at + runs[index]!;
    at = from + runs[index + 1]!;
    ranges.push({ from, end: at });
  }
  return ranges;
}

/** Two done runs with nothing open between are one. */
function joined(runs: readonly number[]): number[] {
  const result: number[] = [];
  for (let index = 0; index + 1 < runs.length; index += 2) {
    if (runs[index] === 0 && result.length > 0) result[result.length - 1]! += runs[index + 1]!;
    else result.push(runs[index]!, runs[index + 1]!);
  }
  return result;
}
