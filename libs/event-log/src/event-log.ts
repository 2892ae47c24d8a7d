/**
 * The event log: topics of partitions of records in order. Adapters: Kafka, Postgres (and PGlite).
 * Its contract suite (../contract) is its specification.
 */
export interface EventLog {
  /**
   * Resolves when every record is durable, with its position, in the order given. Records of one call that go to
   * the same partition keep their order, and so do calls made one after the other. Records of calls under way at the same time may be
   * sent together. Rejects with Unavailable when the deadline has passed: some of the records may be in the log then
   * (and appending them again gives duplicates). Rejects with TooLarge when a record can't fit, having appended none of the call.
   */
  append(records: readonly NewRecord[], options?: AppendOptions): Promise<Position[]>;

  /** Joins a group: its members share the partitions of the topics. Resolves when the consumption runs. */
  consume(options: ConsumeOptions): Promise<Consumption>;

  /** Reads every partition of a topic without a group, from the earliest retained record or from named offsets, and goes on for ever. */
  follow(options: FollowOptions): Promise<Following>;

  /** The offset that each partition's next record will get; the index is the partition. */
  endOffsets(topic: string): Promise<number[]>;

  /** The offset of the first record at or after a time, in each partition; its end offset where there is none. */
  offsetsAt(topic: string, timeMs: number): Promise<number[]>;

  /** What a group has committed (the offset to go on from), null where nothing. */
  committed(group: string, topic: string): Promise<(number | null)[]>;

  /**
   * The group goes on from the first record at or after a time, in each partition where it has come further: what it has done since comes again.
   * Rejects with Unavailable while the group has members.
   */
  rewind(group: string, topic: string, timeMs: number): Promise<void>;

  /** Resolves if the store answers within the deadline; rejects with Unavailable otherwise. */
  ping(deadlineMs: number): Promise<void>;

  /** Makes the topics that are missing; existing ones are left as they are. */
  createTopics(topics: readonly TopicSpec[]): Promise<void>;

  /** In which ways the topics differ from the table. */
  checkTopics(topics: readonly TopicSpec[]): Promise<TopicDifferences>;

  /** Closes what is left open: consumptions first. Idempotent. */
  close(): Promise<void>;
}

/** Lines for people; none in either: all is as it should be. */
export interface TopicDifferences {
  /** One for each topic that isn't there: `createTopics` makes it. */
  missing: string[];
  /** One for each way in which a topic that is there is another than it should be: `createTopics` leaves it so. */
  wrong: string[];
}

export interface NewRecord {
  topic: string;
  /** Records of one key share a partition. A compacted topic keeps the last record of each key and needs one. */
  key?: string;
  /** Overrides where the key would lead. Without either, records are spread. */
  partition?: number;
  /** null: a tombstone, which removes its key from a compacted topic in the end. */
  value: Buffer | null;
  headers?: Record<string, string>;
}

export interface AppendOptions {
  /** How long to keep trying, 30 s by default. */
  deadlineMs?: number;
}

export interface TopicPartition {
  topic: string;
  partition: number;
}

export interface Position extends TopicPartition {
  offset: number;
}

export interface LogRecord extends Position {
  key: string | null;
  value: Buffer | null;
  headers: Record<string, string>;
  /** When it was appended. */
  timestampMs: number;
}

export interface ConsumeOptions {
  group: string;
  topics: readonly string[];
  handler: RecordHandler;
  /** At most so many records in a batch, 500 by default. */
  maxBatchRecords?: number;
  /** Nobody waits for it: a backend may gather records for a third of a second, and what is done for as long, so that it costs less. */
  patient?: boolean;
  /** How long the group waits for a silent member before its partitions go to others, 10 s by default. */
  sessionTimeoutMs?: number;
  /** Called once if the consumption ends by itself, on a fault that its own retries could not cure. */
  onFailure: (error: Error) => void;
}

export interface RecordHandler {
  /**
   * A partition has come to this member. Resolves with the offset to start from, or undefined for the committed one
   * (nothing committed: the earliest retained; committed below that: the earliest retained). No record of the partition arrives before.
   * From the committed one, records that the group has done already above it are left out as far as that was committed; from a named one, none is.
   */
  assigned?(partition: TopicPartition, signal: AbortSignal): Promise<number | undefined>;

  /**
   * The next records of one partition, in offset order, at least once. The next batch of that partition comes when the promise
   * resolves (taking long keeps the membership); partitions don't wait for each other. A rejection ends the consumption (onFailure).
   */
  received(batch: RecordBatch): Promise<void>;

  /** The partition has gone elsewhere, or the consumption closes. */
  lost?(partition: TopicPartition): void;
}

export interface RecordBatch extends TopicPartition {
  records: LogRecord[];
  /**
   * The record at this offset is dealt with. In any order, at any later time; the lowest contiguous done offset is committed, with what is
   * done above it, within a second. Ignored once the partition is lost.
   */
  done(offset: number): void;
  /** Aborted when the partition is lost or the consumption closes. */
  signal: AbortSignal;
}

export interface Consumption {
  assignment(): TopicPartition[];
  /** What of each partition is not done, as far as is known without asking the store: as of what was read of it last. */
  backlog(): Backlog[];
  /** No further batches; the partitions stay, and what is done still gets committed. Idempotent. */
  stopIntake(): void;
  /** Commits what is done up to now. */
  commit(): Promise<void>;
  /**
   * Reads a partition of this member again (or on) from an offset: the batches received of it before end (signal aborted, done ignored), and the
   * next one starts there. `assigned` and `lost` are not called. A partition that is not this member's is left alone.
   */
  seek(position: Position): void;
  /** Stops intake, waits for handlers under way, commits what is done, leaves the group. Idempotent. */
  close(): Promise<void>;
}

export interface Backlog extends TopicPartition {
  /** Not done: received or still to be read. */
  records: number;
  /** When the oldest of them was appended; null where there is none, or none that has been read. */
  oldestAtMs: number | null;
}

export interface FollowOptions {
  topic: string;
  /** Per partition, the offset to start from, at most its end; below the earliest retained record it is that one. */
  from?: readonly number[];
  /** Records in offset order per partition; the next ones come when the promise resolves. */
  received: (records: LogRecord[]) => Promise<void>;
  onFailure: (error: Error) => void;
}

export interface Following {
  /** Per partition, the offset up to which `received` has resolved (gaps left by compaction counted as read). */
  position(): number[];
  close(): Promise<void>;
}

export interface TopicSpec {
  name: string;
  partitions: number;
  cleanup: 'delete' | 'compact';
  /** For `delete`: how long records are kept; for `compact`: how long tombstones are. */
  retentionMs: number;
  /** The largest record. */
  maxBytes: number;
}
