import type { Database } from '@hookline/database';
import type { Consumption, ConsumeOptions } from '@hookline/event-log';
import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { createAssignment, type Assigned } from './assignment.ts';
import { createLeases, forgetFormerMembers } from './leases.ts';
import { createPatience } from './patience.ts';
import { readRecords } from './read.ts';
import type { StoredTopic } from './topics.ts';
import { createWake } from './wake.ts';
import type { Watch } from './watch.ts';

const MAX_BATCH_RECORDS = 500;
const SESSION_TIMEOUT_MS = 10_000;
/** How soon a member notices that another has come. Those in its own process tell it, and PGlite has no others. */
const HEARTBEAT_MS = { postgres: 1_000, pglite: 3_000 };
const COMMIT_EVERY_MS = 400;
const LEAVE_TIMEOUT_MS = 10_000;

export interface ConsumptionDeps {
  database: Database;
  watch: Watch;
}

/**
 * A member of a group. Three loops that don't wait for each other: the heartbeat (which partitions are ours), reading, committing;
 * and the handlers, which none of them waits for.
 */
export async function startConsumption(
  { database, watch }: ConsumptionDeps,
  topics: readonly StoredTopic[],
  options: ConsumeOptions,
): Promise<Consumption> {
  const { group, handler, maxBatchRecords = MAX_BATCH_RECORDS, sessionTimeoutMs = SESSION_TIMEOUT_MS } = options;
  const topicIds = topics.map(({ id }) => id);
  const leases = createLeases(database, group, randomUUID(), topicIds, sessionTimeoutMs);
  const readerWake = createWake();
  const beatWake = createWake();
  const commitWake = createWake();
  const assignment = createAssignment(topics, handler, { changed: readerWake.ring, failed: fail });
  const heartbeatMs = Math.min(sessionTimeoutMs / 4, HEARTBEAT_MS[database.kind]);
  let intake = true;
  const ending = new AbortController();
  let lastBeatAt = performance.now();
  let committing: Promise<void> = Promise.resolve();
  let loops: Promise<unknown> = Promise.resolve();
  let closing: Promise<void> | undefined;
  const stopListening = watch.listen(topicIds, readerWake.ring);
  watch.members.addEventListener(group, beatWake.ring);

  function fail(fault: unknown): void {
    if (ending.signal.aborted) return;
    void close().finally(() => options.onFailure(fault instanceof Error ? fault : new Error(String(fault))));
  }

  async function beat(): Promise<void> {
    const startedAt = performance.now();
    const held = await leases.beat();
    lastBeatAt = startedAt;
    if (ending.signal.aborted) return;
    const excess = assignment.update(held);
    if (excess.length === 0) return;
    await commitDone(excess);
    assignment.lose(excess);
    await leases.release(excess);
    announce();
  }

  /** Other members in this process look again at once. */
  function announce(): void {
    watch.members.dispatchEvent(new Event(group));
  }

  /** One after the other: a later commit must not be overtaken by an earlier one. */
  function commitDone(partitions: readonly Assigned[]): Promise<void> {
    const commit = committing.then(() => commitNow(partitions));
    committing = commit.catch(() => {});
    return commit;
  }

  async function commitNow(partitions: readonly Assigned[]): Promise<void> {
    const due = partitions.flatMap((one) => {
      const what = one.tracker?.committable();
      if (what === undefined) return [];
      const { topicId, partition, epoch } = one;
      return [{ one, what, commit: { topicId, partition, epoch, offset: what.offset, done: what.done } }];
    });
    if (due.length === 0) return;
    const counted = new Set(await leases.commit(due.map(({ commit }) => commit)));
    for (const { one, what, commit } of due) {
      if (counted.has(commit)) one.tracker?.committed(what);
      else assignment.lose([one]);
    }
  }

  async function read(): Promise<void> {
    const ready = assignment.ready((one) => watch.end(one.topicId, one.partition));
    if (!intake || ready.length === 0) return readerWake.wait(heartbeatMs);
    await readRecords(database, watch, ready, maxBatchRecords, ({ wanted, records, next }) => {
      if (intake) assignment.handle(wanted, records, next);
    });
  }

  /** Runs `step` again and again until the consumption ends; a fault that stays ends it. */
  async function loop(step: () => Promise<void>): Promise<void> {
    const patience = createPatience();
    while (!ending.signal.aborted) {
      try {
        await step();
        patience.succeeded();
      } catch (error) {
        if (ending.signal.aborted) return;
        try {
          await delay(patience.failed(error), undefined, { signal: ending.signal });
        } catch (fault) {
          return fail(fault); // Unless it was the end that cut the delay short.
        }
        // Others may have our partitions by now; nothing is to be done here that they might do too.
        if (performance.now() - lastBeatAt > sessionTimeoutMs) assignment.lose(assignment.all());
      }
    }
  }

  async function close(): Promise<void> {
    intake = false;
    closing ??= (async () => {
      ending.abort();
      for (const wake of [readerWake, beatWake, commitWake]) wake.ring();
      stopListening();
      watch.members.removeEventListener(group, beatWake.ring);
      assignment.abort();
      // Without a heartbeat of its own a long last handler would lose its partitions before it can commit.
      const keepAlive = setInterval(() => void leases.beat().catch(() => {}), heartbeatMs);
      await Promise.all([loops, assignment.idle()]);
      clearInterval(keepAlive);
      await leave();
      assignment.lose(assignment.all());
      announce();
    })();
    return closing;
  }

  /** What can't be told to a database that is away, it finds out when the membership expires. */
  async function leave(): Promise<void> {
    const told = commitDone(assignment.all()).then(() => leases.leave());
    await Promise.race([told.catch(() => {}), delay(LEAVE_TIMEOUT_MS, undefined, { ref: false })]);
  }

  try {
    await forgetFormerMembers(database);
    await leases.join();
    await beat();
  } catch (error) {
    await close();
    throw error;
  }
  announce();
  loops = Promise.all([
    loop(read),
    loop(async () => {
      await beatWake.wait(heartbeatMs);
      if (!ending.signal.aborted) await beat();
    }),
    loop(async () => {
      await commitWake.wait(COMMIT_EVERY_MS);
      await commitDone(assignment.all());
    }),
  ]);

  return {
    assignment: () => assignment.all().map(({ topic, partition }) => ({ topic, partition })),
    backlog: () =>
      assignment.all().map(({ topicId, topic, partition, tracker }) => {
        const known = tracker?.backlog(watch.end(topicId, partition)) ?? { records: 0, oldestAtMs: null };
        return { topic, partition, ...known };
      }),
    stopIntake() {
      intake = false;
    },
    commit: () => commitDone(assignment.all()),
    seek({ topic, partition, offset }) {
      const found = topics.find(({ name }) => name === topic);
      if (found !== undefined) assignment.seek(found.id, partition, offset);
    },
    close,
  };
}
