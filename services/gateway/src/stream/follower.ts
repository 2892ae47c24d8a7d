import { setTimeout as delay } from 'node:timers/promises';
import { TOPIC } from '@hookline/contracts';
import { Unavailable } from '@hookline/domain';
import type { EventLog, LogRecord } from '@hookline/event-log';
import { toEntry, type Entry } from './entry.ts';

export interface FollowerOptions {
  eventLog: EventLog;
  nowMs: number;
  /** About how many of the latest records to begin with, at most. */
  most: number;
  deadlineMs: number;
  /** What comes after the beginning. */
  received: (entries: Entry[]) => void;
  /** Called once if reading ends by itself. */
  failed: (error: Error) => void;
}

export interface Follower {
  /** Where reading began, per partition. */
  from: readonly number[];
  /** The latest of what had happened, in the order of time. */
  beginning: Entry[];
  close(): Promise<void>;
}

/** How far back reading begins, if there aren't too many records. */
const BACK_MS = 10 * 60_000;
const LOOK_MS = 20;

/** Reads `webhook.attempts`; resolves once it has caught up with what was there. @throws Unavailable past the deadline */
export async function startFollower(options: FollowerOptions): Promise<Follower> {
  const { eventLog, nowMs, most, deadlineMs, received, failed } = options;
  const [ends, since] = await Promise.all([
    eventLog.endOffsets(TOPIC.attempts),
    eventLog.offsetsAt(TOPIC.attempts, nowMs - BACK_MS),
  ]);
  const share = Math.ceil(most / ends.length);
  const from = ends.map((end, partition) => Math.max(since[partition] ?? end, end - share, 0));
  const beginning: Entry[] = [];
  let caughtUp = false;
  let failure: Error | undefined;
  const following = await eventLog.follow({
    topic: TOPIC.attempts,
    from,
    async received(records) {
      const entries = entriesOf(records);
      if (caughtUp) received(entries);
      else beginning.push(...entries);
    },
    onFailure(error) {
      failure = error;
      if (caughtUp) failed(error);
    },
  });
  for (const giveUpAt = performance.now() + deadlineMs; ; await delay(LOOK_MS)) {
    const position = following.position();
    if (ends.every((end, partition) => (position[partition] ?? 0) >= end)) break;
    if (failure === undefined && performance.now() < giveUpAt) continue;
    await following.close();
    throw new Unavailable(`the attempts were not read within ${deadlineMs} ms`, { cause: failure });
  }
  caughtUp = true;
  return { from, beginning: byTime(beginning), close: () => following.close() };
}

function entriesOf(records: readonly LogRecord[]): Entry[] {
  return records.flatMap((record) => toEntry(record) ?? []);
}

/** The partitions were read one after the other. Those of one partition keep their order, whatever their writers' clocks said. */
function byTime(entries: Entry[]): Entry[] {
  const latest = new Map<number, number>();
  for (const entry of entries) {
    entry.timestampMs = Math.max(entry.timestampMs, latest.get(entry.partition) ?? 0);
    latest.set(entry.partition, entry.timestampMs);
  }
  return entries.sort((one, other) => one.timestampMs - other.timestampMs);
}
