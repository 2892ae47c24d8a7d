import {
  decodeEvent,
  decodeRejected,
  encodeDeadLetter,
  encodeHealth,
  TOPIC,
  type HealthReport,
} from '@hookline/contracts';
import { openDatabase, type Database } from '@hookline/database';
import { deliveryId, Unavailable, type Event } from '@hookline/domain';
import type { EventLog, LogRecord } from '@hookline/event-log';
import { createPostgresEventLog } from '@hookline/event-log-postgres';
import { createLog } from '@hookline/service-kit';
import { eventually, useRealParts } from '@hookline/testkit';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { openScene, prepare, recordsOf, settings, TOKEN, type Scene } from '../testing/scene.ts';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

const parts = useRealParts({ postgres: true });
let database: Database;
let eventLog: EventLog;
let scene: Scene;
const published: LogRecord[] = [];

beforeAll(async () => {
  const log = createLog('registry', 'silent');
  database = await openDatabase({ url: await parts.createDatabase() });
  eventLog = await prepare(database, (on) => createPostgresEventLog({ database: on, log }));
  await eventLog.follow({
    topic: TOPIC.events,
    received: async (records) => void published.push(...records),
    onFailure: (error) => {
      throw error;
    },
  });
}, 60_000);

afterAll(async () => {
  await eventLog.close();
  await database.close();
});

beforeEach(async () => {
  scene = await openScene(database, eventLog);
});

afterEach(async () => {
  await scene.stop();
});

const get = (id: string) => scene.call('GetWebhook', { id }, TOKEN.default);

async function create(): Promise<string> {
  const { id } = await scene.call('CreateWebhook', { settings: settings() }, TOKEN.default);
  return id;
}

/** Reports at times from now on. */
async function report(webhookId: string, ...reports: ({ sinceMs: number; atMs: number } | { okMs: number })[]) {
  const nowMs = Date.now() + 1_000;
  await eventLog.append(
    reports.map((each) => {
      const of = { tenant: 'default', webhookId };
      const told: HealthReport =
        'okMs' in each
          ? { ...of, kind: 'succeeded', atMs: nowMs + each.okMs }
          : { ...of, kind: 'failing', sinceMs: nowMs + each.sinceMs, atMs: nowMs + each.atMs };
      return encodeHealth(told);
    }),
  );
  return nowMs;
}

/** Fails all the time from 0 on. */
function failingUntil(untilMs: number): { sinceMs: number; atMs: number }[] {
  const reports = [];
  for (let atMs = 0; atMs <= untilMs; atMs += 12 * HOUR_MS) reports.push({ sinceMs: 0, atMs });
  return reports;
}

/** The platform's own events about a webhook, each id once. */
function eventsOf(webhookId: string): { event: Event; data: Record<string, unknown> }[] {
  const events = new Map<string, Event>();
  for (const record of published) {
    const decoded = decodeEvent(record);
    if (decoded.kind === 'event' && decoded.event.source === 'hookline') events.set(decoded.event.id, decoded.event);
  }
  return [...events.values()]
    .map((event) => ({ event, data: JSON.parse(event.data.toString()) as Record<string, unknown> }))
    .filter(({ data }) => data['webhook_id'] === webhookId);
}

/** A record that comes behind all others has been dealt with. */
async function caughtUp(): Promise<void> {
  const marker = await create();
  await eventLog.append([
    encodeHealth({ tenant: 'default', webhookId: marker, kind: 'disable', atMs: Date.now() + DAY_MS }),
  ]);
  await eventually(async () => expect((await get(marker)).status).toBe('disabled'));
}

describe('a webhook that does nothing but fail', () => {
  test('has its owner warned at 50, 70 and 90 percent of five days, and is disabled', async () => {
    const id = await create();
    const sinceMs = await report(id, ...failingUntil(5 * DAY_MS));
    await eventually(async () => {
      expect(await get(id)).toMatchObject({ status: 'disabled', disabledReason: 'failing' });
      expect(eventsOf(id)).toHaveLength(4);
    });
    const failing_since = new Date(sinceMs).toISOString();
    const disabled_at = new Date(sinceMs + 5 * DAY_MS).toISOString();
    expect(eventsOf(id).map(({ event, data }) => [event.type, event.tenant, data])).toEqual([
      ...[50, 70, 90].map((percent) => [
        'webhook.failing',
        'default',
        { webhook_id: id, uid: null, percent, failing_since, disabled_at },
      ]),
      ['webhook.disabled', 'default', { webhook_id: id, uid: null, reason: 'failing', failing_since }],
    ]);
  });

  test('is warned of once, however often the same is reported', async () => {
    const id = await create();
    await report(id, ...failingUntil(3 * DAY_MS), ...failingUntil(3 * DAY_MS));
    await eventually(() => expect(eventsOf(id)).toHaveLength(1));
    await caughtUp();
    expect(eventsOf(id)).toHaveLength(1);
    expect(await get(id)).toMatchObject({ status: 'enabled' });
  });

  test('and then succeeds, also as another dispatcher sees it, goes on', async () => {
    const id = await create();
    const rest = failingUntil(5 * DAY_MS).slice(-2);
    await report(id, ...failingUntil(4 * DAY_MS), { okMs: 4 * DAY_MS + HOUR_MS }, ...rest);
    await caughtUp();
    expect(await get(id)).toMatchObject({ status: 'enabled' });
    expect(eventsOf(id).map(({ data }) => data['percent'])).toEqual([50, 70]);
  });

  test('of another tenant, or deleted, is left alone', async () => {
    const id = await create();
    const nowMs = Date.now();
    const far = { tenant: 'other', webhookId: id, sinceMs: nowMs, atMs: nowMs + 6 * DAY_MS };
    await eventLog.append([
      encodeHealth({ ...far, kind: 'failing' }),
      encodeHealth({ ...far, kind: 'disable' }),
      encodeHealth({ ...far, tenant: 'default', webhookId: `wh_${'0'.repeat(32)}`, kind: 'failing' }),
    ]);
    await caughtUp();
    expect(await get(id)).toMatchObject({ status: 'enabled' });
  });
});

describe('a receiver that asks to be sent nothing more', () => {
  test('in an answer that is a success, or one that is not, has its webhook disabled and its owner told', async () => {
    const [gladly, crossly, erased] = [await create(), await create(), await create()];
    const atMs = Date.now() + 1_000;
    await eventLog.append([
      encodeHealth({ tenant: 'default', webhookId: gladly, kind: 'disable', atMs }),
      encodeHealth({ tenant: 'default', webhookId: erased, kind: 'disable', reason: 'gone', atMs }),
      encodeDeadLetter({
        deliveryId: deliveryId('default', 'e1', crossly),
        webhookId: crossly,
        event: {
          tenant: 'default',
          id: 'e1',
          type: 'order.created',
          source: 'test',
          time: '2026-01-01T00:00:00Z',
          data: Buffer.from('{}'),
          contentType: 'application/json',
          acceptedAtMs: 1,
        },
        reason: 'disabled_by_receiver',
        attempts: 1,
        firstAttemptAtMs: 1,
        deadAtMs: atMs,
      }),
    ]);
    for (const id of [gladly, crossly, erased]) {
      const reason = id === erased ? 'gone' : 'disabled_by_receiver';
      await eventually(async () => {
        expect(await get(id)).toMatchObject({ status: 'disabled', disabledReason: reason });
        expect(eventsOf(id).map(({ event, data }) => [event.type, data['reason']])).toEqual([
          ['webhook.disabled', reason],
        ]);
      });
    }
  });
});

test('an event that is committed is published in the end, always with the same id', async () => {
  const id = await create();
  await scene.stop();
  let refusals = 0;
  const doubtful: EventLog = {
    ...eventLog,
    async append(records, options) {
      const positions = await eventLog.append(records, options);
      if (records[0]?.topic !== TOPIC.events || ++refusals > 2) return positions;
      throw new Unavailable('it is there, and nobody knows');
    },
  };
  scene = await openScene(database, doubtful);
  const before = published.length;
  await report(id, ...failingUntil(3 * DAY_MS));
  await eventually(() => expect(published.length).toBe(before + 3));
  expect(eventsOf(id)).toHaveLength(1);
});

test('a report that nobody can read goes to webhook.rejected and blocks nothing', async () => {
  const [at] = await eventLog.append([
    { topic: TOPIC.health, key: 'wh_x', value: Buffer.from('?'), headers: { hl_v: '99' } },
  ]);
  await caughtUp();
  const rejected = (await recordsOf(eventLog, TOPIC.rejected)).map(decodeRejected);
  expect(rejected).toContainEqual(
    expect.objectContaining({ consumer: 'registry', offset: at?.offset, kind: 'rejected' }),
  );
});

test('a dead delivery is told to a tenant that has a webhook for it, and the death of such an event to nobody', async () => {
  const subscribed = { ...settings(), eventTypes: ['delivery.dead'] };
  await scene.call('CreateWebhook', { settings: subscribed }, TOKEN.default);
  const webhookId = await create();
  const event: Event = {
    tenant: 'default',
    id: `order-of-${webhookId}`,
    type: 'order.created',
    source: '/shop',
    time: new Date().toISOString(),
    data: Buffer.from('{}'),
    contentType: 'application/json',
    acceptedAtMs: Date.now(),
  };
  const letterOf = (of: Event) =>
    encodeDeadLetter({
      deliveryId: deliveryId(of.tenant, of.id, webhookId),
      webhookId,
      event: of,
      reason: 'attempts_exhausted',
      attempts: 6,
      firstAttemptAtMs: Date.now(),
      deadAtMs: Date.now(),
    });
  await eventLog.append([
    letterOf({ ...event, id: 'one of the platform', source: 'hookline', type: 'delivery.dead' }),
    letterOf(event),
  ]);
  await eventually(() => expect(eventsOf(webhookId)).toHaveLength(1));
  await caughtUp();
  expect(eventsOf(webhookId).map(({ event: { type, tenant }, data }) => [type, tenant, data['event_id']])).toEqual([
    ['delivery.dead', 'default', event.id],
  ]);
});
