import { setTimeout as sleep } from 'node:timers/promises';
import type { Attempt } from '@hookline/contracts';
import type { Database } from '@hookline/database';
import { deliveryId, type Event } from '@hookline/domain';
import { useRealParts } from '@hookline/testkit';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import {
  failedWith,
  newAttempt,
  newEvent,
  newState,
  openOnPglite,
  openOnPostgres,
  T,
  type Stores,
} from '../testing/scene.ts';
import { createDays } from './days.ts';
import { createWriteRows } from './expect-unseen.ts';
import { attemptEntry, eventEntry, stateEntry, type Entry } from './rows.ts';
import { byDay } from './write-entries.ts';

const parts = useRealParts({ postgres: true });
const KEEPING = { payloads: 'all', nowMs: T + 3_600_000 } as const;

/** An event that was delivered at once, after as many failures as are wanted. */
function entriesOf(webhookId: string, failed = 0, event = newEvent()): Entry[] {
  const attempts: Attempt[] = [];
  for (let number = 1; number <= failed; number++)
    attempts.push(newAttempt(event, webhookId, number, failedWith(500, T)));
  attempts.push(newAttempt(event, webhookId, failed + 1));
  return [eventEntry(event, KEEPING), ...attempts.map((attempt) => attemptEntry(attempt, KEEPING) as Entry)];
}

const NOTHING = { events: 0, attempts: 0, deliveries: 0, dead_letters: 0 };

describe.each([
  { name: 'PostgreSQL', open: async () => openOnPostgres(await parts.createDatabase()) },
  { name: 'PGlite', open: openOnPglite },
])('rows that are expected to be new, on $name', ({ name, open }) => {
  let stores: Stores;
  let transactions: number;
  let nowMs: number;
  let met: number;
  let counted: Database;
  beforeAll(async () => {
    stores = await open();
    const { database } = stores;
    await createDays(database).ensure(byDay(entriesOf('wh_1')).keys());
    counted = {
      ...database,
      transaction(work, maxMs) {
        transactions++;
        return database.transaction(work, maxMs);
      },
    };
  }, 120_000);
  afterAll(() => stores?.close(), 60_000);
  beforeEach(async () => {
    await stores.database.query('TRUNCATE events, attempts, deliveries, dead_letters');
    transactions = 0;
    met = 0;
    nowMs = 1_000_000;
  });

  const writer = () => {
    const write = createWriteRows(
      counted,
      () => met++,
      () => nowMs,
    );
    return (entries: readonly Entry[]) => write(entries, byDay(entries));
  };
  async function transactionsOf(work: () => Promise<unknown>): Promise<number> {
    const before = transactions;
    await work();
    return transactions - before;
  }
  async function stored(): Promise<Record<string, number>> {
    const counts = await Promise.all(
      ['events', 'deliveries', 'attempts', 'every_attempt'].map(async (table) => {
        const { rows } = await stores.database.query<{ n: number }>(`SELECT count(*)::integer AS n FROM ${table}`);
        return [table, rows[0]!.n];
      }),
    );
    return Object.fromEntries(counts);
  }

  test('are written by one transaction, also beside deliveries that had failed before', async () => {
    const write = writer();
    const event = newEvent();
    const first = entriesOf('wh_1', 2, event).slice(0, 2);
    expect(await write(first)).toEqual({ ...NOTHING, events: 1, deliveries: 1, attempts: 1 });
    const later = entriesOf('wh_1', 2, event).slice(2);
    expect(await write([...entriesOf('wh_1'), ...later])).toEqual({
      ...NOTHING,
      events: 1,
      deliveries: 2,
      attempts: 2,
    });
    expect(transactions).toBe(2);
    expect(await stored()).toEqual({ events: 2, deliveries: 2, attempts: 3, every_attempt: 4 });
  });

  test('are looked for where one is there, and nothing of the first try stays', async () => {
    const write = writer();
    const known = entriesOf('wh_1');
    await write(known);
    expect(await write([...entriesOf('wh_1'), ...known])).toEqual({ ...NOTHING, events: 1, deliveries: 1 });
    expect({ transactions, met }).toEqual({ transactions: 3, met: 1 });
    expect(await stored()).toEqual({ events: 2, deliveries: 2, attempts: 0, every_attempt: 2 });
  });

  test.each([
    { when: 'at once', laterMs: 0, again: 1 },
    { when: 'later', laterMs: 1_001, again: 0 },
  ])('are looked for where a delivery was deferred and succeeds $when', async ({ laterMs, again }) => {
    const write = writer();
    const event = newEvent();
    await write([stateEntry(newState(event, 'wh_1'), KEEPING) as Entry]);
    const attempt = newAttempt(event, 'wh_1', 1, { startedAtMs: event.acceptedAtMs + laterMs });
    expect(await write([attemptEntry(attempt, KEEPING) as Entry])).toEqual({ ...NOTHING, deliveries: 1, attempts: 1 });
    expect({ transactions, met }).toEqual({ transactions: 2 + again, met: again });
    expect(await stored()).toEqual({ events: 0, deliveries: 1, attempts: 1, every_attempt: 1 });
  });

  test('are looked for during ten seconds more, and for twice as long each time that one is there soon again', async () => {
    const write = writer();
    const known = entriesOf('wh_1');
    const tries = () => transactionsOf(() => write(known));
    await write(known);
    expect(await tries()).toBe(2);
    let lookedMs = 10_000;
    for (let time = 0; time < 10; time++) {
      nowMs += lookedMs - 1;
      expect(await tries()).toBe(1);
      nowMs += 1;
      expect(await tries()).toBe(2);
      lookedMs = Math.min(2 * lookedMs, 600_000);
    }
    // As long without anything that was there: it begins anew.
    nowMs += 2 * lookedMs;
    expect(await tries()).toBe(2);
    nowMs += 10_000;
    expect(await transactionsOf(() => write(entriesOf('wh_1')))).toBe(1);
    expect(await tries()).toBe(2);
  });

  if (name === 'PostgreSQL') {
    /** What either writer has as succeeded at once, which it then inserts at first, the other has as failed before that. */
    function crossing(): [Entry[], Entry[]] {
      const idOf = (event: Event) => deliveryId(event.tenant, event.id, 'wh_1');
      const events = [newEvent(), newEvent()].sort((one, other) => (idOf(one) < idOf(other) ? -1 : 1));
      const [one, other] = [0, 1].map((half) =>
        events.flatMap((event, n) => entriesOf('wh_1', (n + half + 1) % 2, event).slice(1)),
      );
      return [one!, other!];
    }
    /** Of each delivery the attempt of one history, and the failed and the later one of the other. */
    const BOTH = { deliveries: 2, every_attempt: 6 };

    test('come from two writers, each of which waits for the other', async () => {
      const { promise: bothInserted, resolve } = Promise.withResolvers<void>();
      let inserted = 0;
      const meet = () => {
        if (++inserted === 2) resolve();
        return bothInserted;
      };
      const write = () => createWriteRows(pausing(stores.database, meet), () => met++);
      await Promise.all(crossing().map((half) => write()(half, byDay(half))));
      expect(met).toBe(1);
      expect(await stored()).toMatchObject(BOTH);
    });

    test('come while another writer looks, which waits for longer and is refused', async () => {
      const known = entriesOf('wh_2').slice(1);
      const looks = writer();
      await looks(known);
      await looks(known);
      const [one, other] = crossing();
      let looking: Promise<unknown> | undefined;
      const write = createWriteRows(
        pausing(stores.database, async () => {
          looking ??= transactionsOf(() => looks(other));
          await sleep(300);
        }),
        () => {},
      );
      await write(one, byDay(one));
      expect(await looking).toBe(2);
      expect(await stored()).toMatchObject({ deliveries: BOTH.deliveries + 1, every_attempt: BOTH.every_attempt + 1 });
    });
  }
});

/** Pauses each transaction after its first statement. */
function pausing(database: Database, pause: () => Promise<void>): Database {
  return {
    ...database,
    transaction: (work, maxMs) =>
      database.transaction(async (tx) => {
        let isFirst = true;
        return work({
          async query(sql, parameters) {
            const result = await tx.query<never>(sql, parameters);
            if (isFirst) await pause();
            isFirst = false;
            return result;
          },
        });
      }, maxMs),
  };
}
