import { afterAll, beforeAll, expect } from '@jest/globals';
import type { Answer, Claimed, ClaimRequest, Cursor, EntryRef, RetrySchedule, ScheduleChange } from '../src/index.ts';

export interface RetryScheduleHarness {
  /** One more client of the store that the suite uses, empty at first. The suite closes it. */
  open: () => Promise<RetrySchedule>;
  /** Brings the store above its bound, and resolves with the way back. Absent where a store has no bound. */
  fill?: () => Promise<() => Promise<void>>;
}

export interface Scene {
  /** Two clients of one store. */
  readonly one: RetrySchedule;
  readonly other: RetrySchedule;
  /** A partition that no other test uses, begun at offset 0. */
  begin(): Promise<{ partition: number; at: Cursor }>;
  /** One that was never begun. */
  unused(): number;
  /** A begun partition to which waits were applied. */
  holding(changes: ScheduleChange[]): Promise<{ partition: number; at: Cursor }>;
}

export const NOW = 1_795_350_000_000;

export function createScene(harness: RetryScheduleHarness): Scene {
  let clients: RetrySchedule[] = [];
  let partitions = 0;
  beforeAll(async () => {
    clients = [await harness.open(), await harness.open()];
  });
  afterAll(async () => {
    for (const client of clients) await client.close();
    // Closing again is allowed.
    for (const client of clients) await client.close();
  });

  const scene: Scene = {
    get one() {
      return clients[0]!;
    },
    get other() {
      return clients[1]!;
    },
    async begin() {
      const partition = partitions++;
      const at = { incarnation: `incarnation-${partition}`, offset: 0 };
      await scene.one.reset(partition, at, NOW);
      return { partition, at };
    },
    unused: () => partitions++,
    async holding(changes) {
      const { partition, at } = await scene.begin();
      const offset = changes.length;
      expect(await scene.one.apply(partition, at, changes, offset, NOW)).toEqual(done);
      return { partition, at: { ...at, offset } };
    },
  };
  return scene;
}

export const done = { kind: 'ok', value: undefined };

/** A retry of delivery `id`; its entry says which state of it this is. */
export function wait(id: string, offset: number, attempt: number, dueAtMs: number, sizeBytes = 0): ScheduleChange {
  const entry = Buffer.from(`${id}@${offset}`.padEnd(sizeBytes, '.'));
  return { kind: 'wait', deliveryId: id, offset, attempt, dueAtMs, entry };
}

export function settled(id: string, offset: number): ScheduleChange {
  return { kind: 'settled', deliveryId: id, offset };
}

export function request(overrides: Partial<ClaimRequest> = {}): ClaimRequest {
  return { nowMs: NOW, limit: 100, maxBytes: 1_000_000, claimMs: 1_000, ...overrides };
}

export function valueOf<T>(answer: Answer<T>): T {
  if (answer.kind !== 'ok') throw new Error(`expected an answer, got ${JSON.stringify(answer)}`);
  return answer.value;
}

export function idsOf(refs: readonly EntryRef[]): string[] {
  return refs.map(({ deliveryId }) => deliveryId);
}

export function refOf({ deliveryId, offset }: Claimed): EntryRef {
  return { deliveryId, offset };
}
