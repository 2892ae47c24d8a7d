import { randomUUID } from 'node:crypto';
import type { PlacedJob } from './sequences.ts';
import type { Sequence } from './sequence.ts';

/** What there is in order of one partition. */
export interface SequencePartition {
  readonly number: number;
  readonly sequences: Map<string, Sequence>;
  /** In the order of their records; with the bytes read of the partition before each. */
  readonly jobs: Map<PlacedJob, number>;
  jobBytes: number;
  /** Of the partition, since the first of a sequence came. */
  readBytes: number;
  readonly mark: string;
  /** The mark has come back. */
  started: boolean;
  moving: boolean;
}

/** So far behind the latest record of its partition, in records or in bytes, what waits is appended again: all of that is read again after a kill. */
const MOST_BEHIND = 10_000;
const MOST_BEHIND_BYTES = 32 * 1024 * 1024;
/** And so many times as far as what waits there is long: it must not be most of what is appended. */
const BEHIND_FACTOR = 2;
/** And so long after it was written, however little comes after it: the topic's retention deletes it in the end (7 d). */
const MOST_AGE_MS = 24 * 3_600_000;

export function createSequencePartition(number: number): SequencePartition {
  return {
    number,
    sequences: new Map(),
    jobs: new Map(),
    jobBytes: 0,
    readBytes: 0,
    mark: randomUUID(),
    started: false,
    moving: false,
  };
}

/** The oldest of what waits is far behind the latest record. */
export function isFarBehind({ jobs, jobBytes, readBytes }: SequencePartition, latest: number): boolean {
  for (const [oldest, bytesBefore] of jobs) {
    return (
      latest - oldest.record.position.offset > Math.max(MOST_BEHIND, BEHIND_FACTOR * jobs.size) ||
      readBytes - bytesBefore > Math.max(MOST_BEHIND_BYTES, BEHIND_FACTOR * jobBytes)
    );
  }
  return false;
}

export function isOld({ order }: PlacedJob, nowMs: number): boolean {
  return nowMs - order.writtenAtMs > MOST_AGE_MS;
}
