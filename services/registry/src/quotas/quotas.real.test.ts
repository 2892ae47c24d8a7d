import { TOPIC, decodeEvent } from '@hookline/contracts';
import { openDatabase, type Database } from '@hookline/database';
import { InvalidInput, NotFound, systemClock, type Event, type QuotaOverrides } from '@hookline/domain';
import type { EventLog } from '@hookline/event-log';
import { createPostgresEventLog } from '@hookline/event-log-postgres';
import { createLog } from '@hookline/service-kit';
import { eventually, useRealParts } from '@hookline/testkit';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { runAs } from '../audit/caller.ts';
import { openScene, prepare, settings, TOKEN, type Scene } from '../testing/scene.ts';
import { createTenantQuotas, type TenantQuotas } from './quotas.ts';

const DEFAULTS = { webhooks: 5, events_per_day: 1_000, payload_bytes: 0, warn_percent: 80 };
const parts = useRealParts({ postgres: true });
let database: Database;
let eventLog: EventLog;
let scene: Scene;
let quotas: TenantQuotas;
const published: Event[] = [];

beforeAll(async () => {
  const log = createLog('registry', 'silent');
  database = await openDatabase({ url: await parts.createDatabase() });
  eventLog = await prepare(database, (on) => createPostgresEventLog({ database: on, log }));
  await eventLog.follow({
    topic: TOPIC.events,
    async received(records) {
      for (const record of records) {
        const decoded = decodeEvent(record);
        if (decoded.kind === 'event') published.push(decoded.event);
      }
    },
    onFailure: (error) => {
      throw error;
    },
  });
  scene = await openScene(database, eventLog, { QUOTAS_WEBHOOKS: '5' });
}, 60_000);
afterAll(async () => {
  await scene?.stop();
  await eventLog?.close();
  await database?.close();
});
beforeEach(async () => {
  await database.query('TRUNCATE tenant_quotas, quota_warnings, webhooks CASCADE');
  await database.query('UPDATE quotas_revision SET revision = 0');
  quotas = createTenantQuotas({ database, clock: systemClock, defaults: DEFAULTS });
  published.length = 0;
});

describe('quotas of a tenant', () => {
  test('are the configuration’s where nothing was set, and what was set is replaced as a whole', async () => {
    const { warn_percent: _percent, ...byDefault } = DEFAULTS;
    expect(await quotas.get('other')).toEqual({ tenant: 'other', overrides: {}, inForce: byDefault, webhooks: 0 });
    const set = await quotas.set('other', { webhooks: 7, payload_bytes: 64 });
    expect(set).toEqual({
      tenant: 'other',
      overrides: { webhooks: 7, payload_bytes: 64 },
      inForce: { webhooks: 7, events_per_day: 1_000, payload_bytes: 64 },
      webhooks: 0,
    });
    expect(await quotas.get('other')).toEqual(set);
    expect((await quotas.set('other', { events_per_day: 0 })).overrides).toEqual({ events_per_day: 0 });
    expect((await quotas.get('default')).overrides).toEqual({});
  });

  test('are noted in its audit log, where they are changed', async () => {
    const actor = { subject: 'usr_1', via: 'login', credential: null, address: null, requestId: null, traceId: null };
    await runAs(actor, async () => {
      await quotas.set('other', { webhooks: 7 });
      await quotas.set('other', { webhooks: 7 });
      await quotas.set('other', { events_per_day: 9 });
    });
    const { rows } = await database.query(
      `SELECT tenant, actor, target_id, before, after FROM audit_log WHERE action = 'tenant.set_quotas' AND actor = 'usr_1' ORDER BY at, id`,
    );
    const noted = { tenant: 'other', actor: 'usr_1', target_id: 'other' };
    expect(rows).toEqual([
      { ...noted, before: { webhooks: null }, after: { webhooks: 7 } },
      {
        ...noted,
        before: { webhooks: 7, events_per_day: null },
        after: { webhooks: null, events_per_day: 9 },
      },
    ]);
  });

  test.each<[string, QuotaOverrides, string[]]>([
    ['negative', { webhooks: -1 }, ['/webhooks']],
    ['broken', { events_per_day: 1.5 }, ['/events_per_day']],
    ['no number', { events_per_day: NaN }, ['/events_per_day']],
    ['more webhooks than anybody may have', { webhooks: 10_001 }, ['/webhooks']],
    ['more than can be counted', { events_per_day: 1e12 + 1 }, ['/events_per_day']],
    ['larger than any event may be', { payload_bytes: 1_048_577, webhooks: -1 }, ['/webhooks', '/payload_bytes']],
  ])('are refused: %s', async (_what, overrides, pointers) => {
    const refused = await quotas.set('other', overrides).catch((error: unknown) => error);
    expect(refused).toBeInstanceOf(InvalidInput);
    expect((refused as InvalidInput).problems.map(({ pointer }) => pointer)).toEqual(pointers);
    expect((await quotas.get('other')).overrides).toEqual({});
  });

  test.each(['nobody', '', 'no tenant’s name', 'x'.repeat(100)])('of "%s" there are none', async (tenant) => {
    await expect(quotas.get(tenant)).rejects.toThrow(NotFound);
    await expect(quotas.set(tenant, { webhooks: 1 })).rejects.toThrow(NotFound);
  });
});

describe('whoever follows the quotas', () => {
  test('is told what has changed since', async () => {
    expect(await quotas.quotaChanges('')).toEqual({ changes: [], cursor: '0', more: false, fromStart: true });
    await quotas.set('other', { webhooks: 7 });
    const first = await quotas.quotaChanges('0');
    expect(first).toMatchObject({ changes: [{ tenant: 'other', overrides: { webhooks: 7 } }], more: false });
    expect(await quotas.quotaChanges(first.cursor)).toEqual({ ...first, changes: [], fromStart: false });
    await quotas.set('default', { payload_bytes: 9 });
    await quotas.set('other', {});
    expect(await quotas.quotaChanges(first.cursor)).toMatchObject({
      changes: [
        { tenant: 'default', overrides: { payload_bytes: 9 } },
        { tenant: 'other', overrides: {} },
      ],
      fromStart: false,
    });
  });

  test('is told by pages where much was set, and all anew where the database is of an earlier time', async () => {
    await database.query(`INSERT INTO tenants (id) SELECT 'many-' || n FROM generate_series(1, 1500) AS n`);
    await database.query(
      `INSERT INTO tenant_quotas (tenant, webhooks, revision) SELECT 'many-' || n, n, n FROM generate_series(1, 1500) AS n`,
    );
    await database.query('UPDATE quotas_revision SET revision = 1500');
    const first = await quotas.quotaChanges('');
    const second = await quotas.quotaChanges(first.cursor);
    expect([first.more, second.more, first.fromStart, second.fromStart]).toEqual([true, false, true, false]);
    const told = [...first.changes, ...second.changes].map(({ overrides }) => overrides.webhooks);
    expect(told).toEqual(Array.from({ length: 1_500 }, (_, n) => n + 1));
    expect(await quotas.quotaChanges('9999')).toMatchObject({ fromStart: true, more: true });
    expect((await quotas.quotaChanges('no cursor')).fromStart).toBe(true);
  });
});

describe('webhooks', () => {
  const create = () => scene.call('CreateWebhook', { settings: settings() }, TOKEN.other);

  test('are as many as the tenant may have; it is told before, and when that is reached, once a day', async () => {
    for (let n = 0; n < 3; n++) await create();
    expect(published).toEqual([]);
    const { id } = await create();
    await eventually(() => expect(published).toHaveLength(1));
    await scene.call('DeleteWebhook', { id }, TOKEN.other);
    for (let n = 0; n < 2; n++) await create();
    await eventually(() => expect(published).toHaveLength(2));
    await expect(create()).rejects.toMatchObject({ intent: 'forbidden', code: 'webhook_quota_exceeded' });
    expect(published).toMatchObject([{ tenant: 'other', type: 'quota.warning', source: 'hookline' }, {}]);
    const told = published.map(({ data }) => JSON.parse(data.toString()) as object);
    expect(told).toMatchObject([
      { quota: 'webhooks', percent: 80, used: 4, limit: 5 },
      { quota: 'webhooks', percent: 100, used: 5, limit: 5 },
    ]);
    await quotas.set('other', { webhooks: 6 });
    await create();
    await expect(create()).rejects.toMatchObject({ code: 'webhook_quota_exceeded' });
    await quotas.set('other', { webhooks: 0 });
    for (let n = 0; n < 3; n++) await create();
    // The other tenant's are its own.
    await scene.call('CreateWebhook', { settings: settings() }, TOKEN.default);
  });
});
