import { encodeAttempt, encodeEvent } from '@hookline/contracts';
import { useRealParts } from '@hookline/testkit';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import {
  closeAfterEach,
  failedWith,
  get,
  newAttempt,
  newEvent,
  openOnPglite,
  openOnPostgres,
  settled,
  startOn,
  type Stores,
} from '../testing/scene.ts';
import { createReader } from './reader.ts';
import { createReadStats } from './stats.ts';

const parts = useRealParts({ postgres: true });
closeAfterEach();
const HOUR_MS = 3_600_000;

describe.each([
  { name: 'PostgreSQL', open: async () => openOnPostgres(await parts.createDatabase()) },
  { name: 'PGlite', open: openOnPglite },
])('stats on $name', ({ open }) => {
  let stores: Stores;
  beforeAll(async () => {
    stores = await open();
  }, 120_000);
  afterAll(() => stores?.close(), 60_000);

  test('count a webhook’s deliveries of the last hour and day by what became of them', async () => {
    const { base } = await startOn(stores);
    const now = Date.now();
    const ago = (hours: number) => newEvent({ acceptedAtMs: now - hours * HOUR_MS });
    const took = (ms: number, hours = 0.5) => {
      const event = ago(hours);
      return newAttempt(event, 'wh_1', 1, { startedAtMs: event.acceptedAtMs, durationMs: ms });
    };
    const failing = ago(0.2);
    const records = [
      took(10),
      took(20),
      took(400),
      took(30, 5),
      newAttempt(ago(0.1), 'wh_1', 3, failedWith(503, now + HOUR_MS)),
      newAttempt(failing, 'wh_1', 2, {
        failure: 'timeout',
        status: null,
        state: 'dead',
        deadReason: 'attempts_exhausted',
      }),
      newAttempt(ago(0.1), 'wh_2', 1),
      { ...newAttempt(ago(0.1), 'wh_1', 1), tenant: 'globex' },
      took(10, 30),
    ];
    await stores.eventLog.append(records.map(encodeAttempt));
    await settled(stores.eventLog);
    const { status, body } = await get(base, '/api/v1/webhooks/wh_1/stats');
    expect([status, body]).toMatchObject([
      200,
      {
        webhook_id: 'wh_1',
        last_hour: {
          deliveries: 5,
          complete: true,
          states: { succeeded: 3, retrying: 1, dead: 1 },
          failures: { server_error: 1, timeout: 1 },
          success_rate: 0.75,
          latency_ms: { p50: 20, p95: 400, p99: 400 },
        },
        last_day: { deliveries: 6, states: { succeeded: 4, retrying: 1, dead: 1 }, success_rate: 0.8 },
      },
    ]);
    const { body: all } = await get(base, '/api/v1/stats');
    expect(all).toMatchObject({
      last_hour: { events: 0, deliveries: 6, states: { succeeded: 4, retrying: 1, dead: 1 } },
      last_day: { deliveries: 7, states: { succeeded: 5, retrying: 1, dead: 1 } },
    });
    await stores.eventLog.append([encodeEvent(ago(0.2)), encodeEvent(ago(5)), encodeEvent(ago(30))]);
    await settled(stores.eventLog);
    expect((await get(base, '/api/v1/stats')).body).toMatchObject({
      last_hour: { events: 1 },
      last_day: { events: 2 },
    });
    expect((await get(base, '/api/v1/stats', 'acme', [])).status).toBe(403);
    const { body: nothing } = await get(base, '/api/v1/webhooks/wh_3/stats');
    const none = { deliveries: 0, complete: true, attempts: 0, states: {}, failures: {} };
    expect(nothing).toMatchObject({ last_hour: { ...none, success_rate: null, latency_ms: null } });
    expect((await get(base, '/api/v1/webhooks/wh_1/stats', 'acme', [])).status).toBe(403);
  });

  test('count the latest five thousand, and say whether there are more', async () => {
    const now = Date.now();
    await stores.database.query(`SELECT observability_make_day((now() AT TIME ZONE 'UTC')::date)`);
    await stores.database.query(
      `INSERT INTO deliveries (id, tenant, webhook_id, accepted_at, event_id, event_type, attempt_count, state, state_rank,
         state_at)
       SELECT 'dlv_' || n, 'acme', CASE WHEN n <= 7000 THEN 'wh_busy' ELSE 'wh_exactly' END, now() - n * interval '1 millisecond', 'e' || n, 'order.created', 1, 'succeeded', 3,
         now() FROM generate_series(1, 12000) AS n`,
    );
    const readStats = createReadStats(createReader(stores.database));
    const stats = await readStats('acme', 'wh_busy', now, 1);
    expect(stats).toMatchObject({ deliveries: 5_000, states: { succeeded: 5_000 }, isComplete: false });
    const exactly = await readStats('acme', 'wh_exactly', now, 1);
    expect(exactly).toMatchObject({ deliveries: 5_000, isComplete: true });
  }, 60_000);
});
