import type { Database } from '@hookline/database';
import type { Following, FollowOptions } from '@hookline/event-log';
import { setTimeout as delay } from 'node:timers/promises';
import { createPatience } from './patience.ts';
import { readRecords, type Found, type Wanted } from './read.ts';
import type { StoredTopic } from './topics.ts';
import { createWake } from './wake.ts';
import type { Watch } from './watch.ts';

const MAX_BATCH_RECORDS = 500;
const LOOK_AGAIN_MS = 1_000;

/** Reads all partitions of a topic, one batch after the other. */
export function startFollowing(
  database: Database,
  watch: Watch,
  topic: StoredTopic,
  { from = [], received, onFailure }: FollowOptions,
): Following {
  const wake = createWake();
  const partitions = Array.from({ length: topic.partitions }, (_, partition): Wanted => ({
    topicId: topic.id,
    topic: topic.name,
    partition,
    offset: from[partition] ?? 0,
  }));
  const stopListening = watch.listen([topic.id], wake.ring);
  const ending = new AbortController();
  let closing: Promise<void> | undefined;

  async function step(): Promise<void> {
    const behind = partitions.filter(({ partition, offset }) => offset < watch.end(topic.id, partition));
    if (behind.length === 0) return wake.wait(LOOK_AGAIN_MS);
    const batches: Found<Wanted>[] = [];
    await readRecords(database, watch, behind, MAX_BATCH_RECORDS, (found) => batches.push(found));
    for (const { wanted, records, next } of batches) {
      if (ending.signal.aborted) return;
      if (records.length > 0) await handOver(records);
      wanted.offset = next;
    }
  }

  async function handOver(records: Found<Wanted>['records']): Promise<void> {
    try {
      await received(records);
    } catch (error) {
      throw new HandlerFailure(error);
    }
  }

  async function run(): Promise<void> {
    const patience = createPatience();
    while (!ending.signal.aborted) {
      try {
        await step();
        patience.succeeded();
      } catch (error) {
        if (error instanceof HandlerFailure) throw error.reason;
        await delay(patience.failed(error), undefined, { signal: ending.signal });
      }
    }
  }

  const running = run().catch((error: unknown) => {
    stopListening();
    if (ending.signal.aborted) return;
    ending.abort();
    onFailure(error instanceof Error ? error : new Error(String(error)));
  });

  return {
    position: () => partitions.map(({ offset }) => offset),
    close() {
      closing ??= (async () => {
        ending.abort();
        stopListening();
        wake.ring();
        await running;
      })();
      return closing;
    },
  };
}

/** Not a fault of the store: trying again would hand the same records over twice. */
class HandlerFailure extends Error {
  readonly reason: unknown;
  constructor(reason: unknown) {
    super('the handler failed');
    this.reason = reason;
  }
}
