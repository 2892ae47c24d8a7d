import { encodeAttempt, encodeEvent } from '@hookline/contracts';
import { openDatabase } from '@hookline/database';
import { createLog, createMetrics } from '@hookline/service-kit';
import { eventually, useRealParts } from '@hookline/testkit';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { createObservabilityMetrics } from '../metrics.ts';
import {
  closeAfterEach,
  deathOf,
  newAttempt,
  newEvent,
  openOnPglite,
  openOnPostgres,
  settled,
  startOn,
  type Stores,
} from '../testing/scene.ts';
import { dayOf, isoDay, suffixOf } from '../write/place.ts';
import { carryOut } from './carry-out.ts';
import { findDays } from './days.ts';
import { planRetention } from './plan.ts';
import { startRetention } from './retention.ts';

const parts = useRealParts({ postgres: true });
closeAfterEach();

const DAY_MS = 86_400_000;

const NEVER = {
  retentionMs: 400 * DAY_MS,
  tenantsMs: new Map(),
  deadLettersMs: 400 * DAY_MS,
  auditLogMs: 400 * DAY_MS,
};

describe.each([
  { name: 'PostgreSQL', open: async () => openOnPostgres(await parts.createDatabase()) },
  { name: 'PGlite', open: openOnPglite },
])('retention on $name', ({ name, open }) => {
  let stores: Stores;
  beforeAll(async () => {
    stores = await open();
  }, 120_000);
  afterAll(() => stores?.close(), 60_000);

  const today = dayOf(Date.now());
  const daysThere = async () => (await findDays(stores.database)).map(({ day }) => day - today);
  const count = async (table: string, tenant: string) => {
    const where =
      table === 'every_attempt' ? 'delivery_id IN (SELECT id FROM deliveries WHERE tenant = $1)' : 'tenant = $1';
    const { rows } = await stores.database.query<{ count: number }>(`SELECT count(*) FROM ${table} WHERE ${where}`, [
      tenant,
    ]);
    return rows[0]?.count;
  };

  test('days are made ahead, and on demand; one that is too old is dropped with all that belongs to it', async () => {
    const { metrics } = await startOn(stores);
    await eventually(async () => expect(await daysThere()).toEqual([0, 1, 2]));
    const old = newEvent({ tenant: 'old', acceptedAtMs: Date.now() - 10 * DAY_MS, metadata: { a: 'b' } });
    const absurd = newEvent({ tenant: 'old', acceptedAtMs: 5 });
    // Its second attempt was made days later, and is kept with its event all the same.
    const attempts = [newAttempt(old, 'wh_1', 1), newAttempt(old, 'wh_1', 2, { startedAtMs: Date.now() })];
    await stores.eventLog.append([encodeEvent(old), encodeEvent(absurd), ...attempts.map(encodeAttempt)]);
    await settled(stores.eventLog);
    expect(await daysThere()).toEqual([-today, -10, 0, 1, 2]);
    expect([
      await count('every_attempt', 'old'),
      await count('deliveries', 'old'),
      await count('events', 'old'),
    ]).toEqual([2, 1, 2]);
    // Whoever starts with a shorter retention applies it.
    await startOn(stores, { OBSERVABILITY_RETENTION: '9d' });
    await eventually(async () => expect(await daysThere()).toEqual([0, 1, 2]));
    expect([await count('events', 'old'), await count('event_metadata', 'old')]).toEqual([0, 0]);
    expect(await metrics.getSingleMetricAsString('webhook_log_days_dropped_total')).toMatch(/\} \d/);
    // The writer that knew the day finds it gone, and makes it again.
    await stores.eventLog.append([encodeEvent(newEvent({ tenant: 'old', acceptedAtMs: Date.now() - 10 * DAY_MS }))]);
    await settled(stores.eventLog);
    expect(await count('events', 'old')).toBe(1);
  });

  test('a tenant that keeps less is thinned out in steps, the others are left alone; a dry run changes nothing', async () => {
    const nowMs = Date.now();
    const events = ['brief', 'brief', 'lasting'].map((tenant, n) =>
      newEvent({ tenant, acceptedAtMs: nowMs - 5 * DAY_MS + n, metadata: { n: String(n) } }),
    );
    const { service } = await startOn(stores);
    await stores.eventLog.append(events.flatMap((event) => [encodeEvent(event), ...deathOf(event, 'wh_1').records]));
    await settled(stores.eventLog);
    await service.close(nowMs + 10_000);
    const settings = {
      retentionMs: 30 * DAY_MS,
      tenantsMs: new Map([['brief', 3 * DAY_MS]]),
      deadLettersMs: 90 * DAY_MS,
      auditLogMs: 400 * DAY_MS,
    };
    const plan = planRetention(await findDays(stores.database), settings, nowMs);
    expect(plan.thin).toEqual([{ tenant: 'brief', days: expect.arrayContaining([today - 5]) }]);
    const tables = ['every_attempt', 'deliveries', 'event_metadata', 'events', 'dead_letters'];
    for (const table of tables) expect([table, await count(table, 'brief')]).toEqual([table, 2]);
    const removed = await carryOut(stores.database, plan, nowMs, new AbortController().signal);
    expect(removed).toEqual({ days: [], events: 2, deadLetters: 2, auditEntries: 0, failures: [] });
    for (const table of tables) {
      expect([table, await count(table, 'brief'), await count(table, 'lasting')]).toEqual([table, 0, 1]);
    }
    const again = planRetention(await findDays(stores.database), { ...settings, deadLettersMs: DAY_MS }, nowMs);
    expect(await carryOut(stores.database, again, nowMs, new AbortController().signal)).toMatchObject({
      deadLetters: 1,
    });
  });

  if (name === 'PostgreSQL') {
    test('a day that somebody is reading is dropped as soon as they have done, and writers are not held up for long', async () => {
      await stores.database.query('SELECT observability_make_day($1::date)', [isoDay(today - 50)]);
      const begun = Promise.withResolvers<void>();
      const reading = stores.database.transaction(async (tx) => {
        await tx.query('SELECT count(*) FROM events');
        begun.resolve();
        await tx.query('SELECT pg_sleep(1.2)');
      });
      const plan = {
        ...planRetention([], { ...NEVER, retentionMs: 0 }, Date.now()),
      };
      await begun.promise;
      const startedAt = performance.now();
      const drop = [{ day: today - 50, events: 0, bytes: 0 }];
      await carryOut(stores.database, { ...plan, make: [], drop }, Date.now(), new AbortController().signal);
      expect(performance.now() - startedAt).toBeGreaterThan(500);
      await reading;
      expect(await daysThere()).not.toContain(-50);
    });

    test('a day that stays locked holds up nothing else, is told, and is dropped by the next round', async () => {
      const { database } = stores;
      for (const ago of [60, 59])
        await database.query('SELECT observability_make_day($1::date)', [isoDay(today - ago)]);
      await database.query(
        `INSERT INTO audit_log (id, tenant, at, actor, via, action, target_type, target_id)
         VALUES ('aud_1', 'acme', '2020-01-01', 'usr_1', 'login', 'webhook.create', 'webhook', 'wh_1')`,
      );
      const entries = async () => (await database.query("SELECT 1 FROM audit_log WHERE id = 'aud_1'")).rowCount;
      const lines: Record<string, unknown>[] = [];
      const write = (line: string) => void lines.push(JSON.parse(line) as Record<string, unknown>);
      const log = createLog('observability', 'info', { write });
      const failed = () => lines.filter(({ event }) => event === 'retention.failed');
      const settings = { ...NEVER, retentionMs: 55 * DAY_MS };
      let nowMs = Date.now();
      const metrics = createObservabilityMetrics(createMetrics('observability'));
      const trimmedAtMs = async () => ((await metrics.trimmedAt.get()).values[0]?.value ?? 0) * 1_000;
      const start = () => startRetention({ database, settings, log, metrics, now: () => nowMs });

      const begun = Promise.withResolvers<void>();
      const released = Promise.withResolvers<void>();
      const holding = database.transaction(async (tx) => {
        await tx.query(`SELECT count(*) FROM events_${suffixOf(today - 60)}`);
        begun.resolve();
        await released.promise;
      });
      await begun.promise;
      const startedAtMs = nowMs;
      const first = start();
      try {
        nowMs += 1_000;
        await eventually(() => expect(failed()).toHaveLength(1), { timeoutMs: 25_000 });
      } finally {
        released.resolve();
        await Promise.all([holding, first.close()]);
      }
      expect(failed()).toEqual([
        expect.objectContaining({
          level: 'warn',
          step: 'drop',
          day: isoDay(today - 60),
          error: expect.stringContaining('lock timeout'),
        }),
      ]);
      expect(await daysThere()).toContain(-60);
      expect(await daysThere()).not.toContain(-59);
      expect(await entries()).toBe(0);
      expect(await trimmedAtMs()).toBeCloseTo(startedAtMs, 0);

      const next = start();
      nowMs += 1_000;
      await eventually(async () => expect(await trimmedAtMs()).toBeCloseTo(nowMs, 0), { timeoutMs: 25_000 });
      await next.close();
      expect(await daysThere()).not.toContain(-60);
      expect(failed()).toHaveLength(1);
    }, 60_000);

    test('a round that another copy is at is left to it, without a word', async () => {
      const lines: string[] = [];
      const log = createLog('observability', 'info', { write: (line) => void lines.push(line) });
      const metrics = createObservabilityMetrics(createMetrics('observability'));
      const url = await parts.createDatabase();
      const [one, other] = [await openDatabase({ url }), await openDatabase({ url })];
      const asked = Promise.withResolvers<void>();
      // So as to see that the lock was asked for.
      const watched = {
        ...other,
        exclusively: <T>(name: string, waitMs: number, work: () => Promise<T>) =>
          other.exclusively(name, waitMs, work).finally(() => asked.resolve()),
      };
      await one.exclusively('observability.retention', 5_000, async () => {
        const retention = startRetention({ database: watched, settings: NEVER, log, metrics, now: Date.now });
        await asked.promise;
        await retention.close();
      });
      await Promise.all([one.close(), other.close()]);
      expect(lines).toEqual([]);
    });
  }
});
