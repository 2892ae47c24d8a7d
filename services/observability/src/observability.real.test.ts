import { setTimeout as sleep } from 'node:timers/promises';
import {
  decodeRejected,
  encodeAttempt,
  encodeDeadLetter,
  encodeEvent,
  MAX_BYTES,
  TOPIC,
  type Attempt,
  type DeadLetter,
  type OutgoingRecord,
} from '@hookline/contracts';
import type { Database } from '@hookline/database';
import { deliveryId, type Event } from '@hookline/domain';
import type { LogRecord } from '@hookline/event-log';
import { eventually, useRealParts } from '@hookline/testkit';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import {
  closeAfterEach,
  failedWith,
  failures,
  get,
  newAttempt,
  newEvent,
  nextId,
  openOnKafka,
  openOnPglite,
  openOnPostgres,
  settled,
  startOn,
  T,
  type Stores,
} from './testing/scene.ts';

const parts = useRealParts({ postgres: true });
closeAfterEach();

/** The history of one delivery: a few failures, at times one cut off by a shutdown, and what it came to. */
function newHistory(random: () => number, event: Event, webhookId: string) {
  const records: OutgoingRecord[] = [];
  const attempts: Attempt[] = [];
  const add = (attempt: Attempt) => {
    attempts.push(attempt);
    records.push(encodeAttempt(attempt));
  };
  const failed = Math.floor(random() * 4);
  let number = 1;
  for (; number <= failed; number++) {
    if (random() < 0.2) {
      add(
        newAttempt(event, webhookId, number, {
          state: 'retrying',
          status: null,
          failure: 'shutdown',
          startedAtMs: event.acceptedAtMs + number * 1_000 - 500,
          nextAttemptAtMs: T,
        }),
      );
    }
    add(newAttempt(event, webhookId, number, failedWith(500 + number, event.acceptedAtMs + (number + 1) * 1_000)));
  }
  const end = random();
  let state = failed === 0 ? 'none' : 'retrying';
  if (end < 0.5) {
    add(newAttempt(event, webhookId, number));
    // A dispatcher that was killed had sent it already; and somebody sends it again later.
    if (random() < 0.2) add(newAttempt(event, webhookId, number));
    if (random() < 0.2) add(newAttempt(event, webhookId, number + 1, { trigger: 'manual' }));
    state = 'succeeded';
  } else if (end < 0.8) {
    if (random() < 0.5)
      add(newAttempt(event, webhookId, number++, { state: 'dead', status: 410, failure: 'gone', deadReason: 'gone' }));
    const letter: DeadLetter = {
      deliveryId: deliveryId(event.tenant, event.id, webhookId),
      webhookId,
      event,
      reason: 'gone',
      attempts: number - 1,
      firstAttemptAtMs: event.acceptedAtMs + 400,
      deadAtMs: event.acceptedAtMs + 100_000,
    };
    records.push(encodeDeadLetter(letter));
    state = 'dead';
    if (random() < 0.3) {
      add(newAttempt(event, webhookId, number, { trigger: 'replay', startedAtMs: event.acceptedAtMs + 200_000 }));
      state = 'succeeded';
    }
  }
  return { records, attempts, state, id: deliveryId(event.tenant, event.id, webhookId), died: end >= 0.5 && end < 0.8 };
}

function mulberry32(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

function shuffle<T>(items: readonly T[], random: () => number): T[] {
  const shuffled = [...items];
  for (let at = shuffled.length - 1; at > 0; at--) {
    const other = Math.floor(random() * (at + 1));
    [shuffled[at], shuffled[other]] = [shuffled[other]!, shuffled[at]!];
  }
  return shuffled;
}

const TABLES = ['events', 'attempts', 'deliveries', 'dead_letters'] as const;
/** Where an attempt is kept depends on what came with it; that it is there once does not. */
const SAID = {
  events: 'events',
  attempts: 'every_attempt',
  deliveries: `(SELECT id, tenant, webhook_id, accepted_at, event_id, event_type, attempt_count, first_attempt_at, state, state_rank, state_at, next_attempt_at,
    reason, last_attempt_id, last_number, last_started_at, last_status, last_class FROM deliveries)`,
  dead_letters: 'dead_letters',
};

async function dump(database: Database): Promise<Record<string, unknown[]>> {
  const tables: Record<string, unknown[]> = {};
  for (const table of TABLES) {
    const { rows } = await database.query(`SELECT * FROM ${SAID[table]} AS said ORDER BY id`);
    tables[table] = rows;
  }
  return tables;
}

async function clear(database: Database): Promise<void> {
  await database.query(`TRUNCATE ${TABLES.join(', ')}`);
}

describe.each([
  { name: 'PostgreSQL', open: async () => openOnPostgres(await parts.createDatabase()) },
  { name: 'PGlite', open: openOnPglite },
  { name: 'Kafka and PostgreSQL', open: openOnKafka },
])('observability on $name', ({ name, open }) => {
  let stores: Stores;
  beforeAll(async () => {
    stores = await open();
  }, 180_000);
  afterAll(() => stores?.close(), 60_000);

  test('the same records in any order, at any partition and any number of times make the same tables', async () => {
    const { eventLog, database } = stores;
    const random = mulberry32(20_261_122);
    const histories = Array.from({ length: 60 }, () => newEvent()).flatMap((event) =>
      ['wh_1', 'wh_2', 'wh_3'].map((webhookId) => ({ event, ...newHistory(random, event, webhookId) })),
    );
    const events = [...new Set(histories.map(({ event }) => event))];
    const records = [...events.map(encodeEvent), ...histories.flatMap((history) => history.records)];
    const dumps: Record<string, unknown[]>[] = [];
    // Two copies of the service share the work, so that they also meet in the database.
    await startOn(stores);
    if (name !== 'PGlite') await startOn(stores);
    for (let round = 0; round < 3; round++) {
      await clear(database);
      const repeated = records.flatMap((record) => Array.from({ length: 1 + Math.floor(random() * 3) }, () => record));
      const scattered = shuffle(repeated, random).map((record) => ({
        ...record,
        partition: Math.floor(random() * 12),
      }));
      for (let at = 0; at < scattered.length; at += 200) await eventLog.append(scattered.slice(at, at + 200));
      await settled(eventLog);
      dumps.push(await dump(database));
    }
    expect(dumps[1]).toEqual(dumps[0]);
    expect(dumps[2]).toEqual(dumps[0]);
    const [tables] = dumps as [Record<(typeof TABLES)[number], Record<string, unknown>[]>];
    expect(tables.events.map(({ id }) => id)).toEqual(events.map(({ id }) => id).sort());
    expect(tables.attempts.map(({ id }) => id)).toEqual(
      histories.flatMap(({ attempts }) => attempts.map(({ id }) => id)).sort(),
    );
    expect(Object.fromEntries(tables.deliveries.map(({ id, state }) => [id, state]))).toEqual(
      Object.fromEntries(histories.filter(({ state }) => state !== 'none').map(({ id, state }) => [id, state])),
    );
    expect(tables.dead_letters.map(({ id }) => id)).toEqual(
      histories
        .filter(({ died }) => died)
        .map(({ id }) => id)
        .sort(),
    );
    await clear(database);
  }, 120_000);

  test('an event is never missing after it was appended; one that never was is', async () => {
    const { eventLog } = stores;
    const { base } = await startOn(stores);
    await eventually(async () => expect((await fetch(`${base}/health/ready`)).status).toBe(200));
    const rounds = Array.from({ length: 20 }, async () => {
      for (let n = 0; n < 5; n++) {
        const event = newEvent();
        await eventLog.append([encodeEvent(event)]);
        const answer = await get(base, `/api/v1/events/${event.id}`);
        expect([event.id, answer.status]).toEqual([event.id, 200]);
      }
    });
    await Promise.all(rounds);
    expect((await get(base, '/api/v1/events/never')).status).toBe(404);
    expect((await get(base, `/api/v1/events/${nextId('event')}`)).status).toBe(404);
  }, 120_000);

  test('events, deliveries and dead letters are answered as they are', async () => {
    const { eventLog } = stores;
    const { base } = await startOn(stores);
    const data = '{"b":1.0, "a":12345678901234567890}';
    const event = newEvent({
      id: 'a/b ü',
      data: Buffer.from(data),
      partitionKey: 'k',
      time: '2026-01-01T00:00:00.123456789Z',
    });
    const failed = newAttempt(event, 'wh_1', 1, {
      ...failedWith(503, T + 2_000),
      error: null,
      responseBody: 'a\0b\ud800',
    });
    const refused = newAttempt(event, 'wh_2', 1, { state: 'dead', status: 410, failure: 'gone', deadReason: 'gone' });
    const letter: DeadLetter = {
      deliveryId: refused.deliveryId,
      webhookId: 'wh_2',
      event,
      reason: 'gone',
      attempts: 1,
      firstAttemptAtMs: refused.startedAtMs,
      deadAtMs: T + 60_000,
    };
    await eventLog.append([
      encodeEvent(event),
      encodeAttempt(failed),
      encodeAttempt(refused),
      encodeDeadLetter(letter),
    ]);
    await settled(eventLog);

    const found = await get(base, `/api/v1/events/${encodeURIComponent(event.id)}`);
    expect(found.text).toContain(`"data":${data},`);
    expect(found.body).toMatchObject({
      id: event.id,
      type: event.type,
      source: '/shop',
      time: event.time,
      partitionkey: 'k',
      accepted_at: new Date(event.acceptedAtMs).toISOString(),
      data_kept: true,
      deliveries_complete: true,
    });
    const byWebhook = Object.fromEntries(
      (found.body['deliveries'] as { webhook_id: string }[]).map((item) => [item.webhook_id, item]),
    );
    expect(byWebhook['wh_1']).toEqual({
      id: failed.deliveryId,
      event_id: event.id,
      event_type: 'order.created',
      webhook_id: 'wh_1',
      accepted_at: new Date(event.acceptedAtMs).toISOString(),
      state: 'retrying',
      reason: null,
      attempt_count: 1,
      last_status: 503,
      last_class: 'server_error',
      first_attempt_at: new Date(failed.startedAtMs).toISOString(),
      last_attempt_at: new Date(failed.startedAtMs).toISOString(),
      next_attempt_at: new Date(T + 2_000).toISOString(),
      attempts: [
        {
          id: failed.id,
          number: 1,
          trigger: 'automatic',
          outcome: 'failed',
          class: 'server_error',
          status: 503,
          started_at: new Date(failed.startedAtMs).toISOString(),
          duration_ms: 12,
        },
      ],
    });
    expect(byWebhook['wh_2']).toMatchObject({ state: 'dead', reason: 'gone', next_attempt_at: null });

    const delivery = await get(base, `/api/v1/deliveries/${failed.deliveryId}`);
    expect(delivery.body['attempts']).toEqual([
      expect.objectContaining({ number: 1, url: failed.url, error: null, response_body: 'a\0b\ud800' }),
    ]);
    const dead = await get(base, `/api/v1/dead-letters/${refused.deliveryId}`);
    expect(dead.text).toContain(`"data":${data}}`);
    expect(dead.body).toMatchObject({
      delivery_id: refused.deliveryId,
      webhook_id: 'wh_2',
      event_id: event.id,
      reason: 'gone',
      attempt_count: 1,
      dead_at: new Date(T + 60_000).toISOString(),
    });

    // Another tenant, another scope, no token, a wrong method, what isn't there.
    const paths = [
      `/api/v1/events/${encodeURIComponent(event.id)}`,
      `/api/v1/deliveries/${failed.deliveryId}`,
      `/api/v1/dead-letters/${refused.deliveryId}`,
    ];
    for (const path of paths) {
      expect([path, (await get(base, path, 'globex')).status]).toEqual([path, 404]);
      expect([path, (await get(base, path, 'acme', ['webhooks:read'])).status]).toEqual([path, 403]);
      expect([path, (await fetch(base + path)).status]).toEqual([path, 401]);
      expect([path, (await fetch(base + path, { method: 'DELETE' })).status]).toEqual([path, 405]);
    }
    for (const path of ['/api/v1/webhooks/wh_2/deliveries', '/api/v1/dead-letters']) {
      expect((await get(base, path)).body.data.length).toBeGreaterThan(0);
      expect((await get(base, path, 'globex')).body).toEqual({ data: [], next_cursor: null });
      const bad = await get(base, `${path}?limit=0&size=1`);
      expect([bad.status, bad.body['code']]).toEqual([400, 'invalid_input']);
    }
    expect((await get(base, '/api/v1/deliveries/dlv_none')).status).toBe(404);
    expect((await get(base, '/api/v1/dead-letters/%00')).status).toBe(404);
    expect((await get(base, '/api/v1/nothing')).status).toBe(404);
  });

  test('pages of a webhook’s deliveries hold each once, newest first, also while new ones come', async () => {
    const { eventLog } = stores;
    const { base } = await startOn(stores);
    const webhookId = nextId('wh');
    let moment = 0;
    const add = async (count: number) => {
      const attempts = Array.from({ length: count }, (_, n) => {
        const event = newEvent();
        // Several of one moment, and of different states.
        const acceptedAtMs = T + (moment++ >> 3) * 1_000;
        return newAttempt(event, webhookId, 1, { acceptedAtMs, ...(n % 3 === 0 ? failedWith(500, T) : {}) });
      });
      await eventLog.append(attempts.map(encodeAttempt));
      await settled(eventLog);
      return attempts;
    };
    const first = await add(25);
    const seen: { id: string; accepted_at: string }[] = [];
    let cursor: string | null = '';
    while (cursor !== null) {
      const { body } = await get(
        base,
        `/api/v1/webhooks/${webhookId}/deliveries?limit=10${cursor === '' ? '' : `&cursor=${cursor}`}`,
      );
      expect(body.data.length).toBeLessThanOrEqual(10);
      seen.push(...(body.data as typeof seen));
      cursor = body.next_cursor;
      if (seen.length === 10) await add(5);
    }
    expect(seen.map(({ id }) => id).sort()).toEqual(first.map((attempt) => attempt.deliveryId).sort());
    const keys = seen.map((item) => `${item.accepted_at} ${item.id}`);
    expect(keys).toEqual([...keys].sort().toReversed());
    const retrying = await get(base, `/api/v1/webhooks/${webhookId}/deliveries?state=retrying`);
    expect(retrying.body.data.map((item) => item['state'])).toEqual(Array.from({ length: 11 }, () => 'retrying'));
  });

  test('what can’t be read or stored is rejected with its reason, and holds nothing up', async () => {
    const { eventLog } = stores;
    const before = await eventLog.endOffsets(TOPIC.rejected);
    const { base, metrics } = await startOn(stores);
    const good = [newEvent(), newEvent()];
    const partition = 0;
    const garbage = Buffer.from([0xff, 0x00, 0xc3]);
    const tooLongForAnIndex = Array.from({ length: 3_000 }, (_, n) => (n * 7919).toString(36)).join('');
    await eventLog.append([
      { topic: TOPIC.events, partition, value: garbage, headers: {} },
      { ...encodeEvent(good[0]!), partition },
      { ...encodeEvent(newEvent({ tenant: tooLongForAnIndex })), partition },
      { ...encodeEvent(newEvent({ source: 'nul\0' })), partition },
      { ...encodeEvent(good[1]!), partition },
      { topic: TOPIC.attempts, partition, key: 'dlv_x', value: garbage, headers: { hl_v: '1' } },
      { topic: TOPIC.attempts, partition, key: 'dlv_x', value: Buffer.from('{}'), headers: { hl_v: '2' } },
      { ...encodeAttempt({ ...newAttempt(good[0]!, 'wh_1', 1), state: 'lost' as never }), partition },
      { topic: TOPIC.deadLetters, partition, key: 'dlv_x', value: null, headers: { hl_v: '1' } },
    ]);
    await settled(eventLog);
    for (const event of good) expect((await get(base, `/api/v1/events/${event.id}`)).status).toBe(200);

    const rejected: LogRecord[] = [];
    const following = await eventLog.follow({
      topic: TOPIC.rejected,
      received: async (batch) => void rejected.push(...batch),
      onFailure: (error) => failures.push(error),
    });
    await eventually(() => expect(rejected.length).toBeGreaterThanOrEqual((before[0] ?? 0) + 7));
    await following.close();
    const decoded = rejected.slice(before[0]).map(decodeRejected);
    const reasons = decoded.flatMap((record) =>
      record.kind === 'rejected' ? [`${record.original.topic}: ${record.reason}`] : ['unreadable'],
    );
    expect(reasons.sort()).toEqual([
      'webhook.attempts: header hl_v is 2, expected 1',
      'webhook.attempts: state lost is unknown',
      'webhook.attempts: the value is not JSON',
      'webhook.dead-letters: the record has no value',
      expect.stringMatching(/^webhook\.events: ce_id must be/),
      expect.stringMatching(/^webhook\.events: ce_source /),
      expect.stringMatching(/^webhook\.events: the database refuses it: .*index/),
    ]);
    const first = decoded.find((record) => record.kind === 'rejected' && record.reason.startsWith('ce_id'));
    expect(first).toMatchObject({
      consumer: 'observability',
      original: { topic: TOPIC.events, partition: 0, value: garbage },
    });
    expect(await metrics.getSingleMetricAsString('webhook_rejected_records_total')).toContain(
      'topic="webhook.attempts",service="observability"} 3',
    );
  });

  test('what can’t be read and is as large as the log takes is marked where it is, and holds nothing up', async () => {
    const { eventLog } = stores;
    const [before = 0] = await eventLog.endOffsets(TOPIC.rejected);
    const { base } = await startOn(stores);
    const good = newEvent();
    const positions = await eventLog.append([
      { topic: TOPIC.events, partition: 0, value: Buffer.alloc(MAX_BYTES - 1_000), headers: {} },
      {
        topic: TOPIC.attempts,
        partition: 0,
        key: 'dlv_x',
        value: null,
        headers: { huge: 'h'.repeat(MAX_BYTES - 1_000) },
      },
      { ...encodeEvent(good), partition: 0 },
    ]);
    await settled(eventLog);
    expect((await get(base, `/api/v1/events/${good.id}`)).status).toBe(200);
    const rejected: LogRecord[] = [];
    const following = await eventLog.follow({
      topic: TOPIC.rejected,
      received: async (batch) => void rejected.push(...batch),
      onFailure: (error) => failures.push(error),
    });
    await eventually(() => expect(rejected.at(-1)?.offset).toBe(before + 1));
    await following.close();
    const marked = rejected.filter(({ offset }) => offset >= before).map(decodeRejected);
    for (const position of positions.slice(0, 2)) {
      expect(marked).toContainEqual(
        expect.objectContaining({ kind: 'omitted', consumer: 'observability', ...position }),
      );
    }
  });

  // PGlite has one session: a transaction held open would hold up everything.
  if (name !== 'PGlite') {
    test('while writing is held up a new event is waited for, and in the end 503 says so', async () => {
      const { eventLog, database } = stores;
      const { base } = await startOn(stores);
      for (const { ms, status } of [
        { ms: 1_500, status: 200 },
        { ms: 7_000, status: 503 },
      ]) {
        const event = newEvent();
        const locked = Promise.withResolvers<void>();
        const held = database.transaction(async (tx) => {
          await tx.query('LOCK TABLE events IN SHARE MODE');
          locked.resolve();
          await sleep(ms);
        });
        await locked.promise;
        await eventLog.append([encodeEvent(event)]);
        const startedAt = performance.now();
        const answers = await Promise.all([1, 2, 3].map(() => get(base, `/api/v1/events/${event.id}`)));
        expect(answers.map((answer) => answer.status)).toEqual([status, status, status]);
        expect(performance.now() - startedAt).toBeLessThan(6_500);
        if (status === 503) expect(Number(answers[0]!.headers.get('retry-after'))).toBeGreaterThan(0);
        await held;
        await eventually(async () => expect((await get(base, `/api/v1/events/${event.id}`)).status).toBe(200));
      }
    }, 60_000);
  }

  test('closing leaves what is not written to the next, and nothing is lost', async () => {
    const { eventLog, database } = stores;
    const { service, metrics } = await startOn(stores);
    const events = Array.from({ length: 500 }, () => newEvent());
    const { promise: closed, resolve: release } = Promise.withResolvers<void>();
    const locked = Promise.withResolvers<void>();
    const held =
      name === 'PGlite'
        ? locked.resolve()
        : database.transaction(async (tx) => {
            await tx.query('LOCK TABLE events IN SHARE MODE');
            locked.resolve();
            await closed;
          });
    await locked.promise;
    for (let at = 0; at < events.length; at += 50) await eventLog.append(events.slice(at, at + 50).map(encodeEvent));
    if (name !== 'PGlite') {
      await eventually(async () => {
        expect(await metrics.getSingleMetricAsString('webhook_log_queued_records')).not.toMatch(/\} 0$/);
      });
    }
    const closing = service.close(Date.now());
    await sleep(200);
    release();
    await Promise.all([held, closing, service.close(Date.now())]);
    const { base } = await startOn(stores);
    await settled(eventLog);
    const ids = events.map(({ id }) => id);
    const { rows } = await database.query<{ id: string }>('SELECT id FROM events WHERE id = ANY($1)', [ids]);
    expect(rows).toHaveLength(500);
    expect((await fetch(`${base}/health`)).status).toBe(200);
  });

  test('says how it is, and counts', async () => {
    const { base, metrics } = await startOn(stores);
    const event = newEvent();
    await stores.eventLog.append([encodeEvent(event)]);
    await get(base, `/api/v1/events/${event.id}`);
    for (const path of ['/health', '/health/live', '/health/ready'])
      expect((await fetch(base + path)).status).toBe(200);
    const text = await (await fetch(`${base}/metrics`)).text();
    expect(text).toMatch(/webhook_kafka_messages_consumed_total\{topic="webhook.events",service="observability"\} \d/);
    expect(text).toMatch(/webhook_log_rows_written_total\{table="events",service="observability"\} 1/);
    expect(text).toMatch(
      /webhook_http_requests_total\{method="GET",route="\/api\/v1\/events\/\{id\}",status="200",.*\} 1/,
    );
    expect(await metrics.getSingleMetricAsString('webhook_log_queued_records')).toMatch(/\} 0$/);
  });

  if (name === 'Kafka and PostgreSQL') {
    test('without its database reads are answered 503 within 2 s, and what came meanwhile is caught up', async () => {
      const { eventLog, database } = stores;
      const { base } = await startOn(stores);
      const before = newEvent();
      await eventLog.append([encodeEvent(before)]);
      expect((await get(base, `/api/v1/events/${before.id}`)).status).toBe(200);
      await stores.postgres?.kill();
      const events = Array.from({ length: 300 }, () => newEvent());
      for (let at = 0; at < events.length; at += 50) await eventLog.append(events.slice(at, at + 50).map(encodeEvent));
      for (const path of [
        `/api/v1/events/${before.id}`,
        '/api/v1/webhooks/wh_1/deliveries',
        '/api/v1/dead-letters',
        '/api/v1/deliveries/dlv_1',
      ]) {
        const startedAt = performance.now();
        const answer = await get(base, path);
        expect([path, answer.status]).toEqual([path, 503]);
        expect(answer.headers.get('retry-after')).toBe('1');
        expect(performance.now() - startedAt).toBeLessThan(2_000);
      }
      expect((await fetch(`${base}/health/ready`)).status).toBe(503);
      expect((await fetch(`${base}/health/live`)).status).toBe(200);
      await sleep(1_000);
      await stores.postgres?.start();
      await settled(eventLog);
      await eventually(async () => expect((await fetch(`${base}/health/ready`)).status).toBe(200));
      const { rows } = await database.query('SELECT id FROM events WHERE id = ANY($1)', [events.map(({ id }) => id)]);
      expect(rows).toHaveLength(300);
    }, 120_000);
  }
});
