import type { Database } from '@hookline/database';
import type { LogRecord } from '@hookline/event-log';
import { createTail, type Tail } from './tail.ts';
import type { StoredTopic } from './topics.ts';

/**
 * What this process knows of the log without asking: the end of each partition, and the latest records. Shared by all event logs on
 * one database, so that what one appends wakes the others' readers at once. Appends of other processes are found by polling.
 */
export interface Watch {
  tail: Tail;
  /** The offset that the next record will get, as far as is known; 0 before anything is. */
  end(topicId: number, partition: number): number;
  appended(topic: StoredTopic, records: readonly LogRecord[]): void;
  /** Calls `changed` after each growth of these topics; polls as long as anybody listens. Returns the way to stop. */
  listen(topicIds: readonly number[], changed: () => void): () => void;
  /** Members of a group in this process needn't wait for their next heartbeat to see a change. */
  members: EventTarget;
}

export interface WatchOptions {
  /** Between two polls when something has come lately. */
  pollMs: number;
  /** When nothing has. */
  idlePollMs: number;
  tailBytes: number;
}

const LATELY_MS = 2_000;
const watches = new WeakMap<Database, Watch>();

/** The watch on a database; the options of whoever asks first hold. */
export function watchOf(database: Database, options: WatchOptions): Watch {
  const existing = watches.get(database);
  if (existing !== undefined) return existing;
  const watch = createWatch(database, options);
  watches.set(database, watch);
  return watch;
}

function createWatch(database: Database, { pollMs, idlePollMs, tailBytes }: WatchOptions): Watch {
  const ends = new Map<number, number[]>();
  const listeners = new Set<{ topicIds: readonly number[]; changed: () => void }>();
  const tail = createTail(tailBytes);
  let timer: NodeJS.Timeout | undefined;
  let polling = false;
  let lastGrowthAt = -Infinity;

  function grow(topicId: number, partition: number, end: number): boolean {
    let ofTopic = ends.get(topicId);
    if (ofTopic === undefined) ends.set(topicId, (ofTopic = []));
    if (end <= (ofTopic[partition] ?? 0)) return false;
    ofTopic[partition] = end;
    return true;
  }

  function tell(grown: Set<number>): void {
    for (const { topicIds, changed } of listeners) if (topicIds.some((id) => grown.has(id))) changed();
  }

  async function poll(): Promise<void> {
    const topicIds = [...new Set([...listeners].flatMap((listener) => listener.topicIds))];
    const { rows } = await database.query<{ topic_id: number; partition: number; next_offset: number }>(
      'SELECT topic_id, partition, next_offset FROM log_partitions WHERE topic_id = ANY($1::smallint[])',
      [topicIds],
    );
    const grown = rows.filter((row) => grow(row.topic_id, row.partition, row.next_offset));
    if (grown.length === 0) return;
    lastGrowthAt = performance.now();
    tell(new Set(grown.map((row) => row.topic_id)));
  }

  function schedule(delayMs: number): void {
    clearTimeout(timer);
    if (listeners.size === 0 || polling) return;
    timer = setTimeout(() => {
      polling = true;
      // While the database is away the readers' own tries say so.
      void poll()
        .catch(() => {})
        .finally(() => {
          polling = false;
          schedule(performance.now() - lastGrowthAt < LATELY_MS ? pollMs : idlePollMs);
        });
    }, delayMs);
  }

  return {
    tail,
    members: new EventTarget(),
    end: (topicId, partition) => ends.get(topicId)?.[partition] ?? 0,
    appended({ id: topicId, cleanup }, records) {
      // What compaction removes from the tables should not go on being read here.
      if (cleanup === 'delete') tail.add(topicId, records);
      for (const { partition, offset } of records) grow(topicId, partition, offset + 1);
      tell(new Set([topicId]));
    },
    listen(topicIds, changed) {
      const listener = { topicIds, changed };
      listeners.add(listener);
      schedule(0);
      return () => {
        listeners.delete(listener);
        if (listeners.size === 0) clearTimeout(timer);
      };
    },
  };
}
