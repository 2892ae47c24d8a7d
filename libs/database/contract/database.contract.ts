import { Unavailable } from '@hookline/domain';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { setTimeout as delay } from 'node:timers/promises';
import { isUniqueViolation, type Database } from '../src/index.ts';

export interface DatabaseHarness {
  /** An empty database of its own for this file; the same one each time. */
  open(): Promise<Database>;
}

/** The specification of the database port, run against a server and against PGlite. */
export function describeDatabase(name: string, harness: DatabaseHarness): void {
  describe(`database: ${name}`, () => {
    let database: Database;
    beforeAll(async () => {
      database = await harness.open();
      await database.query('CREATE TABLE items (id int8 PRIMARY KEY, name text, at timestamptz DEFAULT now())');
    }, 60_000);
    afterAll(() => database?.close());

    describe('values', () => {
      test.each<[string, string | number | boolean | Buffer | Date | null]>([
        ['int8', 0],
        ['int8', Number.MAX_SAFE_INTEGER],
        ['int8', Number.MIN_SAFE_INTEGER],
        ['int4', -1],
        ['float8', 0.1],
        ['bool', true],
        ['bool', false],
        ['text', ''],
        ['text', `quotes ' " \\ {,} NULL ä€😀\n`],
        ['bytea', Buffer.alloc(0)],
        ['bytea', Buffer.from([0x00, 0xff, 0x5c, 0x78, 0x00])],
        ['timestamptz', new Date('2026-02-03T04:05:06.789Z')],
        ['timestamptz', new Date('1969-12-31T23:59:59.999Z')],
      ])('a %s comes back as it was given: %p', async (type, value) => {
        const { rows } = await database.query(`SELECT $1::${type} AS value, NULL::${type} AS nothing`, [value]);
        expect(rows).toEqual([{ value, nothing: null }]);
      });

      test.each<[string, (string | number | boolean | Buffer | Date | null)[]]>([
        ['int8', [1, null, Number.MAX_SAFE_INTEGER]],
        ['text', ['', `a"b\\c'{},`, null, 'NULL', 'ä€😀']],
        ['bool', [true, false, null]],
        ['bytea', [Buffer.alloc(0), null, Buffer.from([0x00, 0xff]), Buffer.alloc(100_000, 0x5c)]],
        ['bytea', [null, null]],
        ['bytea', []],
        ['timestamptz', [new Date('2026-02-03T04:05:06.789Z'), null]],
      ])('an array of %s comes back as it was given, and can be unnested', async (type, values) => {
        const whole = await database.query(`SELECT $1::${type}[] AS value`, [values]);
        expect(whole.rows).toEqual([{ value: values }]);
        const single = await database.query<{ value: unknown }>(`SELECT * FROM unnest($1::${type}[]) AS value`, [
          values,
        ]);
        expect(single.rows.map(({ value }) => value)).toEqual(values);
      });

      test('jsonb is passed as text and comes back parsed', async () => {
        const value = { a: [1, null, 'ä"\\'], b: { c: true } };
        const { rows } = await database.query('SELECT $1::jsonb AS value', [JSON.stringify(value)]);
        expect(rows).toEqual([{ value }]);
      });

      test('a number that JavaScript cannot hold is an error, not another number', async () => {
        await expect(database.query(`SELECT '9007199254740993'::int8 AS value`)).rejects.toThrow('9007199254740993');
        expect((await database.query('SELECT 1 AS value')).rows).toEqual([{ value: 1 }]);
      });

      test('rowCount counts the rows changed', async () => {
        const inserted = await database.query('INSERT INTO items (id) SELECT generate_series(1001, 1003)');
        expect(inserted).toEqual({ rows: [], rowCount: 3 });
        expect((await database.query('DELETE FROM items WHERE id > 1001')).rowCount).toBe(2);
      });
    });

    describe('errors', () => {
      test('a duplicate key says so, and the next statement works', async () => {
        await database.query(`INSERT INTO items (id) VALUES (1)`);
        const error: unknown = await database.query(`INSERT INTO items (id) VALUES (1)`).catch((e: unknown) => e);
        expect(isUniqueViolation(error)).toBe(true);
        expect(isUniqueViolation(error, 'items_pkey')).toBe(true);
        expect(isUniqueViolation(error, 'other')).toBe(false);
        await expect(database.query('SELECT nothing FROM nowhere')).rejects.toThrow('nowhere');
        await database.query('SELECT 1');
      });
    });

    describe('transactions', () => {
      test('commit when the work resolves, with its result', async () => {
        const result = await database.transaction(async (tx) => {
          await tx.query('INSERT INTO items (id) VALUES (10)');
          await tx.query('INSERT INTO items (id) VALUES (11)');
          return 'done';
        });
        expect(result).toBe('done');
        expect(await count('id IN (10, 11)')).toBe(2);
      });

      test('roll back when it rejects, with its error', async () => {
        const failure = database.transaction(async (tx) => {
          await tx.query('INSERT INTO items (id) VALUES (20)');
          throw new Error('mine');
        });
        await expect(failure).rejects.toThrow('mine');
        expect(await count('id = 20')).toBe(0);
      });

      test('do not pretend to commit when the work ignored the failure of a statement', async () => {
        const failure = database.transaction(async (tx) => {
          await tx.query('INSERT INTO items (id) VALUES (30)');
          await tx.query('SELECT nothing FROM nowhere').catch(() => {});
        });
        await expect(failure).rejects.toThrow('rolled back');
        expect(await count('id = 30')).toBe(0);
      });

      test('keep others out of what is not committed', async () => {
        await database.transaction(async (tx) => {
          await tx.query('INSERT INTO items (id) VALUES (40)');
          const seen = count('id = 40');
          if (database.kind === 'postgres') expect(await seen).toBe(0);
          else void seen.then((rows) => expect(rows).toBe(1));
        });
        expect(await count('id = 40')).toBe(1);
      });

      test('many at once all get their turn', async () => {
        await database.query('INSERT INTO items (id, name) VALUES (50, 0)');
        const turns = Array.from({ length: 30 }, () =>
          database.transaction(async (tx) => {
            await tx.query('SELECT 1 FROM items WHERE id = 50 FOR UPDATE');
            const { rows } = await tx.query<{ name: string }>('SELECT name FROM items WHERE id = 50');
            await tx.query('UPDATE items SET name = $1 WHERE id = 50', [String(Number(rows[0]?.name) + 1)]);
          }),
        );
        await Promise.all(turns);
        expect((await database.query('SELECT name FROM items WHERE id = 50')).rows).toEqual([{ name: '30' }]);
      });

      test('cannot be used after they have ended', async () => {
        let kept: { query(sql: string): Promise<unknown> } | undefined;
        await database.transaction(async (tx) => {
          kept = tx;
        });
        await expect(kept?.query('SELECT 1')).rejects.toThrow('has ended');
      });
    });

    describe('exclusively', () => {
      test('one at a time, by name; the work may use the database', async () => {
        let [running, most] = [0, 0];
        const work = async () => {
          most = Math.max(most, ++running);
          await database.query('SELECT 1');
          await database.transaction((tx) => tx.query('SELECT 1'));
          await delay(5);
          running--;
        };
        await Promise.all(Array.from({ length: 6 }, () => database.exclusively('one', 10_000, work)));
        expect(most).toBe(1);
        await database.exclusively('outer', 1_000, () => database.exclusively('inner', 1_000, work));
      });

      test('gives up after waiting, and the lock is free again after a failure', async () => {
        const { promise, resolve } = Promise.withResolvers<void>();
        const holder = database.exclusively('two', 1_000, () => promise);
        await expect(database.exclusively('two', 50, async () => {})).rejects.toBeInstanceOf(Unavailable);
        resolve();
        await holder;
        await expect(database.exclusively('two', 1_000, () => Promise.reject(new Error('mine')))).rejects.toThrow(
          'mine',
        );
        expect(await database.exclusively('two', 1_000, async () => 'free')).toBe('free');
      });
    });

    test('ping answers', async () => {
      await database.ping(5_000);
    });

    async function count(where: string): Promise<number> {
      const { rows } = await database.query<{ count: number }>(`SELECT count(*) FROM items WHERE ${where}`);
      return rows[0]?.count ?? 0;
    }
  });
}
