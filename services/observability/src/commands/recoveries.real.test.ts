import { decodeDelivery, encodeAttempt, TOPIC } from '@hookline/contracts';
import type { Database } from '@hookline/database';
import { Unavailable } from '@hookline/domain';
import { eventually, useRealParts } from '@hookline/testkit';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import {
  ask,
  closeAfterEach,
  deathOf,
  failedWith,
  failures,
  get,
  newAttempt,
  newEvent,
  openOnPglite,
  openOnPostgres,
  settled,
  startOn,
  T,
  type Stores,
} from '../testing/scene.ts';

const parts = useRealParts({ postgres: true });
closeAfterEach();

describe.each([
  { name: 'PostgreSQL', open: async () => openOnPostgres(await parts.createDatabase()) },
  { name: 'PGlite', open: openOnPglite },
])('recoveries on $name', ({ name, open }) => {
  let stores: Stores;
  /** Deliveries for which commands came, in the order of their coming. */
  const sent: string[] = [];
  /** Of those that a test asks about. */
  const numbers = new Map<string, number[]>();
  let stopFollowing: () => Promise<void>;

  beforeAll(async () => {
    stores = await open();
    const following = await stores.eventLog.follow({
      topic: TOPIC.deliveries,
      async received(records) {
        for (const record of records) {
          const decoded = decodeDelivery(record);
          if (decoded.kind !== 'command' || decoded.command.kind !== 'attempt') throw new Error('no attempt');
          numbers.get(decoded.command.deliveryId)?.push(decoded.command.attempt);
          sent.push(`${decoded.command.trigger} ${decoded.command.deliveryId}`);
        }
      },
      onFailure: (error) => failures.push(error),
    });
    stopFollowing = () => following.close();
  }, 120_000);
  afterAll(async () => {
    await stopFollowing?.();
    await stores?.close();
  }, 60_000);

  async function bury(tenant: string, count: number, webhookId = 'wh_1'): Promise<string[]> {
    const deaths = Array.from({ length: count }, (_, n) =>
      deathOf(newEvent({ tenant }), webhookId, { deadAtMs: T + n, reason: n % 2 === 0 ? 'gone' : 'max_age' }),
    );
    await stores.eventLog.append(deaths.flatMap(({ records }) => records));
    await settled(stores.eventLog);
    return deaths.map(({ id }) => id);
  }

  const since = new Date(T).toISOString();
  const hold = (base: string, tenant: string) => (method: string, path: string, body?: object) =>
    ask(base, method, path, { tenant, ...(body === undefined ? {} : { body }) });

  test('an estimate changes nothing; then every dead letter since is sent again once, and resolved', async () => {
    const { base } = await startOn(stores);
    const call = hold(base, 'rec-one');
    const ids = await bury('rec-one', 25);
    const others = await bury('rec-one', 3, 'wh_other');
    const asked = { since, webhook_id: 'wh_1', rate: 500 };
    const estimate = await call('POST', '/api/v1/recoveries', { ...asked, dry_run: true });
    expect(estimate.body).toMatchObject({ dry_run: true, total: 25, seconds: 1 });
    expect((await call('GET', '/api/v1/recoveries')).body.data).toEqual([]);
    const created = await call('POST', '/api/v1/recoveries', asked);
    expect([created.status, created.body]).toMatchObject([202, { state: 'running', total: 25, created_by: 'usr_1' }]);
    const path = `/api/v1/recoveries/${String(created.body['id'])}`;
    await eventually(async () => {
      expect((await call('GET', path)).body).toMatchObject({ state: 'completed', done: 25, skipped: 0 });
    });
    await eventually(() => expect(sent.filter((entry) => ids.includes(entry.split(' ')[1]!)).length).toBe(25));
    expect(sent.filter((entry) => ids.includes(entry.split(' ')[1]!)).sort()).toEqual(
      ids.map((id) => `recovery ${id}`).sort(),
    );
    const letters = await get(base, '/api/v1/dead-letters?resolved=false', 'rec-one');
    expect(letters.body.data.map(({ id }) => String(id)).sort()).toEqual(others.sort());
    expect((await call('POST', `${path}/cancel`)).body).toMatchObject({ code: 'recovery_ended' });
    expect((await hold(base, 'globex')('GET', path)).status).toBe(404);
  });

  test('of a reason, as replays, slowly: it can be paused, survives the death of its copy, and is cancelled', async () => {
    const first = await startOn(stores);
    const ids = await bury('rec-two', 40);
    const sentHere = () => sent.filter((entry) => ids.includes(entry.split(' ')[1]!));
    const created = await hold(first.base, 'rec-two')('POST', '/api/v1/recoveries', {
      since,
      reason: 'gone',
      rate: 10,
      trigger: 'replay',
    });
    const path = `/api/v1/recoveries/${String(created.body['id'])}`;
    const startedAt = performance.now();
    await eventually(() => expect(sentHere().length).toBeGreaterThanOrEqual(5));
    // At ten a second; what is done at once is the first step.
    expect(performance.now() - startedAt).toBeGreaterThan(300);
    const paused = await hold(first.base, 'rec-two')('POST', `${path}/pause`);
    expect(paused.body).toMatchObject({ state: 'paused', total: 20 });
    await first.service.close(Date.now() + 1_000);
    const second = await startOn(stores);
    const call = hold(second.base, 'rec-two');
    const atRest = sentHere().length;
    expect((await call('POST', `${path}/resume`)).body).toMatchObject({ state: 'running' });
    await eventually(() => expect(sentHere().length).toBeGreaterThan(atRest + 3));
    expect((await call('POST', `${path}/cancel`)).body).toMatchObject({ state: 'cancelled' });
    await eventually(async () => {
      const before = (await call('GET', path)).body['done'];
      await new Promise((resolve) => setTimeout(resolve, 400));
      expect((await call('GET', path)).body['done']).toBe(before);
    });
    expect(new Set(sentHere()).size).toBe(sentHere().length);
    expect(sentHere().every((entry) => entry.startsWith('replay '))).toBe(true);
    expect(sentHere().length).toBeLessThan(20);
  });

  test('broken off within a step, goes on with that step: the same attempts, and none that has been made', async () => {
    let isBroken = true;
    const { database } = stores;
    const broken: Database['transaction'] = (work) =>
      database.transaction((tx) =>
        work({
          query(sql, ...rest) {
            if (isBroken && sql.includes('UPDATE recoveries SET done')) throw new Unavailable('killed here');
            return tx.query(sql, ...rest);
          },
        }),
      );
    const { base } = await startOn({ ...stores, database: { ...database, transaction: broken } });
    const events = Array.from({ length: 3 }, () => newEvent({ tenant: 'rec-four' }));
    const deaths = events.map((event, n) => deathOf(event, 'wh_1', { deadAtMs: T + n, attempts: 6 }));
    for (const { id } of deaths) numbers.set(id, []);
    const [made, ...others] = deaths.map(({ id }) => numbers.get(id)!);
    await stores.eventLog.append(deaths.flatMap(({ records }) => records));
    await settled(stores.eventLog);
    const call = hold(base, 'rec-four');
    const created = await call('POST', '/api/v1/recoveries', { since, rate: 500 });
    await eventually(() => expect(others[1]).toEqual([7]));
    const attempt = newAttempt(events[0]!, 'wh_1', 7, { ...failedWith(500, T), trigger: 'recovery' });
    await stores.eventLog.append([encodeAttempt(attempt)]);
    await settled(stores.eventLog);
    const [madeBefore, othersBefore] = [made!.length, others[1]!.length];
    await eventually(() => expect(others[1]!.length).toBeGreaterThan(othersBefore + 1), { timeoutMs: 20_000 });
    // One step may have looked just before.
    expect(made!.length).toBeLessThanOrEqual(madeBefore + 1);
    isBroken = false;
    await eventually(async () => {
      const found = await call('GET', `/api/v1/recoveries/${String(created.body['id'])}`);
      expect(found.body).toMatchObject({ state: 'completed', done: 3, skipped: 0 });
    });
    expect(new Set([...made!, ...others.flat()])).toEqual(new Set([7]));
  });

  if (name === 'PostgreSQL') {
    test('two copies share a recovery without sending anything twice', async () => {
      const { base } = await startOn(stores);
      await startOn(stores);
      const ids = await bury('rec-three', 60);
      const created = await hold(base, 'rec-three')('POST', '/api/v1/recoveries', { since, rate: 1_000 });
      const path = `/api/v1/recoveries/${String(created.body['id'])}`;
      await eventually(async () => {
        expect((await hold(base, 'rec-three')('GET', path)).body).toMatchObject({ state: 'completed', done: 60 });
      });
      await eventually(() => {
        expect(sent.filter((entry) => ids.includes(entry.split(' ')[1]!)).length).toBe(60);
      });
    });
  }

  test.each<[object, string]>([
    [{}, '/since'],
    [{ since: 'yesterday' }, '/since'],
    [{ since, rate: 0 }, '/rate'],
    [{ since, rate: 1.5 }, '/rate'],
    [{ since, trigger: 'automatic' }, '/trigger'],
    [{ since, webhook: 'x' }, '/webhook'],
    [{ since, webhook_id: '' }, '/webhook_id'],
  ])('%j is refused', async (body, pointer) => {
    const { base } = await startOn(stores);
    const answer = await hold(base, 'acme')('POST', '/api/v1/recoveries', body);
    expect([answer.status, answer.body]).toMatchObject([
      400,
      { code: 'invalid_input', errors: [expect.objectContaining({ pointer })] },
    ]);
  });

  test('a tenant has so many unfinished ones', async () => {
    const { base } = await startOn(stores);
    const call = hold(base, 'rec-many');
    await bury('rec-many', 30);
    for (let n = 0; n < 10; n++) {
      const { body } = await call('POST', '/api/v1/recoveries', { since, rate: 1 });
      await call('POST', `/api/v1/recoveries/${String(body['id'])}/pause`);
    }
    expect((await call('POST', '/api/v1/recoveries', { since })).body).toMatchObject({ code: 'too_many_recoveries' });
    const { body } = await call('GET', '/api/v1/recoveries?limit=4');
    expect(body.data).toHaveLength(4);
    expect(body.next_cursor).not.toBeNull();
  });
});
