import { afterEach } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import type {
  ConsumeOptions,
  Consumption,
  EventLog,
  Following,
  FollowOptions,
  LogRecord,
  NewRecord,
  RecordBatch,
  TopicPartition,
  TopicSpec,
} from '../src/index.ts';

export interface EventLogHarness {
  /** A client of its own of one and the same store, as another process would have; `close()` frees all that it holds. */
  open(): Promise<EventLog>;
  /** The shortest session timeout that the store accepts; 6,000 in Kafka. */
  shortestSessionMs: number;
  /** Compacts a topic now: only the last record of each key stays. Left out where the store can't be made to. */
  compact?(topic: string): Promise<void>;
}

/** What one test opens; all of it is closed after the test. */
export interface Scene {
  harness: EventLogHarness;
  open(): Promise<EventLog>;
  /** Makes a topic of a name of its own; 4 partitions, `delete`, unless told otherwise. */
  makeTopic(log: EventLog, settings?: Partial<Omit<TopicSpec, 'name'>>): Promise<string>;
  /** Joins a group and keeps all that happens to the member. */
  join(log: EventLog, options: MemberOptions): Promise<Member>;
  follow(log: EventLog, topic: string, options?: Partial<FollowOptions>): Promise<Follower>;
}

export interface MemberOptions extends Partial<Omit<ConsumeOptions, 'topics'>> {
  topics: readonly string[];
  group: string;
  /** What to do with a batch; by default every record is done at once. */
  received?: (batch: RecordBatch) => Promise<void>;
  assigned?: (partition: TopicPartition, signal: AbortSignal) => Promise<number | undefined>;
}

export interface Member {
  consumption: Consumption;
  batches: RecordBatch[];
  records(): LogRecord[];
  /** `assigned 0`, `lost 0` in the order of the calls. */
  events: string[];
  failures: Error[];
}

export interface Follower {
  following: Following;
  records: LogRecord[];
  failures: Error[];
}

export function useScene(harness: EventLogHarness): Scene {
  const opened: EventLog[] = [];

  afterEach(async () => {
    await Promise.all(opened.splice(0).map((log) => log.close()));
  });

  return {
    harness,
    async open() {
      const log = await harness.open();
      opened.push(log);
      return log;
    },
    async makeTopic(log, settings) {
      const name = uniqueName('topic');
      await log.createTopics([topicSpec(name, settings)]);
      return name;
    },
    join,
    follow,
  };
}

async function join(log: EventLog, { received, assigned, ...options }: MemberOptions): Promise<Member> {
  const member: Omit<Member, 'consumption'> = {
    batches: [],
    records: () => member.batches.flatMap((batch) => batch.records),
    events: [],
    failures: [],
  };
  const consumption = await log.consume({
    onFailure: (error) => member.failures.push(error),
    handler: {
      assigned(partition, signal) {
        member.events.push(`assigned ${partition.partition}`);
        return assigned?.(partition, signal) ?? Promise.resolve(undefined);
      },
      async received(batch) {
        member.batches.push(batch);
        await (received ?? finish)(batch);
      },
      lost: (partition) => void member.events.push(`lost ${partition.partition}`),
    },
    ...options,
  });
  return Object.assign(member, { consumption });
}

async function follow(log: EventLog, topic: string, options: Partial<FollowOptions> = {}): Promise<Follower> {
  const records: LogRecord[] = [];
  const failures: Error[] = [];
  const following = await log.follow({
    topic,
    received: async (batch) => void records.push(...batch),
    onFailure: (error) => failures.push(error),
    ...options,
  });
  return { following, records, failures };
}

export async function finish(batch: RecordBatch): Promise<void> {
  for (const record of batch.records) batch.done(record.offset);
}

export function topicSpec(name: string, settings: Partial<Omit<TopicSpec, 'name'>> = {}): TopicSpec {
  return { name, partitions: 4, cleanup: 'delete', retentionMs: 3_600_000, maxBytes: 4 * 1024 * 1024, ...settings };
}

export function uniqueName(base: string): string {
  return `${base}.${randomUUID().slice(0, 13)}`;
}

export function textRecord(topic: string, text: string, place: Partial<NewRecord> = {}): NewRecord {
  return { topic, value: Buffer.from(text), ...place };
}

/** `count` records of one partition whose values are `0`, `1`, ... */
export function numbered(topic: string, count: number, partition = 0): NewRecord[] {
  return Array.from({ length: count }, (_, index) => textRecord(topic, String(index), { partition }));
}

export const text = (record: LogRecord): string => String(record.value);

/** Tries until `check` doesn't throw; then gives what it gave. */
export async function eventually<T>(check: () => T | Promise<T>, timeoutMs = 15_000): Promise<T> {
  const deadline = Date.now() + timeoutMs;
  for (;;) {
    try {
      return await check();
    } catch (error) {
      if (Date.now() > deadline) throw error;
      await delay(20);
    }
  }
}

export function deferred(): { promise: Promise<void>; resolve: () => void } {
  const { promise, resolve } = Promise.withResolvers<void>();
  return { promise, resolve };
}
