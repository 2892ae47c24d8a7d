import type { Database } from '@hookline/database';
import { InvalidInput, TooLarge, Unavailable } from '@hookline/domain';
import type { AppendOptions, LogRecord, NewRecord, Position } from '@hookline/event-log';
import { setTimeout as delay } from 'node:timers/promises';
import { partitionOf } from './partition-of.ts';
import type { StoredTopic, Topics } from './topics.ts';
import type { Watch } from './watch.ts';

/** One transaction carries at most so much; a longer call is spread over several. */
const MAX_BATCH_RECORDS = 1_000;
const MAX_BATCH_BYTES = 4 * 1024 * 1024;
/** What may wait for its transaction. */
const MAX_WAITING_BYTES = 64 * 1024 * 1024;
const DEFAULT_DEADLINE_MS = 30_000;
const RETRY_DELAY_MS = 100;

export interface Appender {
  append: (records: readonly NewRecord[], options?: AppendOptions) => Promise<Position[]>;
  /** Waits for what is under way; what comes later is rejected. */
  close(): Promise<void>;
}

interface Placed {
  topic: StoredTopic;
  partition: number;
  record: NewRecord;
  headers: string | null;
  sizeBytes: number;
}

interface Waiting {
  call: Call;
  /** The place in the call's answer. */
  index: number;
  placed: Placed;
}

interface Call {
  deadlineAt: number;
  positions: Position[];
  missing: number;
  settled: boolean;
  resolve: (positions: Position[]) => void;
  reject: (error: unknown) => void;
}

/**
 * Gathers what comes while a transaction is under way into the next one; alone, a call is sent at once. One transaction at a time,
 * so calls made one after the other keep their order.
 */
export function createAppender(database: Database, topics: Topics, watch: Watch): Appender {
  const waiting: Waiting[] = [];
  let waitingBytes = 0;
  let spread = Math.floor(Math.random() * 1_000);
  let flushing: Promise<void> | undefined;
  let closed = false;
  // Topics are looked up before a call is queued: the look-ups too must keep the order of the calls.
  let placing: Promise<unknown> = Promise.resolve();

  function append(records: readonly NewRecord[], { deadlineMs = DEFAULT_DEADLINE_MS }: AppendOptions = {}) {
    if (closed) return Promise.reject(new Unavailable('the event log is closed'));
    const placed = placing.then(() => placeAll(records));
    placing = placed.catch(() => {});
    const queued = placed.then((all) => enqueue(all, deadlineMs));
    return queued.then(({ answer }) => answer);
  }

  async function placeAll(records: readonly NewRecord[]): Promise<Placed[]> {
    // A batch without a key stays together: one partition's row is one lock less.
    const spreadTo = spread++;
    const placed: Placed[] = [];
    for (const record of records) placed.push(place(await topics.find(record.topic), record, spreadTo));
    return placed;
  }

  /** In an object: the promise of the answer must not be awaited by the queue of look-ups. */
  function enqueue(placed: Placed[], deadlineMs: number): { answer: Promise<Position[]> } {
    if (placed.length === 0) return { answer: Promise.resolve([]) };
    const sizeBytes = placed.reduce((sum, item) => sum + item.sizeBytes, 0);
    if (waiting.length > 0 && waitingBytes + sizeBytes > MAX_WAITING_BYTES) {
      return { answer: Promise.reject(new Unavailable('too much waits to be appended already')) };
    }
    const { promise: answer, resolve, reject } = Promise.withResolvers<Position[]>();
    const call: Call = {
      deadlineAt: performance.now() + deadlineMs,
      positions: Array.from({ length: placed.length }),
      missing: placed.length,
      settled: false,
      resolve: (positions) => settle(() => resolve(positions)),
      reject: (error) => settle(() => reject(error)),
    };
    const timer = setTimeout(() => {
      call.reject(new Unavailable(`the records could not be appended within ${deadlineMs} ms`));
    }, deadlineMs);
    function settle(how: () => void): void {
      call.settled = true;
      clearTimeout(timer);
      how();
    }
    waitingBytes += sizeBytes;
    placed.forEach((item, index) => waiting.push({ call, index, placed: item }));
    flushing ??= flushAll();
    return { answer };
  }

  async function flushAll(): Promise<void> {
    // Calls made in the same turn go together.
    await Promise.resolve();
    for (let batch = takeBatch(); batch.length > 0; batch = takeBatch()) await flush(batch);
    flushing = undefined;
  }

  function takeBatch(): Waiting[] {
    let sizeBytes = 0;
    let count = 0;
    while (count < Math.min(waiting.length, MAX_BATCH_RECORDS)) {
      sizeBytes += waiting[count]?.placed.sizeBytes ?? 0;
      if (count > 0 && sizeBytes > MAX_BATCH_BYTES) break;
      count++;
    }
    const batch = waiting.splice(0, count);
    waitingBytes -= batch.reduce((sum, { placed }) => sum + placed.sizeBytes, 0);
    // Whose deadline has passed while it waited isn't begun.
    return batch.every(({ call }) => call.settled) && waiting.length > 0
      ? takeBatch()
      : batch.filter(({ call }) => !call.settled);
  }

  /** Tries until it succeeds or nobody waits for it any longer. */
  async function flush(batch: Waiting[]): Promise<void> {
    while (batch.some(({ call }) => !call.settled)) {
      try {
        await store(batch);
        return;
      } catch (error) {
        if (!(error instanceof Unavailable)) {
          for (const { call } of batch) call.reject(error);
          return;
        }
        await delay(RETRY_DELAY_MS);
      }
    }
  }

  async function store(batch: Waiting[]): Promise<void> {
    const groups = groupByPartition(batch);
    const items = groups.flatMap((group) => group.items);
    const { rows } = await database.query<{ answer: number[] }>(
      `SELECT log_append($1::smallint[], $2::int[], $3::int[], $4::bool[], $5::int[], $6::int[], $7::text[], $8::bytea[], $9::text[])
         AS answer`,
      [
        groups.map(({ topic }) => topic.id),
        groups.map(({ partition }) => partition),
        groups.map((group) => group.items.length),
        groups.map(({ topic }) => topic.cleanup === 'compact'),
        groups.flatMap((group, index) => group.items.map(() => index + 1)),
        groups.flatMap((group) => group.items.map((_, index) => index)),
        items.map(({ placed }) => placed.record.key ?? null),
        items.map(({ placed }) => placed.record.value),
        items.map(({ placed }) => placed.headers),
      ],
    );
    const answer = rows[0]?.answer ?? [];
    const timestampMs = answer.at(-1) as number;
    groups.forEach(({ topic, partition, items: members }, index) => {
      const first = answer[index] as number;
      const stored = members.map(({ placed: { record } }, nth): LogRecord => ({
        topic: topic.name,
        partition,
        offset: first + nth,
        key: record.key ?? null,
        value: record.value,
        headers: { ...record.headers },
        timestampMs,
      }));
      members.forEach(({ call, index: at }, nth) => {
        call.positions[at] = { topic: topic.name, partition, offset: first + nth };
        call.missing--;
        if (call.missing === 0) call.resolve(call.positions);
      });
      watch.appended(topic, stored);
    });
  }

  return {
    append,
    async close() {
      closed = true;
      await placing;
      await flushing;
    },
  };
}

interface Group {
  topic: StoredTopic;
  partition: number;
  items: Waiting[];
}

/** In ascending order of topic and partition: appenders that lock in one order don't wait for each other in a circle. */
function groupByPartition(batch: Waiting[]): Group[] {
  const groups = new Map<string, Group>();
  for (const item of batch) {
    const { topic, partition } = item.placed;
    const name = `${topic.id}/${partition}`;
    const group = groups.get(name);
    if (group === undefined) groups.set(name, { topic, partition, items: [item] });
    else group.items.push(item);
  }
  return [...groups.values()].sort((a, b) => a.topic.id - b.topic.id || a.partition - b.partition);
}

function place(topic: StoredTopic, record: NewRecord, spreadTo: number): Placed {
  const { key, value } = record;
  if (topic.cleanup === 'compact' && key === undefined) {
    throw new InvalidInput(`a record of the compacted topic ${topic.name} needs a key`);
  }
  if (key?.includes('\0') === true) throw new InvalidInput(`a key on topic ${topic.name} contains a zero byte`);
  const partition =
    record.partition ?? (key === undefined ? spreadTo % topic.partitions : partitionOf(key, topic.partitions));
  if (!Number.isInteger(partition) || partition < 0 || partition >= topic.partitions) {
    throw new InvalidInput(`topic ${topic.name} has no partition ${partition}`);
  }
  const headers = headersText(record.headers);
  const sizeBytes = Buffer.byteLength(key ?? '') + (value?.length ?? 0) + Buffer.byteLength(headers ?? '');
  if (sizeBytes > topic.maxBytes) {
    throw new TooLarge(`a record of ${sizeBytes} bytes is more than topic ${topic.name} takes (${topic.maxBytes})`);
  }
  return { topic, partition, record, headers, sizeBytes };
}

function headersText(headers: Record<string, string> = {}): string | null {
  for (const _ in headers) return JSON.stringify(headers);
  return null;
}
