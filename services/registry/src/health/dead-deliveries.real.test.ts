import type { DeadLetter } from '@hookline/contracts';
import { migrate, openDatabase, type Database } from '@hookline/database';
import { createTempDir, type TempDir } from '@hookline/testkit';
import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { join } from 'node:path';
import { createTellOfDead, type TellOfDead } from './dead-deliveries.ts';

const MINUTE_MS = 60_000;
let folder: TempDir;
let database: Database;
let nowMs: number;
let tell: TellOfDead;

beforeAll(async () => {
  folder = await createTempDir('dead-deliveries');
  database = await openDatabase({ dataDir: folder.path });
  await migrate(database, join(import.meta.dirname, '../../../../migrations'));
  await database.query(`INSERT INTO tenants (id) VALUES ('acme'), ('globex')`);
}, 60_000);

afterAll(async () => {
  await database.close();
  await folder.remove();
});

beforeEach(async () => {
  nowMs = Date.UTC(2026, 10, 27);
  tell = createTellOfDead(database, { now: () => nowMs });
  await database.query('DELETE FROM platform_events');
  await database.query('DELETE FROM webhooks');
});

let webhooks = 0;
async function subscribe(tenant: string, eventTypes: string[], status = 'enabled'): Promise<void> {
  await database.query(
    `INSERT INTO webhooks (tenant, id, url, event_types, sealed_headers, sealed_secrets, policy, status, revision, created_at, updated_at)
     VALUES ($1, $2, 'https://example.com', $3, '', '', 'quick', $4, $5, now(), now())`,
    [tenant, `wh_${++webhooks}`, eventTypes, status, webhooks],
  );
}

function letter(deliveryId: string, { source = '/shop', tenant = 'acme' } = {}): DeadLetter {
  const event = {
    tenant,
    id: 'order-17',
    type: 'order.created',
    source,
    time: '2026-11-27T00:00:00Z',
    data: Buffer.from('{}'),
    contentType: 'application/json',
    acceptedAtMs: nowMs,
  };
  const times = { firstAttemptAtMs: nowMs - 1_000, deadAtMs: nowMs };
  return { deliveryId, webhookId: 'wh_of_it', event, reason: 'attempts_exhausted', attempts: 6, ...times };
}

async function told(): Promise<{ tenant: string; type: string; data: Record<string, unknown> }[]> {
  const { rows } = await database.query<{ tenant: string; type: string; data: string }>(
    'SELECT tenant, type, data FROM platform_events ORDER BY at, id',
  );
  return rows.map((row) => ({ ...row, data: JSON.parse(row.data) as Record<string, unknown> }));
}

test('a tenant with a webhook for it is told once of a dead delivery, however often that is read', async () => {
  await subscribe('acme', ['delivery.*']);
  for (let read = 0; read < 3; read++) await tell(letter('dlv_1'));
  await createTellOfDead(database, { now: () => nowMs })(letter('dlv_1'));
  await tell(letter('dlv_2', { tenant: 'globex' }));
  expect(await told()).toEqual([
    {
      tenant: 'acme',
      type: 'delivery.dead',
      data: {
        webhook_id: 'wh_of_it',
        delivery_id: 'dlv_1',
        event_id: 'order-17',
        event_type: 'order.created',
        reason: 'attempts_exhausted',
        attempts: 6,
        dead_at: '2026-11-27T00:00:00.000Z',
        untold: 0,
      },
    },
  ]);
});

test.each([
  ['nobody subscribes', ['order.created'], 'enabled'],
  ['whoever does is disabled', ['delivery.dead'], 'disabled'],
])('nothing is said where %s', async (_, eventTypes, status) => {
  await subscribe('acme', eventTypes, status);
  await tell(letter('dlv_1'));
  expect(await told()).toEqual([]);
});

test('the death of an event of the platform itself makes no other', async () => {
  await subscribe('acme', ['*']);
  await tell(letter('dlv_1', { source: 'hookline' }));
  expect(await told()).toEqual([]);
});

test('beyond 60 a minute they are counted, and the next one tells how many', async () => {
  await subscribe('acme', ['delivery.dead']);
  for (let death = 0; death < 100; death++) await tell(letter(`dlv_${death}`));
  expect(await told()).toHaveLength(60);
  nowMs += MINUTE_MS;
  await tell(letter('dlv_next'));
  const last = (await told()).at(-1);
  expect(last?.data).toMatchObject({ delivery_id: 'dlv_next', untold: 40 });
});
