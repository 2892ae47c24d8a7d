import type { LogRecord } from '@hookline/event-log';

/**
 * The latest records, as this process appended them: who has caught up reads them here instead of from the tables.
 * Each partition keeps one contiguous run; what another process appends in between ends the run.
 */
export interface Tail {
  add(topicId: number, records: readonly LogRecord[]): void;
  /** Records from exactly `offset` on; undefined if the tail doesn't hold that one. */
  read(topicId: number, partition: number, offset: number, maxRecords: number): LogRecord[] | undefined;
}

interface Run {
  records: LogRecord[];
  /** Index of the first record that is still held. */
  head: number;
  first: number;
}

export function createTail(maxBytes: number): Tail {
  const runs = new Map<string, Run>();
  /** Oldest first, so that the bound drops what was appended longest ago. */
  let order: { run: Run; record: LogRecord }[] = [];
  let dropped = 0;
  let sizeBytes = 0;

  function evict(): void {
    while (sizeBytes > maxBytes) {
      const oldest = order[dropped++];
      if (oldest === undefined) break;
      sizeBytes -= costOf(oldest.record);
      const { run, record } = oldest;
      // Otherwise the run was begun anew since.
      if (run.records[run.head] === record) {
        run.head++;
        run.first++;
        if (run.head > 1_024 && run.head * 2 > run.records.length) {
          run.records.splice(0, run.head);
          run.head = 0;
        }
      }
    }
    if (dropped > 1_024 && dropped * 2 > order.length) {
      order = order.slice(dropped);
      dropped = 0;
    }
  }

  return {
    add(topicId, records) {
      for (const record of records) {
        const name = `${topicId}/${record.partition}`;
        let run = runs.get(name);
        if (run === undefined || record.offset !== run.first + run.records.length - run.head) {
          run = { records: [], head: 0, first: record.offset };
          runs.set(name, run);
        }
        run.records.push(record);
        order.push({ run, record });
        sizeBytes += costOf(record);
      }
      evict();
    },
    read(topicId, partition, offset, maxRecords) {
      const run = runs.get(`${topicId}/${partition}`);
      if (run === undefined || offset < run.first) return undefined;
      const from = run.head + offset - run.first;
      const records = run.records.slice(from, from + maxRecords);
      return records.length === 0 ? undefined : records;
    },
  };
}

/** With what the objects around the bytes take, roughly. */
function costOf({ key, value, headers }: LogRecord): number {
  let size = 300 + (key?.length ?? 0) + (value?.length ?? 0);
  for (const name in headers) size += 50 + name.length + (headers[name]?.length ?? 0);
  return size;
}
