import type { Attempt } from '@hookline/contracts';
import type { Database } from '@hookline/database';
import { useRealParts } from '@hookline/testkit';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { failedWith, newAttempt, newEvent, openOnPglite, openOnPostgres, T, type Stores } from '../testing/scene.ts';
import { createDays } from './days.ts';
import { createWriteRows } from './expect-unseen.ts';
import { attemptEntry, eventEntry, type Entry } from './rows.ts';
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

describe.each([
  { name: 'PostgreSQL', open: async () => openOnPostgres(await parts.createDatabase()) },
  { name: 'PGlite', open: openOnPglite },
])('rows that are expected to be new, on $name', ({ name, open }) => {
  let stores: Stores;
  let transactions: number;
  let nowMs: number;
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
    nowMs = 1_000_000;
  });

  const writer = () => {
    const write = createWriteRows(counted, () => nowMs);
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
    expect(await write(first)).toEqual({ events: 1, deliveries: 1, attempts: 1, dead_letters: 0 });
    const later = entriesOf('wh_1', 2, event).slice(2);
    expect(await write([...entriesOf('wh_1'), ...later])).toEqual({
      events: 1,
      deliveries: 2,
      attempts: 2,
      dead_letters: 0,
    });
    expect(transactions).toBe(2);
    expect(await stored()).toEqual({ events: 2, deliveries: 2, attempts: 3, every_attempt: 4 });
  });

  test('are looked for where one is there, and nothing of the first try stays', async () => {
    const write = writer();
    const known = entriesOf('wh_1');
    await write(known);
    const both = [...entriesOf('wh_1'), ...known];
    expect(await transactionsOf(() => write(both))).toBe(2);
    expect(await stored()).toEqual({ events: 2, deliveries: 2, attempts: 0, every_attempt: 2 });
    // The delivery alone, as where it was deferred before its first attempt.
    expect(await transactionsOf(() => write(known.slice(1)))).toBe(1);
    expect(await stored()).toEqual({ events: 2, deliveries: 2, attempts: 0, every_attempt: 2 });
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
    expect(lookedMs).toBe(600_000);
    // As long without anything that was there: it begins anew.
    nowMs += 2 * lookedMs;
    expect(await tries()).toBe(2);
    nowMs += 10_000;
    expect(await transactionsOf(() => write(entriesOf('wh_1')))).toBe(1);
    expect(await tries()).toBe(2);
  });

  if (name === 'PostgreSQL') {
    test('come from two writers, each of which waits for the other, and each is there once', async () => {
      const events = Array.from({ length: 4 }, () => newEvent());
      // What one writer has as succeeded at once, which it inserts first, the other has as failed before that.
      const halves = [0, 1].map((half) =>
        events.flatMap((event, n) => entriesOf('wh_1', (n + half) % 2, event).slice(1)),
      );
      const meeting = meetingOf(2);
      await Promise.all(
        halves.map((half) => {
          const write = createWriteRows(meetAfterInserting(stores.database, meeting));
          return write(half, byDay(half));
        }),
      );
      // Of each the attempt of one history, and the failed and the later one of the other.
      expect(await stored()).toMatchObject({ deliveries: 4, every_attempt: 12 });
    });
  }
});

/** Resolves for all when so many have come; at once for those who come later. */
function meetingOf(count: number): () => Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  let came = 0;
  return () => {
    if (++came === count) resolve();
    return promise;
  };
}

/** A transaction waits after its first statement. */
function meetAfterInserting(database: Database, meeting: () => Promise<void>): Database {
  return {
    ...database,
    transaction: (work, maxMs) =>
      database.transaction(async (tx) => {
        let isFirst = true;
        return work({
          async query(sql, parameters) {
            const result = await tx.query<never>(sql, parameters);
            if (isFirst) await meeting();
            isFirst = false;
            return result;
          },
        });
      }, maxMs),
  };
}
