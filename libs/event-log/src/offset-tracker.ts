/**
 * Which offsets of a partition are done, completed in any order, and up to where they are contiguous: the offset to commit.
 * Offsets that were never received (gaps left by compaction) don't hold it up.
 */
export interface OffsetTracker {
  /** Offsets arrive in ascending order. */
  received(offset: number): void;
  /** In any order, more than once; offsets that are not waiting are ignored. */
  done(offset: number): void;
  /** The offset to go on from: that of the lowest record not done, or one past the last received. */
  committable(): number;
  /** How many records are at or above `committable`. */
  pending(): number;
}

/** @param start the offset that the partition is read from */
export function createOffsetTracker(start: number): OffsetTracker {
  const open: number[] = [];
  const finished = new Set<number>();
  let head = 0;
  let next = start;

  function advance(): void {
    for (let lowest = open[head]; lowest !== undefined && finished.delete(lowest); lowest = open[head]) head++;
    if (head > 1024 && head * 2 > open.length) {
      open.splice(0, head);
      head = 0;
    }
  }

  return {
    received(offset) {
      if (offset < next) throw new Error(`offset ${offset} arrived after ${next - 1}`);
      open.push(offset);
      next = offset + 1;
    },
    done(offset) {
      if (offset >= (open[head] ?? Infinity) && offset < next) finished.add(offset);
      advance();
    },
    committable: () => open[head] ?? next,
    pending: () => open.length - head,
  };
}
