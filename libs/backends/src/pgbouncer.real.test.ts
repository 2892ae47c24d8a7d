import { migrate, openDatabase, type Database } from '@hookline/database';
import { Unavailable } from '@hookline/domain';
import type { EventLog } from '@hookline/event-log';
import { createPostgresEventLog } from '@hookline/event-log-postgres';
import { createPostgresLimits } from '@hookline/limits-postgres';
import { describeLimits } from '@hookline/limits/contract';
import type { Cursor, RetrySchedule, ScheduleChange } from '@hookline/retry-schedule';
import { createPostgresRetrySchedule } from '@hookline/retry-schedule-postgres';
import {
  eventually,
  findPgBouncer,
  startPgBouncer,
  startPostgres,
  type PgBouncerPart,
  type PostgresPart,
} from '@hookline/testkit';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { join } from 'node:path';

const MIGRATIONS = join(import.meta.dirname, '../../../migrations');
const EMPTY =
  'TRUNCATE deduplication_keys, deduplication_held, rate_windows, rate_takes, drain_slots, breakers, tallies';
const POOL_SIZE = 10;
const AMPLE = { deliveries: 1_000, bytes: 1_000_000 };
const TOPIC = {
  name: 'pooled',
  partitions: 4,
  cleanup: 'delete',
  retentionMs: 86_400_000,
  maxBytes: 1_000_000,
} as const;
const WAIT: ScheduleChange & { kind: 'wait' } = {
  kind: 'wait',
  deliveryId: 'dlv_1',
  webhookId: 'wh_1',
  tenant: 'default',
  offset: 0,
  attempt: 1,
  dueAtMs: 1,
  entry: Buffer.alloc(100),
};

const isThere = await findPgBouncer().then(
  () => true,
  (error: unknown) => {
    console.warn(`skipped: ${String(error)}`);
    return false;
  },
);

(isThere ? describe : describe.skip)('through PgBouncer in transaction mode', () => {
  let server: PostgresPart;
  let pooler: PgBouncerPart;
  /** Two, as two processes have them. */
  const databases: Database[] = [];
  const url = () => server.url.replace(String(server.port), String(pooler.port));

  beforeAll(async () => {
    server = await startPostgres();
    pooler = await startPgBouncer({ postgresPort: server.port, poolSize: POOL_SIZE });
    databases.push(await openDatabase({ url: url() }), await openDatabase({ url: url() }));
    const applied = await Promise.all(databases.map((database) => migrate(database, MIGRATIONS)));
    expect(applied.filter(({ length }) => length > 0)).toHaveLength(1);
  }, 300_000);

  afterAll(async () => {
    await Promise.all(databases.map((database) => database.close()));
    await pooler?.stop();
    await server?.stop();
  }, 60_000);

  test('clients share its connections, and a lock is held by one of them', async () => {
    const many = await Promise.all(
      Array.from({ length: 4 }, () => openDatabase({ url: url(), applicationName: 'many' })),
    );
    try {
      const sleeps = many.flatMap((database) =>
        Array.from({ length: 10 }, () => database.query('SELECT pg_sleep(0.02)')),
      );
      await Promise.all(sleeps);
      const { rows } = await many[0]!.query<{ count: number }>(
        `SELECT count(*) FROM pg_stat_activity WHERE backend_type = 'client backend' AND datname = current_database()`,
      );
      expect(rows[0]!.count).toBeLessThanOrEqual(POOL_SIZE);
      const [one, other] = many as [Database, Database];
      const held = one.exclusively('shared', 5_000, () =>
        expect(other.exclusively('shared', 200, async () => {})).rejects.toBeInstanceOf(Unavailable),
      );
      await held;
      expect(await other.exclusively('shared', 5_000, async () => 'free')).toBe('free');
    } finally {
      await Promise.all(many.map((database) => database.close()));
    }
  });

  test('the server ends a statement of a transaction, and other settings are nobody’s afterwards', async () => {
    const timeout = (database: Database) =>
      database.transaction((tx) => tx.query<{ value: string }>(`SELECT current_setting('statement_timeout') AS value`));
    expect((await timeout(databases[0]!)).rows).toEqual([{ value: '30s' }]);
    const outside = await databases[0]!.query(`SELECT current_setting('statement_timeout') AS value`);
    expect(outside.rows).toEqual([{ value: '0' }]);
  });

  describeLimits('PostgreSQL', {
    begin: async (options) => {
      await databases[0]!.query(EMPTY);
      return [
        createPostgresLimits({ database: databases[0]!, ...options }),
        createPostgresLimits({ database: databases[1]!, ...options }),
      ];
    },
  });

  test('what waits is applied, claimed and handed over', async () => {
    const [one, other] = databases.map((database) =>
      createPostgresRetrySchedule({ database, bounds: { webhook: AMPLE, tenant: AMPLE }, maxBytes: 1_000_000 }),
    ) as [RetrySchedule, RetrySchedule];
    const [start, at] = [0, 1].map((offset) => ({ incarnation: 'a', offset })) as [Cursor, Cursor];
    await one.reset(0, start, 1);
    expect(await one.apply(0, start, [WAIT], at.offset, 2)).toMatchObject({ kind: 'ok' });
    const request = { nowMs: 5, limit: 10, perWebhook: 10, maxBytes: 1_000_000, claimMs: 1_000 };
    const claims = await Promise.all([one.claim(0, at, request), other.claim(0, at, request)]);
    const claimed = claims.flatMap((claim) => (claim.kind === 'ok' ? claim.value.entries : []));
    expect(claimed).toMatchObject([{ deliveryId: WAIT.deliveryId }]);
    const mark = { deliveryId: WAIT.deliveryId, offset: WAIT.offset, handedOverAt: 7 };
    expect(await other.markHandedOver(0, at, [mark])).toEqual({ kind: 'ok', value: 1 });
  });

  test('what is appended is consumed', async () => {
    const [producing, consuming] = databases.map((database) =>
      createPostgresEventLog({ database, log: { warn: () => {} } }),
    ) as [EventLog, EventLog];
    try {
      await producing.createTopics([TOPIC]);
      const values = Array.from({ length: 20 }, (_, index) => `value ${index}`);
      await producing.append(values.map((value) => ({ topic: TOPIC.name, key: value, value: Buffer.from(value) })));
      const read: string[] = [];
      const consumption = await consuming.consume({
        group: 'pooled',
        topics: [TOPIC.name],
        handler: {
          async received(batch) {
            for (const { value } of batch.records) read.push(String(value));
          },
        },
        onFailure: (error) => read.push(String(error)),
      });
      await eventually(() => expect(read.toSorted()).toEqual(values.toSorted()), { timeoutMs: 30_000 });
      await consumption.close();
    } finally {
      await producing.close();
      await consuming.close();
    }
  });
});
