import { encodeAttempt, encodeEvent } from '@hookline/contracts';
import { eventually, useRealParts } from '@hookline/testkit';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
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
import { dayOf, isoDay } from '../write/place.ts';
import { carryOut } from './carry-out.ts';
import { findDays } from './days.ts';
import { planRetention } from './plan.ts';

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
    expect(removed).toEqual({ days: [], events: 2, deadLetters: 2, auditEntries: 0 });
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
  }
});
