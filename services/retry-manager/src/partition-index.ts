import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { GROUP, TOPIC } from '@hookline/contracts';
import { Unavailable, type Clock } from '@hookline/domain';
import type { EventLog, LogRecord } from '@hookline/event-log';
import type { Answer, Cursor, HeldCursor, RetrySchedule, ScheduleChange } from '@hookline/retry-schedule';
import type { Log, Sabotage } from '@hookline/service-kit';
import { changesOf } from './changes.ts';
import type { RetryManagerMetrics } from './metrics.ts';

/**
 * One partition's index while this process owns the partition. States:
 *
 *   building  applied < end offset read when the building began; nothing is claimed, or settled deliveries would be sent again
 *   ready     applied up to there; due retries are handed over
 *
 * Whenever the store answers that it holds another cursor than ours (flushed, rolled back, a newer owner), the index goes back to building
 * and reads on from what is held, or from the start.
 */
export interface PartitionIndex {
  /** Finds out what the store holds; resolves with the offset to read `webhook.retries` from. */
  begin(): Promise<number>;
  /** Applies a batch; says whether it did. It does not where the batch has been overtaken by a rewind, or brings one about. */
  apply(records: readonly LogRecord[], batch: AbortSignal): Promise<boolean>;
  isReady(): boolean;
  /** Records below this offset of `webhook.retries` are applied. */
  appliedTo(): number;
  /** Rises whenever what the store holds was looked up: it may be another index, or an older one, since. */
  generation(): number;
  /**
   * Runs one call on the schedule at the current cursor; calls of a partition run one at a time.
   * Resolves with null where the store held another cursor; `rewound` has been called then.
   */
  at<T>(call: (cursor: Cursor) => Promise<Answer<T>>): Promise<T | null>;
}

interface PartitionIndexOptions {
  partition: number;
  schedule: RetrySchedule;
  eventLog: EventLog;
  log: Log;
  metrics: RetryManagerMetrics;
  clock: Clock;
  signal: AbortSignal;
  /** The consumption must read on from this offset; batches received before must be aborted when this returns. */
  rewound: (offset: number) => void;
  /** An index last applied longer ago than this may have missed tombstones that are gone by now. */
  maxIdleMs: number;
  sabotage: Sabotage | undefined;
}

const AWAY_PAUSE_MS = 250;
const FULL_PAUSE_MS = 1_000;
const ROOM_STEP = 1_000;
/** Between the clocks of whoever wrote a record and whoever applied it. Where they differ by more, an index is built again without need. */
const CLOCK_SKEW_MS = 60_000;

export function createPartitionIndex(options: PartitionIndexOptions): PartitionIndex {
  const { partition, schedule, eventLog, log, metrics, clock, signal, rewound, maxIdleMs, sabotage } = options;
  let cursor: Cursor = { incarnation: '', offset: 0 };
  let target = Infinity;
  let turn: Promise<unknown> = Promise.resolve();
  let generation = 0;

  function inTurn<T>(work: () => Promise<T>): Promise<T> {
    const run = turn.then(work);
    turn = run.catch(() => undefined);
    return run;
  }

  async function begin(): Promise<number> {
    target = Infinity;
    const held = await untilAnswered(() => schedule.held(partition));
    const end = await untilAnswered(async () => (await eventLog.endOffsets(TOPIC.retries))[partition] ?? 0);
    const usable = held !== null && (await isUsable(held, end));
    cursor = usable ? { incarnation: held.incarnation, offset: held.offset } : await beginAnew(end);
    target = end;
    generation++;
    return cursor.offset;
  }

  async function isUsable(held: HeldCursor, end: number): Promise<boolean> {
    if (held.offset > end || clock.now() - held.appliedAtMs > maxIdleMs) return false;
    // What was applied had been written by then. In a topic made since (another cluster, say) records below that offset are younger.
    const writtenLater = await untilAnswered(() => eventLog.offsetsAt(TOPIC.retries, held.appliedAtMs + CLOCK_SKEW_MS));
    return (writtenLater[partition] ?? 0) >= held.offset;
  }

  async function beginAnew(end: number): Promise<Cursor> {
    const fresh = { incarnation: randomUUID(), offset: sabotage === 'count-on-redis' ? end : 0 };
    await untilAnswered(() => schedule.reset(partition, fresh, clock.now()));
    metrics.rebuilds.inc();
    log.info({ partition, end }, 'retry_index.rebuilding');
    return fresh;
  }

  async function apply(records: readonly LogRecord[], batch: AbortSignal): Promise<boolean> {
    for (const step of inSteps(records)) {
      if (!(await applyStep(step, batch))) return false;
    }
    return true;
  }

  async function applyStep(records: readonly LogRecord[], batch: AbortSignal): Promise<boolean> {
    const [first, last] = [records[0], records.at(-1)];
    if (first === undefined || last === undefined) return false;
    const { changes, rejected } = changesOf(records);
    if (rejected.length > 0) {
      await untilAnswered(() => eventLog.append(rejected));
      metrics.rejected.inc({ topic: TOPIC.retries }, rejected.length);
    }
    for (;;) {
      const outcome = await inTurn(() => applyOnce(changes, first.offset, last.offset + 1, batch));
      metrics.full.set(outcome === 'full' ? 1 : 0);
      if (outcome !== 'full') return outcome === 'applied';
      log.warn({ partition }, 'retry_store.full');
      const freed = await inTurn(makeRoom);
      if (freed === 0) giveUpCatchingUp();
      await sleep(FULL_PAUSE_MS, undefined, { signal });
    }
  }

  async function applyOnce(
    changes: readonly ScheduleChange[],
    first: number,
    next: number,
    batch: AbortSignal,
  ): Promise<'applied' | 'overtaken' | 'full'> {
    if (batch.aborted || first < cursor.offset) return 'overtaken';
    const answer = await untilAnswered(() => schedule.apply(partition, cursor, changes, next, clock.now()));
    if (answer.kind === 'full') return 'full';
    if (answer.kind === 'stale') {
      await rewind();
      return 'overtaken';
    }
    cursor = { ...cursor, offset: next };
    return 'applied';
  }

  /**
   * What was handed over leaves the index with its next record, which stands behind those that find no room. The dispatchers commit a hand-over only
   * once that next record is durable: so it is further along the topic, and the entry can go now.
   */
  async function makeRoom(): Promise<number> {
    const committed = (await untilAnswered(() => eventLog.committed(GROUP.dispatcher, TOPIC.deliveries)))[partition];
    if (committed === null || committed === undefined) return 0;
    const answered = await untilAnswered(() => schedule.answered(partition, cursor, committed, ROOM_STEP));
    if (answered.kind === 'stale' || answered.value.length === 0) return 0;
    const settled = answered.value.map((entry): ScheduleChange => ({ kind: 'settled', ...entry }));
    await untilAnswered(() => schedule.apply(partition, cursor, settled, cursor.offset, clock.now()));
    return settled.length;
  }

  /**
   * Nothing can be applied before something is handed over, and nothing is handed over before all is applied: the index will not get any further by itself.
   * What it holds is handed over then, though some of it may have been settled since; that is sent again, which is better than sending nothing.
   */
  function giveUpCatchingUp(): void {
    if (cursor.offset >= target) return;
    metrics.claimedBehind.inc();
    log.error({ partition, offset: cursor.offset, target }, 'retry_store.full_before_caught_up');
    target = cursor.offset;
  }

  /** The partition may have been lost, and even come back to another index, while the store was asked. */
  async function rewind(): Promise<void> {
    const from = await begin();
    signal.throwIfAborted();
    rewound(from);
  }

  /** The store or the log being away is waited out: nothing else can be done, and nothing is lost by waiting. */
  async function untilAnswered<T>(call: () => Promise<T>): Promise<T> {
    for (;;) {
      signal.throwIfAborted();
      try {
        return await call();
      } catch (error) {
        if (!(error instanceof Unavailable)) throw error;
        log.warn({ partition, error: error.message }, 'retry_store.away');
        await sleep(AWAY_PAUSE_MS, undefined, { signal });
      }
    }
  }

  return {
    begin: () => inTurn(begin),
    apply,
    isReady: () => sabotage === 'claim-before-caught-up' || cursor.offset >= target,
    appliedTo: () => cursor.offset,
    generation: () => generation,
    at(call) {
      return inTurn(async () => {
        const answer = await call(cursor);
        if (answer.kind === 'ok') return answer.value;
        await rewind();
        return null;
      });
    },
  };
}

/** Whether the store is full is asked before each step: small ones keep it from being filled beyond its bound, where even claims would be refused. */
const STEP_BYTES = 2 * 1024 * 1024;

function inSteps(records: readonly LogRecord[]): LogRecord[][] {
  const steps: LogRecord[][] = [];
  let bytes = Infinity;
  for (const record of records) {
    const sizeBytes = record.value?.length ?? 0;
    if (bytes + sizeBytes > STEP_BYTES) {
      steps.push([]);
      bytes = 0;
    }
    steps.at(-1)?.push(record);
    bytes += sizeBytes;
  }
  return steps;
}
