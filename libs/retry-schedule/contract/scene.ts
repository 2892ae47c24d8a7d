import { afterAll, beforeAll, expect } from '@jest/globals';
import type {
  Answer,
  Claimed,
  ClaimRequest,
  Cursor,
  Due,
  EntryRef,
  RetrySchedule,
  ScheduleBounds,
  ScheduleChange,
  ScheduleCounts,
} from '../src/index.ts';

export interface RetryScheduleHarness {
  /** One more client of the store that the suite uses, empty at first, with partitions 0 to PARTITIONS - 1. The suite closes it. */
  open: (bounds: ScheduleBounds) => Promise<RetrySchedule>;
  /** Brings the store above its bound, and resolves with the way back. Absent where a store has no bound. */
  fill?: () => Promise<() => Promise<void>>;
}

export interface Scene {
  /** Two clients of one store. */
  readonly one: RetrySchedule;
  readonly other: RetrySchedule;
  /** One more client of the same store, which keeps other bounds. */
  bounded(bounds: ScheduleBounds): Promise<RetrySchedule>;
  /** A partition that no other test uses, begun at offset 0. */
  begin(): Promise<{ partition: number; at: Cursor }>;
  /** One that was never begun. */
  unused(): number;
  /** A begun partition to which waits were applied. */
  holding(changes: ScheduleChange[]): Promise<{ partition: number; at: Cursor }>;
}

export const NOW = 1_795_350_000_000;
/** More than there are tests: each begins one or two. */
export const PARTITIONS = 128;
const AMPLE: ScheduleBounds = {
  webhook: { deliveries: 1_000_000, bytes: 1_000_000_000 },
  tenant: { deliveries: 1_000_000, bytes: 1_000_000_000 },
};

export function createScene(harness: RetryScheduleHarness): Scene {
  let clients: RetrySchedule[] = [];
  let partitions = 0;
  beforeAll(async () => {
    clients = [await harness.open(AMPLE), await harness.open(AMPLE)];
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
    async bounded(bounds) {
      const client = await harness.open(bounds);
      clients.push(client);
      return client;
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

export const WEBHOOK = 'wh_1';
export const TENANT = 'tenant';

/** A retry of delivery `id`; its entry says which state of it this is. */
export function wait(
  id: string,
  offset: number,
  attempt: number,
  dueAtMs: number,
  sizeBytes = 0,
  owner: { webhookId?: string; tenant?: string } = {},
): ScheduleChange & { kind: 'wait' } {
  const entry = Buffer.from(`${id}@${offset}`.padEnd(sizeBytes, '.'));
  const { webhookId = WEBHOOK, tenant = TENANT } = owner;
  return { kind: 'wait', deliveryId: id, webhookId, tenant, offset, attempt, dueAtMs, entry };
}

export function settled(id: string, offset: number): ScheduleChange {
  return { kind: 'settled', deliveryId: id, offset };
}

export function request(overrides: Partial<ClaimRequest> = {}): ClaimRequest {
  return { nowMs: NOW, limit: 100, perWebhook: 100, maxBytes: 1_000_000, claimMs: 1_000, ...overrides };
}

/** The counts of a partition, where those that are not named are 0. */
export function countsOf(some: Partial<ScheduleCounts>): ScheduleCounts {
  return { waiting: 0, held: 0, excess: 0, claimed: 0, handedOver: 0, oldestDueAtMs: null, ...some };
}

export function valueOf<T>(answer: Answer<T>): T {
  if (answer.kind !== 'ok') throw new Error(`expected an answer, got ${JSON.stringify(answer)}`);
  return answer.value;
}

export function entriesOf(answer: Answer<Due>): Claimed[] {
  return valueOf(answer).entries;
}

export function idsOf(refs: readonly EntryRef[]): string[] {
  return refs.map(({ deliveryId }) => deliveryId);
}

export function refOf({ deliveryId, offset }: Claimed): EntryRef {
  return { deliveryId, offset };
}

/** A whole number below `sides`, the same for the same seed. */
export type Dice = (sides: number) => number;

export function createDice(seed: number): Dice {
  let state = seed;
  return (sides) => {
    // mulberry32
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) % sides;
  };
}
