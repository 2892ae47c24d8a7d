import { Unavailable } from '@hookline/domain';
import type { Consumption, ConsumeOptions, Position, TopicPartition } from '@hookline/event-log';
import type { ConsumerGroupJoinEvent, Consumer, ConsumerCrashEvent, EachBatchPayload, Kafka } from 'kafkajs';
import { setTimeout as delay } from 'node:timers/promises';
import { partitionName } from './check-answer.ts';
import { createCommitter } from './committer.ts';
import { isPermanent } from './errors.ts';
import { createIntake, type Ahead, type Intake } from './intake.ts';
import type { Log } from './log.ts';
import { createStarts, type ReadStarts, type Starts } from './starts.ts';
import { stickyAssigner } from './sticky-assigner.ts';
import { within } from './within.ts';

const BATCH_RECORDS = 500;
const SESSION_TIMEOUT_MS = 10_000;
const START_DEADLINE_MS = 60_000;
const CLOSE_DEADLINE_MS = 30_000;
const FIRST_PAUSE_MS = 100;
const LONGEST_PAUSE_MS = 3_000;
/** How long an idle fetch stays at the broker: also how late heartbeats, rebalances and `close` may be. */
const FETCH_WAIT_MS = 300;
/** How much is read at once. The broker counts bytes as they are in the log: compressed, often to a tenth of what they take here. */
interface Reading {
  /** What ends an idle fetch's wait. */
  minBytes: number;
  /** Of a partition in one answer. One batch comes whatever its size. */
  maxBytesPerPartition: number;
  /** Of all partitions in one answer. */
  maxBytes: number;
  /** Of all partitions, which share that evenly: waiting for the handler, and once more in its hands. */
  aheadRecords: number;
  /** As they are here. */
  aheadBytes: number;
}

/** Where each record is waited for. */
const READING: Reading = {
  minBytes: 1,
  maxBytesPerPartition: 16 * 1024,
  maxBytes: 1024 * 1024,
  aheadRecords: 4_000,
  aheadBytes: 16 * 1024 * 1024,
};
/** Where nobody waits: each fetch wakes two processes, and costs as much as reading a hundred records. */
const PATIENT: Reading = {
  minBytes: 512 * 1024,
  maxBytesPerPartition: 512 * 1024,
  maxBytes: 4 * 1024 * 1024,
  aheadRecords: 100_000,
  aheadBytes: 32 * 1024 * 1024,
};

/** Where all of a topic is read at the start, which a round trip for every batch would draw out. */
const FOLLOWING: Reading = { ...READING, maxBytesPerPartition: READING.maxBytes };

export interface ConsumptionDeps {
  kafka: Kafka;
  log: Log;
  readStarts: ReadStarts;
}

/** `commits: false` reads along without ever committing. */
export async function startConsumption(
  { kafka, log, readStarts }: ConsumptionDeps,
  { group, topics, handler, onFailure, ...settings }: ConsumeOptions & { commits: boolean },
): Promise<Consumption> {
  const { maxBatchRecords = BATCH_RECORDS, sessionTimeoutMs = SESSION_TIMEOUT_MS, patient = false, commits } = settings;
  const { aheadRecords, aheadBytes, ...fetching } = commits ? (patient ? PATIENT : READING) : FOLLOWING;
  const intakes = new Map<string, Intake>();
  const running = Promise.withResolvers<void>();
  running.promise.catch(() => {});
  const committer = createCommitter({ intakes: () => intakes.values(), log, enabled: commits, patient });
  let consumer: Consumer | undefined;
  let memberId: string | undefined;
  let pauseMs = FIRST_PAUSE_MS;
  let stopped = false;
  let hasRun = false;
  let ended: Promise<void> | undefined;

  async function connect(): Promise<void> {
    const fresh = kafka.consumer({
      groupId: group,
      sessionTimeout: sessionTimeoutMs,
      rebalanceTimeout: Math.max(sessionTimeoutMs, SESSION_TIMEOUT_MS),
      heartbeatInterval: Math.min(1_000, sessionTimeoutMs / 4),
      maxWaitTimeInMs: FETCH_WAIT_MS,
      ...fetching,
      allowAutoTopicCreation: false,
      partitionAssigners: [stickyAssigner(() => [...intakes.values()])],
      // A crash is always answered here, by a new consumer.
      retry: { retries: 4, initialRetryTime: 100, maxRetryTime: 1_000, restartOnFailure: async () => false },
    });
    consumer = fresh;
    fresh.on('consumer.group_join', (event) => joined(fresh, event));
    fresh.on('consumer.rebalancing', () => void committer.commit());
    fresh.on('consumer.crash', (event) => crashed(fresh, event));
    try {
      await fresh.connect();
      await fresh.subscribe({ topics: [...topics], fromBeginning: true });
      if (consumer !== fresh) return await fresh.disconnect();
      await fresh.run({
        autoCommit: false,
        eachBatchAutoResolve: false,
        eachBatch: async (batch) => fetched(fresh, batch),
      });
      // Disconnected before it had its place, kafkajs would go on.
      if (consumer !== fresh) await fresh.disconnect();
    } catch (error) {
      void reconnect(fresh, error);
    }
  }

  function crashed(from: Consumer, { payload }: ConsumerCrashEvent): void {
    void reconnect(from, payload.error);
  }

  async function reconnect(from: Consumer, error: unknown): Promise<void> {
    if (from !== consumer || ended !== undefined) return;
    consumer = undefined;
    log.warn({ group, error: String(error), pauseMs }, 'consumer.restarted');
    loseAll();
    await from.disconnect().catch(() => {});
    if (isPermanent(error)) return fail(error instanceof Error ? error : new Error(String(error)));
    await delay(pauseMs);
    pauseMs = Math.min(pauseMs * 2, LONGEST_PAUSE_MS);
    if (ended === undefined) await connect();
  }

  function joined(from: Consumer, { payload }: ConsumerGroupJoinEvent): void {
    if (from !== consumer || ended !== undefined) return;
    pauseMs = FIRST_PAUSE_MS;
    // Another member id: the group had given up this member, and its partitions may have been elsewhere meanwhile.
    if (memberId !== payload.memberId) loseAll();
    memberId = payload.memberId;
    const assigned = new Map<string, { topic: string; partition: number }>();
    for (const [topic, partitions] of Object.entries(payload.memberAssignment)) {
      for (const partition of partitions) assigned.set(partitionName(topic, partition), { topic, partition });
    }
    for (const [name, intake] of intakes) if (!assigned.has(name)) lose(name, intake);
    const starts = createStarts({ group, readStarts, log });
    for (const [name, { topic, partition }] of assigned) {
      const kept = intakes.get(name);
      if (kept === undefined) admit(from, name, topic, partition, starts);
      else if (kept.next() !== undefined) seek(from, kept);
    }
    hasRun = true;
    running.resolve();
  }

  function admit(from: Consumer, name: string, topic: string, partition: number, starts: Starts): void {
    const intake = put(name, { topic, partition });
    from.pause([{ topic, partitions: [partition] }]);
    void begin(intake, starts);
  }

  function put(name: string, { topic, partition }: TopicPartition, after?: Promise<void>): Intake {
    const intake = createIntake({
      topic,
      partition,
      handler,
      maxBatchRecords,
      ahead,
      commits,
      onDone: committer.schedule,
      onRoom: () => resume(intake),
      onFailure: fail,
      ...(after === undefined ? {} : { after }),
    });
    if (stopped) intake.stop();
    intakes.set(name, intake);
    return intake;
  }

  function ahead(): Ahead {
    const partitions = Math.max(1, intakes.size);
    return { records: Math.ceil(aheadRecords / partitions), bytes: aheadBytes / partitions };
  }

  function readFrom({ topic, partition, offset }: Position): void {
    const name = partitionName(topic, partition);
    const old = intakes.get(name);
    if (old === undefined || ended !== undefined) return;
    old.drop();
    const intake = put(name, old, old.idle());
    intake.start(offset);
    if (consumer !== undefined) seek(consumer, intake);
    resume(intake);
  }

  async function begin(intake: Intake, starts: Starts): Promise<void> {
    try {
      const { topic, partition, signal } = intake;
      const named = await handler.assigned?.({ topic, partition }, signal);
      const start = await starts(intake);
      if (signal.aborted || start === undefined) return;
      const { committed, earliest } = start;
      if (named === undefined && committed !== null && committed.offset >= earliest) {
        intake.start(committed.offset, committed.metadata);
      } else intake.start(Math.max(named ?? 0, earliest));
      if (consumer !== undefined) seek(consumer, intake);
      resume(intake);
    } catch (error) {
      if (!intake.signal.aborted) fail(error instanceof Error ? error : new Error(String(error)));
    }
  }

  function fetched(from: Consumer, payload: EachBatchPayload): void {
    const { batch } = payload;
    const intake = intakes.get(partitionName(batch.topic, batch.partition));
    if (from !== consumer || intake?.next() === undefined || payload.isStale()) return;
    committer.attach((offsets) => payload.commitOffsetsIfNecessary(offsets));
    if (intake.skips(fetchedOffset(batch))) return seek(from, intake);
    const last = batch.lastOffset();
    payload.resolveOffset(last);
    if (!intake.accept(batch.messages, Number(last) + 1, Number(batch.highWatermark))) pause(intake);
  }

  function pause({ topic, partition }: Intake): void {
    consumer?.pause([{ topic, partitions: [partition] }]);
  }

  function resume(intake: Intake): void {
    const { topic, partition, signal } = intake;
    if (!stopped && !signal.aborted) consumer?.resume([{ topic, partitions: [partition] }]);
  }

  function lose(name: string, intake: Intake): void {
    intakes.delete(name);
    intake.drop();
    handler.lost?.({ topic: intake.topic, partition: intake.partition });
  }

  function loseAll(): void {
    for (const [name, intake] of intakes) lose(name, intake);
  }

  function stopIntake(): void {
    stopped = true;
    for (const intake of intakes.values()) {
      intake.stop();
      pause(intake);
    }
  }

  function fail(error: Error): void {
    if (ended !== undefined) return;
    log.error({ group, error: String(error) }, 'consumer.failed');
    ended = end();
    // Before it ran, its caller hears of it by the rejection.
    if (hasRun) onFailure(error);
    else running.reject(error);
  }

  async function end(): Promise<void> {
    stopIntake();
    for (const intake of intakes.values()) intake.abort();
    const idle = Promise.all([...intakes.values()].map((intake) => intake.idle()));
    await within(CLOSE_DEADLINE_MS, idle, () => new Error('a handler does not come back')).catch((error: unknown) =>
      log.error({ group, error: String(error) }, 'consumer.handler-abandoned'),
    );
    await committer.close();
    loseAll();
    const last = consumer;
    consumer = undefined;
    await last?.disconnect().catch(() => {});
  }

  function close(): Promise<void> {
    ended ??= end();
    running.reject(new Unavailable('the consumption was closed'));
    return ended;
  }

  void connect();
  try {
    await within(START_DEADLINE_MS, running.promise, () => new Unavailable(`no place in group ${group} yet`));
  } catch (error) {
    await close();
    throw error;
  }

  return {
    assignment: () => [...intakes.values()].map(({ topic, partition }) => ({ topic, partition })),
    backlog: () => [...intakes.values()].map((intake) => intake.backlog()),
    stopIntake,
    commit: committer.commit,
    seek: readFrom,
    close,
  };
}

function seek(consumer: Consumer, intake: Intake): void {
  consumer.seek({ topic: intake.topic, partition: intake.partition, offset: String(intake.next()) });
}

function fetchedOffset(batch: EachBatchPayload['batch']): number {
  return Number(Reflect.get(batch, 'fetchedOffset'));
}
