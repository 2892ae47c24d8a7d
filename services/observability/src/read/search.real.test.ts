import { encodeAttempt, encodeEvent, encodeState } from '@hookline/contracts';
import { useRealParts } from '@hookline/testkit';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import {
  closeAfterEach,
  deathOf,
  failedWith,
  get,
  newAttempt,
  newEvent,
  newState,
  openOnPglite,
  openOnPostgres,
  settled,
  startOn,
  T,
  type Stores,
} from '../testing/scene.ts';
import { createReader } from './reader.ts';

const parts = useRealParts({ postgres: true });
closeAfterEach();

describe.each([
  { name: 'PostgreSQL', open: async () => openOnPostgres(await parts.createDatabase()) },
  { name: 'PGlite', open: openOnPglite },
])('searching on $name', ({ name, open }) => {
  let stores: Stores;
  let base: string;
  const at = (minute: number) => T + minute * 60_000;
  const iso = (minute: number) => new Date(at(minute)).toISOString();

  beforeAll(async () => {
    stores = await open();
  }, 120_000);
  afterAll(() => stores?.close(), 60_000);

  async function listed(path: string, key = 'id'): Promise<unknown[]> {
    const { status, body } = await get(base, path);
    expect([path, status]).toEqual([path, 200]);
    return body.data.map((item) => item[key]);
  }

  /** All pages, one item at a time. */
  async function paged(path: string): Promise<unknown[]> {
    const seen: unknown[] = [];
    for (let cursor: string | null = ''; cursor !== null;) {
      const { body } = await get(base, `${path}&limit=1${cursor === '' ? '' : `&cursor=${cursor}`}`);
      seen.push(...body.data.map(({ id }) => id));
      cursor = body.next_cursor;
    }
    return seen;
  }

  test('events are found by type, source, time, id and metadata, newest first; their data is not in lists', async () => {
    ({ base } = await startOn(stores));
    const events = [
      newEvent({ id: 'e1', acceptedAtMs: at(1), type: 'order.created', metadata: { region: 'eu', shard: '1' } }),
      newEvent({ id: 'e2', acceptedAtMs: at(2), type: 'order.paid', source: '/pos', metadata: { region: 'eu' } }),
      newEvent({ id: 'e3', acceptedAtMs: at(3), type: 'order.paid', metadata: { region: 'us' } }),
      // The day before: in other tables.
      newEvent({ id: 'e0', acceptedAtMs: at(-5), type: 'order.created', metadata: { region: 'eu' } }),
      newEvent({ id: 'e3', acceptedAtMs: at(4), tenant: 'globex', metadata: { region: 'eu' } }),
    ];
    await stores.eventLog.append(events.map(encodeEvent));
    await settled(stores.eventLog);
    const found = Object.entries({
      '/api/v1/events': ['e3', 'e2', 'e1', 'e0'],
      '/api/v1/events?type=order.paid': ['e3', 'e2'],
      '/api/v1/events?source=/pos': ['e2'],
      '/api/v1/events?id=e1': ['e1'],
      '/api/v1/events?id=e9': [],
      [`/api/v1/events?after=${iso(2)}`]: ['e3', 'e2'],
      [`/api/v1/events?before=${iso(2)}`]: ['e1', 'e0'],
      [`/api/v1/events?after=${iso(1)}&before=${iso(3)}&type=order.paid`]: ['e2'],
      '/api/v1/events?metadata.region=eu': ['e2', 'e1', 'e0'],
      '/api/v1/events?metadata.region=eu&metadata.shard=1': ['e1'],
      '/api/v1/events?metadata.region=eu&type=order.created': ['e1', 'e0'],
      [`/api/v1/events?metadata.region=eu&before=${iso(1)}`]: ['e0'],
      '/api/v1/events?metadata.region=mars': [],
      '/api/v1/events?metadata.region=mars&type=order.paid': [],
      '/api/v1/events?id=e1&metadata.region=eu': ['e1'],
      '/api/v1/events?id=e1&metadata.region=us': [],
      '/api/v1/events?id=e1&type=order.paid': [],
    });
    for (const [path, ids] of found) expect([path, await listed(path)]).toEqual([path, ids]);
    for (const query of ['?type=order.paid', '?metadata.region=eu', '?source=/shop']) {
      const path = `/api/v1/events${query}`;
      expect(await paged(path)).toEqual(await listed(path));
    }
    const { body } = await get(base, '/api/v1/events?id=e1');
    expect(body.data[0]).toMatchObject({ metadata: { region: 'eu', shard: '1' }, accepted_at: iso(1) });
    expect(body.data[0]).not.toHaveProperty('data');
    expect((await get(base, '/api/v1/events?kind=x')).status).toBe(400);
  });

  test('deliveries are found by webhook, event, state, type, failure and answer, over all days', async () => {
    ({ base } = await startOn(stores));
    const events = [-5, 11, 12, 13, 14].map((minute, n) =>
      newEvent({ id: `d${n}`, acceptedAtMs: at(minute), tenant: 'umbrella', type: n === 3 ? 'b' : 'a' }),
    );
    const [d0, d1, d2, d3, d4] = events as [(typeof events)[0], ...typeof events];
    const attempts = [
      newAttempt(d0, 'wh_1', 1),
      newAttempt(d1!, 'wh_1', 1, failedWith(503, at(30))),
      newAttempt(d1!, 'wh_1', 2),
      newAttempt(d1!, 'wh_2', 1, failedWith(503, at(30))),
      newAttempt(d2!, 'wh_1', 1, { ...failedWith(500, at(30)), status: null, failure: 'timeout' }),
      newAttempt(d3!, 'wh_1', 1, { status: 204 }),
    ];
    const death = deathOf(d4!, 'wh_2');
    await stores.eventLog.append([
      ...events.map(encodeEvent),
      ...attempts.map(encodeAttempt),
      ...death.records,
      encodeState(newState(d4!, 'wh_1', { reason: 'paused', nextAttemptAtMs: at(60), atMs: at(15) })),
    ]);
    await settled(stores.eventLog);
    const ask = async (query: string) => {
      const { status, body } = await get(base, `/api/v1/deliveries${query}`, 'umbrella');
      expect([query, status]).toEqual([query, 200]);
      return body.data.map((item) => `${String(item['event_id'])} ${String(item['webhook_id'])}`).sort();
    };
    const everything = ['d0 wh_1', 'd1 wh_1', 'd1 wh_2', 'd2 wh_1', 'd3 wh_1', 'd4 wh_1', 'd4 wh_2'];
    const found = Object.entries({
      '': everything,
      '?webhook=wh_2': ['d1 wh_2', 'd4 wh_2'],
      '?event=d1': ['d1 wh_1', 'd1 wh_2'],
      '?event=d1&state=succeeded': ['d1 wh_1'],
      '?event=none': [],
      '?state=succeeded': ['d0 wh_1', 'd1 wh_1', 'd3 wh_1'],
      '?state=retrying': ['d1 wh_2', 'd2 wh_1'],
      '?state=retrying&webhook=wh_1': ['d2 wh_1'],
      '?state=deferred': ['d4 wh_1'],
      '?state=dead': ['d4 wh_2'],
      '?type=b': ['d3 wh_1'],
      '?status_class=2xx&type=a': ['d0 wh_1', 'd1 wh_1'],
      '?status_class=5xx': ['d1 wh_2', 'd4 wh_2'],
      '?status_class=none': ['d2 wh_1', 'd4 wh_1'],
      '?class=timeout': ['d2 wh_1'],
      [`?before=${iso(11)}`]: ['d0 wh_1'],
      [`?after=${iso(14)}`]: ['d4 wh_1', 'd4 wh_2'],
    });
    for (const [query, keys] of found) expect([query, await ask(query)]).toEqual([query, keys]);
    expect((await get(base, '/api/v1/deliveries?state=deferred', 'umbrella')).body.data[0]).toMatchObject({
      state: 'deferred',
      reason: 'paused',
      attempt_count: 0,
      first_attempt_at: null,
      next_attempt_at: iso(60),
      attempts: [],
    });
    // Each of its attempts, the failed one as well.
    const { body } = await get(base, `/api/v1/deliveries/${attempts[1]!.deliveryId}`, 'umbrella');
    expect(body['attempts']).toMatchObject([
      { number: 1, outcome: 'failed', class: 'server_error', status: 503 },
      { number: 2, outcome: 'succeeded', class: null, status: 200 },
    ]);
    for (const query of ['?status_class=6xx', '?state=lost', '?after=soon', '?limit=201']) {
      expect((await get(base, `/api/v1/deliveries${query}`)).status).toBe(400);
    }
  });

  test('an attempt is shown with its headers, its phases and what it waited for', async () => {
    ({ base } = await startOn(stores));
    const event = newEvent({ tenant: 'initech' });
    const attempt = newAttempt(event, 'wh_1', 1, {
      ...failedWith(502, at(20)),
      phase: 'body',
      timings: { dnsMs: 1, connectMs: 2, tlsMs: 3, firstByteMs: 4.5 },
      requestHeaders: { authorization: '***' },
      responseHeaders: { server: 'nginx' },
      responseBody: 'Bad gateway',
    });
    await stores.eventLog.append([encodeAttempt(attempt)]);
    await settled(stores.eventLog);
    const { body } = await get(base, `/api/v1/deliveries/${attempt.deliveryId}`, 'initech');
    expect(body['attempts']).toEqual([
      expect.objectContaining({
        phase: 'body',
        timings: { dns_ms: 1, connect_ms: 2, tls_ms: 3, first_byte_ms: 4.5, total_ms: 12 },
        request_headers: { authorization: '***' },
        response_headers: { server: 'nginx' },
        response_body: 'Bad gateway',
      }),
    ]);
  });

  test('attempts of all deliveries are found by webhook, event, type, outcome, failure, answer and trigger, page by page', async () => {
    ({ base } = await startOn(stores));
    const tenant = 'stark';
    const events = [-5, 1, 2].map((minute, n) =>
      newEvent({ id: `a${n}`, acceptedAtMs: at(minute), tenant, type: n === 2 ? 'b' : 'a' }),
    );
    const [a0, a1, a2] = events;
    const timedOut = { ...failedWith(500, at(30)), status: null, failure: 'timeout' } as const;
    const attempts = [
      newAttempt(a0!, 'wh_1', 1, failedWith(503, at(30))),
      newAttempt(a0!, 'wh_1', 2, timedOut),
      newAttempt(a0!, 'wh_1', 3, { trigger: 'manual' }),
      newAttempt(a1!, 'wh_1', 1),
      newAttempt(a1!, 'wh_2', 1, failedWith(429, at(30))),
      newAttempt(a2!, 'wh_1', 1, failedWith(503, at(30))),
      newAttempt(a2!, 'wh_1', 2),
      newAttempt(newEvent({ id: 'a1', acceptedAtMs: at(1) }), 'wh_1', 1),
    ];
    // Of one millisecond they have no order.
    for (const [index, attempt] of attempts.entries()) attempt.id = `att_a${index}`;
    await stores.eventLog.append([...events.map(encodeEvent), ...attempts.map(encodeAttempt)]);
    await settled(stores.eventLog);
    const nameOf = (item: Record<string, unknown>) =>
      `${String(item['event_id'])} ${String(item['webhook_id'])} ${String(item['number'])}`;
    /** All pages, a few items at a time. */
    const ask = async (query: string, limit: number) => {
      const seen: string[] = [];
      for (let cursor: string | null = ''; cursor !== null;) {
        const path: string = `/api/v1/attempts?limit=${limit}${query}${cursor === '' ? '' : `&cursor=${cursor}`}`;
        const { status, body } = await get(base, path, tenant);
        expect([query, status]).toEqual([query, 200]);
        seen.push(...body.data.map(nameOf));
        cursor = body.next_cursor;
      }
      return seen;
    };
    // Of one moment the order is that of the deliveries' ids.
    const ofA1 = ['a1 wh_1 1', 'a1 wh_2 1'];
    if (attempts[3]!.deliveryId < attempts[4]!.deliveryId) ofA1.reverse();
    const ofA0 = ['a0 wh_1 3', 'a0 wh_1 2', 'a0 wh_1 1'];
    const found = Object.entries({
      '': ['a2 wh_1 2', 'a2 wh_1 1', ...ofA1, ...ofA0],
      '&webhook=wh_2': ['a1 wh_2 1'],
      '&event=a0': ofA0,
      '&event=none': [],
      '&type=b': ['a2 wh_1 2', 'a2 wh_1 1'],
      '&outcome=failed&type=a': ['a1 wh_2 1', 'a0 wh_1 2', 'a0 wh_1 1'],
      '&outcome=succeeded&webhook=wh_1': ['a2 wh_1 2', 'a1 wh_1 1', 'a0 wh_1 3'],
      '&class=timeout': ['a0 wh_1 2'],
      '&status_class=5xx': ['a2 wh_1 1', 'a0 wh_1 1'],
      '&status_class=none': ['a0 wh_1 2'],
      '&trigger=manual': ['a0 wh_1 3'],
      [`&before=${iso(1)}`]: ofA0,
      [`&after=${iso(2)}&outcome=failed`]: ['a2 wh_1 1'],
    });
    for (const [query, names] of found) {
      for (const limit of [1, 2, 50]) expect([query, await ask(query, limit)]).toEqual([query, names]);
    }
    const { body } = await get(base, '/api/v1/attempts?trigger=manual', tenant);
    expect(body.data).toEqual([
      {
        id: attempts[2]!.id,
        number: 3,
        trigger: 'manual',
        outcome: 'succeeded',
        class: null,
        status: 200,
        started_at: new Date(attempts[2]!.startedAtMs).toISOString(),
        duration_ms: 12,
        delivery_id: attempts[2]!.deliveryId,
        event_id: 'a0',
        event_type: 'a',
        webhook_id: 'wh_1',
        accepted_at: iso(-5),
      },
    ]);
    for (const query of ['?outcome=maybe', '?trigger=me', '?status_class=6xx', '?state=dead', '?cursor=x']) {
      expect((await get(base, `/api/v1/attempts${query}`, tenant)).status).toBe(400);
    }
  });

  test('dead letters are found by webhook, event, type, reason and time', async () => {
    ({ base } = await startOn(stores));
    const events = ['a', 'a', 'b'].map((type, n) =>
      newEvent({ id: `x${n}`, type, tenant: 'hooli', acceptedAtMs: at(n) }),
    );
    const deaths = events.map((event, n) =>
      deathOf(event, n === 0 ? 'wh_1' : 'wh_2', { reason: n === 2 ? 'gone' : 'max_age', deadAtMs: at(100 + n) }),
    );
    await stores.eventLog.append(deaths.flatMap(({ records }) => records));
    await settled(stores.eventLog);
    const found = Object.entries({
      '': ['x2', 'x1', 'x0'],
      '?webhook=wh_2': ['x2', 'x1'],
      '?event=x1': ['x1'],
      '?type=b': ['x2'],
      '?reason=max_age': ['x1', 'x0'],
      '?resolved=false&webhook=wh_1': ['x0'],
      '?resolved=true': [],
      [`?after=${iso(101)}`]: ['x2', 'x1'],
    });
    for (const [query, ids] of found) {
      const { body } = await get(base, `/api/v1/dead-letters${query}`, 'hooli');
      expect([query, body.data.map((item) => item['event_id'])]).toEqual([query, ids]);
    }
  });

  if (name === 'PostgreSQL') {
    test('what takes too long is given up, and says how to ask for less', async () => {
      const reader = createReader(stores.database);
      await expect(reader.all('SELECT pg_sleep(60)', [])).rejects.toMatchObject({
        code: 'search_too_slow',
        message: expect.stringContaining('`after`, `before`'),
      });
    });
  }
});
