import { once } from 'node:events';
import { request as httpRequest } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { Unavailable } from '@hookline/domain';
import type { EventLog } from '@hookline/event-log';
import { createTokens } from '@hookline/service-kit';
import { eventually, type KafkaPart, type RedisPart } from '@hookline/testkit';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import {
  countOf,
  eventBody,
  newId,
  openEmbedded,
  openFull,
  post,
  publish,
  readAll,
  SECRET,
  startOn,
  tokenOf,
  type Answer,
  type Stores,
} from './testing/scene.ts';

let kafka: KafkaPart;
let redis: RedisPart;

async function openParts(): Promise<Stores> {
  const full = await openFull();
  ({ kafka, redis } = full);
  return full;
}

describe.each([
  { name: 'PGlite and memory', open: openEmbedded },
  { name: 'Kafka and Redis', open: openParts },
])('ingestion on $name', ({ name, open }) => {
  let stores: Stores;
  beforeAll(async () => {
    stores = await open();
  }, 180_000);
  afterAll(() => stores?.close(), 60_000);

  test('an accepted event is in the log, byte for byte, in the tenant of the token', async () => {
    const { base } = await startOn(stores);
    const id = newId();
    const data = '{"b":1.0, "a":12345678901234567890,"ü":"\\u00e9 😀"}';
    const before = Date.now();
    const body = `{"id":"${id}","type":"order.created","source":"/shop","time":"2026-01-02T03:04:05.123456Z","data": ${data},"partitionkey":"k"}`;
    const answer = await publish(base, body, 'globex');
    expect(answer.status).toBe(202);
    expect(answer.body).toEqual({ id, accepted_at: expect.any(String) });
    const acceptedAtMs = Date.parse(String(answer.body['accepted_at']));
    expect(acceptedAtMs).toBeGreaterThanOrEqual(before);
    expect((await readAll(stores.eventLog)).filter((event) => event.id === id)).toEqual([
      {
        tenant: 'globex',
        id,
        type: 'order.created',
        source: '/shop',
        time: '2026-01-02T03:04:05.123456Z',
        data: Buffer.from(data),
        contentType: 'application/json',
        acceptedAtMs,
        partitionKey: 'k',
      },
    ]);
  });

  test('an event without an id gets one, each time another', async () => {
    const { base } = await startOn(stores);
    const answers = await Promise.all([1, 2, 3].map(() => publish(base, { type: 'a', source: 'b' })));
    const ids = answers.map(({ body }) => body['id']);
    expect(answers.map(({ status }) => status)).toEqual([202, 202, 202]);
    expect(new Set(ids).size).toBe(3);
    const found = (await readAll(stores.eventLog)).filter((event) => ids.includes(event.id));
    expect(found).toHaveLength(3);
  });

  test('100 requests with one id at once: one record, one answer for all', async () => {
    const { base } = await startOn(stores);
    const id = newId();
    const answers = await Promise.all(Array.from({ length: 100 }, () => publish(base, eventBody(id))));
    expect(answers.map(({ status }) => status)).toEqual(Array.from({ length: 100 }, () => 202));
    expect(new Set(answers.map(({ body }) => JSON.stringify(body))).size).toBe(1);
    expect(answers.filter(({ headers }) => headers.get('hookline-duplicate') === 'true')).toHaveLength(99);
    expect((await readAll(stores.eventLog)).filter((event) => event.id === id)).toHaveLength(1);
  });

  test('many ids at once with two bodies each, on two copies: one body wins each id, the other is a conflict', async () => {
    const copies = [await startOn(stores), await startOn(stores)];
    const ids = Array.from({ length: 30 }, newId);
    const requests = ids.flatMap((id) => [0, 1, 2, 3, 4, 5, 6, 7].map((n) => ({ id, data: { body: n % 2 } })));
    const answers = await Promise.all(
      requests.map(async ({ id, data }, index) => ({
        id,
        data,
        status: (await publish(copies[(index >> 1) % 2]!.base, eventBody(id, data))).status,
      })),
    );
    const events = await readAll(stores.eventLog);
    for (const id of ids) {
      const records = events.filter((event) => event.id === id);
      expect(records).toHaveLength(1);
      const won = records[0]!.data.toString();
      for (const answer of answers.filter((candidate) => candidate.id === id)) {
        expect([id, answer.status]).toEqual([id, JSON.stringify(answer.data) === won ? 202 : 409]);
      }
    }
  });

  test('the same event later is answered as the first time; another body is a conflict that names the id', async () => {
    const { base } = await startOn(stores);
    const id = newId();
    const first = await publish(base, eventBody(id));
    await sleep(5);
    const again = await publish(base, eventBody(id));
    expect([again.status, again.body]).toEqual([202, first.body]);
    expect(first.headers.get('hookline-duplicate')).toBeNull();
    expect(again.headers.get('hookline-duplicate')).toBe('true');
    const other = await publish(base, eventBody(id, { n: 2 }));
    expect(other.status).toBe(409);
    expect(other.body).toMatchObject({ code: 'event_id_taken', errors: [{ pointer: '/id' }] });
    expect((await readAll(stores.eventLog)).filter((event) => event.id === id)).toHaveLength(1);
  });

  test('an append that was given up and lands later keeps the id for its body, which may be published again at once', async () => {
    const held: (() => Promise<unknown>)[] = [];
    const late: EventLog = {
      ...stores.eventLog,
      append(records) {
        held.push(() => stores.eventLog.append(records));
        return Promise.reject(new Unavailable('the records could not be appended in time'));
      },
    };
    const { base: slow } = await startOn({ ...stores, eventLog: late });
    const { base } = await startOn(stores);
    const id = newId();
    const startedAt = performance.now();
    for (const copy of [slow, slow]) {
      const answer = await publish(copy, eventBody(id));
      expect([answer.status, answer.body.code]).toEqual([503, 'event_log_unavailable']);
    }
    for (const copy of [slow, base]) {
      const other = await publish(copy, eventBody(id, { n: 2 }));
      expect([other.status, other.body.code]).toEqual([409, 'event_id_taken']);
    }
    const accepted = await Promise.all([1, 2, 3].map(() => publish(base, eventBody(id))));
    expect(accepted.map(({ status }) => status)).toEqual([202, 202, 202]);
    expect(accepted.filter(({ headers }) => headers.get('hookline-duplicate') === 'true')).toHaveLength(2);
    const again = await publish(slow, eventBody(id));
    expect([again.status, again.body, again.headers.get('hookline-duplicate')]).toEqual([
      202,
      accepted[0]!.body,
      'true',
    ]);
    expect((await publish(base, eventBody(id, { n: 2 }))).status).toBe(409);
    expect(performance.now() - startedAt).toBeLessThan(5_000);

    expect(held).toHaveLength(2);
    for (const land of held) await land();
    const events = (await readAll(stores.eventLog)).filter((event) => event.id === id);
    expect(events.map(({ data }) => data.toString())).toEqual(['{"n":1}', '{"n":1}', '{"n":1}']);
  });

  test('an id belongs to its tenant', async () => {
    const { base } = await startOn(stores);
    const id = newId();
    const [one, other] = await Promise.all([
      publish(base, eventBody(id), 'acme'),
      publish(base, eventBody(id, 2), 'globex'),
    ]);
    expect([one.status, other.status]).toEqual([202, 202]);
    const events = (await readAll(stores.eventLog)).filter((event) => event.id === id);
    expect(events.map(({ tenant }) => tenant).sort()).toEqual(['acme', 'globex']);
  });

  test('what is wrong is refused with a problem, and nothing is written', async () => {
    const { base } = await startOn(stores);
    const before = await countOf(stores.eventLog);
    const url = `${base}/api/v1/events`;
    const good = JSON.stringify(eventBody(newId()));
    const auth = { authorization: `Bearer ${tokenOf('acme')}` };
    const expired = createTokens(SECRET, 1_000, () => Date.now() - 10_000).issue({
      tenant: 'acme',
      subject: 'u',
      scopes: ['events:publish'],
    });
    const forged = createTokens('another-secret-of-32-characters-or-more', 1_000_000).issue({
      tenant: 'acme',
      subject: 'u',
      scopes: ['events:publish'],
    });
    const large = JSON.stringify(eventBody(newId(), 'x'.repeat(1024 * 1024)));
    const huge = JSON.stringify(eventBody(newId(), 'x'.repeat(3 * 1024 * 1024)));
    const cases: [string, Promise<Answer>, number, string][] = [
      ['no token', post(url, good), 401, 'unauthenticated'],
      ['a forged token', post(url, good, { authorization: `Bearer ${forged.token}` }), 401, 'unauthenticated'],
      ['an expired token', post(url, good, { authorization: `Bearer ${expired.token}` }), 401, 'token_expired'],
      [
        'no scope',
        post(url, good, { authorization: `Bearer ${tokenOf('acme', ['webhooks:read'])}` }),
        403,
        'missing_scope',
      ],
      ['a tenant in the headers', post(url, good, { ...auth, 'ce-tenant': 'globex' }), 400, 'tenant_not_allowed'],
      ['a tenant in the body', publish(base, { ...eventBody(newId()), tenant: 'acme' }), 400, 'invalid_input'],
      ['no JSON', publish(base, '{"id":'), 400, 'invalid_json'],
      ['nothing', publish(base, ''), 400, 'invalid_json'],
      ['no type', publish(base, { source: 'a' }), 400, 'invalid_input'],
      [
        'a form',
        post(url, 'a=b', { ...auth, 'content-type': 'application/x-www-form-urlencoded' }),
        415,
        'unsupported_media_type',
      ],
      [
        'another charset',
        post(url, good, { ...auth, 'content-type': 'application/json; charset=latin1' }),
        415,
        'unsupported_media_type',
      ],
      ['1 MiB of data', publish(base, large), 413, 'too_large'],
      ['3 MiB', publish(base, huge), 413, 'too_large'],
      [
        'too deep',
        post(url, `{"type":"a","source":"b","data":${'['.repeat(200)}${']'.repeat(200)}}`, auth),
        400,
        'invalid_json',
      ],
      ['another path', post(`${base}/api/v1/event`, good, auth), 404, 'not_found'],
    ];
    for (const [what, request, status, code] of cases) {
      const { body, headers, ...answer } = await request;
      expect([what, answer.status, body.code, headers.get('content-type')]).toEqual([
        what,
        status,
        code,
        'application/problem+json',
      ]);
      expect(body.status).toBe(status);
    }
    const wrongMethod = await fetch(url, { method: 'PUT', body: good });
    expect([wrongMethod.status, wrongMethod.headers.get('allow')]).toEqual([405, 'POST']);
    const chunked = await fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...auth },
      body: new Blob([huge]).stream(),
      duplex: 'half',
    });
    expect(chunked.status).toBe(413);
    expect((await publish(base, '{"id":1,"type":"a b"}')).body.errors).toEqual([
      { pointer: '/id', detail: expect.any(String) },
      { pointer: '/type', detail: expect.any(String) },
      { pointer: '/source', detail: expect.any(String) },
    ]);
    expect(await countOf(stores.eventLog)).toBe(before);
    for (const charset of ['application/json; charset=utf-8', 'Application/JSON;charset="UTF-8"']) {
      expect((await post(url, JSON.stringify(eventBody(newId())), { ...auth, 'content-type': charset })).status).toBe(
        202,
      );
    }
  });

  test('POST /events needs no token, goes to the default tenant, and is limited by address', async () => {
    const { base, metrics } = await startOn(stores, { INGESTION_PUBLIC_PER_MINUTE: '5' });
    const ids = Array.from({ length: 8 }, newId);
    const answers: Answer[] = [];
    for (const id of ids) answers.push(await post(`${base}/events`, JSON.stringify(eventBody(id))));
    expect(answers.map(({ status }) => status)).toEqual([202, 202, 202, 202, 202, 429, 429, 429]);
    expect(Number(answers[5]!.headers.get('retry-after'))).toBeGreaterThan(0);
    const events = (await readAll(stores.eventLog)).filter((event) => ids.includes(event.id));
    expect(events.map(({ tenant }) => tenant)).toEqual(['default', 'default', 'default', 'default', 'default']);
    expect(await metrics.getSingleMetricAsString('webhook_events_rejected_total')).toContain(
      'reason="rate_limited",service="ingestion"} 3',
    );

    expect([answers[0]!, answers[5]!].map(({ headers }) => headers.get('ratelimit-policy'))).toEqual([
      '"public";q=5;w=60',
      '"public";q=5;w=60',
    ]);
    expect(answers[0]!.headers.get('ratelimit')).toMatch(/^"public";r=4;t=\d+$/);

    // Each event of a batch counts.
    const other = await startOn(stores, { INGESTION_PUBLIC_PER_MINUTE: '1000' });
    const batch = JSON.stringify({ events: Array.from({ length: 1_000 }, () => ({ type: 'a', source: 'b' })) });
    const batches = [await post(`${other.base}/events:batch`, batch), await post(`${other.base}/events:batch`, batch)];
    expect(batches.map(({ status }) => status)).toEqual([202, 429]);

    const { base: switchedOff } = await startOn(stores, { INGESTION_PUBLIC_EVENTS: 'false' });
    expect((await post(`${switchedOff}/events`, JSON.stringify(eventBody(newId())))).status).toBe(404);
  });

  test('a tenant has its limit of events, over all copies, and the answer shows how it stands', async () => {
    const settings = { INGESTION_EVENTS_PER_MINUTE: '6' };
    const [one, other] = [await startOn(stores, settings), await startOn(stores, settings)];
    const tenant = `limited-${newId()}`;
    const headers = { authorization: `Bearer ${tokenOf(tenant)}` };
    const batch = JSON.stringify({ events: [1, 2, 3, 4].map(() => ({ type: 'a', source: 'b' })) });
    const first = await post(`${one.base}/api/v1/events:batch`, batch, headers);
    expect([first.status, first.headers.get('ratelimit-policy')]).toEqual([202, '"events";q=6;w=60']);
    const second = await publish(one.base, { type: 'a', source: 'b' }, tenant);
    expect([second.status, second.headers.get('ratelimit')?.slice(0, 12)]).toEqual([202, '"events";r=1']);
    // The other copy learns of it with what it lets through itself, and then neither has any left.
    await eventually(async () => {
      for (const { base } of [other, one]) {
        const answer = await publish(base, { type: 'a', source: 'b' }, tenant);
        expect([answer.status, answer.body.code]).toEqual([429, 'rate_limited']);
        expect(Number(answer.headers.get('retry-after'))).toBeGreaterThan(0);
      }
    });
    expect((await publish(one.base, { type: 'a', source: 'b' }, `${tenant}-2`)).status).toBe(202);
  });

  test('strangers are limited by address, and do not keep others there from publishing', async () => {
    const { base } = await startOn(stores, {
      INGESTION_ANONYMOUS_PER_MINUTE: '3',
      INGESTION_TRUSTED_PROXIES: '1',
    });
    const from = async (authorization: string) => {
      const headers = { authorization, 'x-forwarded-for': '192.0.2.77' };
      return (await post(`${base}/api/v1/events`, JSON.stringify(eventBody(newId())), headers)).status;
    };
    const statuses = [];
    for (let request = 0; request < 4; request++) statuses.push(await from('Bearer forged'));
    expect(statuses).toEqual([401, 401, 401, 429]);
    expect(await from(`Bearer ${tokenOf('acme')}`)).toBe(202);
  });

  test('requests beyond the bound are refused at once, and there is room again when the others end', async () => {
    const { base, ingestion, metrics } = await startOn(stores, { INGESTION_MAX_IN_FLIGHT: '2' });
    const slow = [0, 1].map(() => {
      const request = httpRequest({
        host: '127.0.0.1',
        port: ingestion.port,
        method: 'POST',
        path: '/api/v1/events',
        headers: { 'content-type': 'application/json', authorization: `Bearer ${tokenOf('acme')}` },
      });
      request.on('error', () => {});
      request.write('{"type":"a",');
      return request;
    });
    await eventually(async () => {
      const answer = await publish(base, eventBody(newId()));
      expect([answer.status, answer.body.code, answer.headers.get('retry-after')]).toEqual([503, 'overloaded', '1']);
    });
    // One goes away in the middle, the other ends as it should.
    slow[0]!.destroy();
    slow[1]!.end('"source":"b"}');
    const [response] = (await once(slow[1]!, 'response')) as [{ statusCode: number; resume: () => void }];
    response.resume();
    expect(response.statusCode).toBe(202);
    await eventually(async () => expect((await publish(base, eventBody(newId()))).status).toBe(202));
    expect(await metrics.getSingleMetricAsString('webhook_events_rejected_total')).toMatch(/"client_gone".*\} 1$/m);
  });

  test('closing finishes what is under way: what is acknowledged is in the log, what is not was refused', async () => {
    const { base, ingestion } = await startOn(stores);
    const ids = Array.from({ length: 200 }, newId);
    const requests = ids.map((id) =>
      publish(base, eventBody(id)).then(
        ({ status }) => status,
        () => 0,
      ),
    );
    await Promise.race(requests);
    await ingestion.close(Date.now() + 10_000);
    const statuses = await Promise.all(requests);
    const acknowledged = ids.filter((_, index) => statuses[index] === 202);
    expect(acknowledged.length).toBeGreaterThan(0);
    expect(new Set(statuses).has(500)).toBe(false);
    const inLog = new Set((await readAll(stores.eventLog)).map(({ id }) => id));
    expect(acknowledged.filter((id) => !inLog.has(id))).toEqual([]);
    await expect(fetch(`${base}/health`)).rejects.toThrow();
  });

  test('says how it is, and counts', async () => {
    const { base, metrics } = await startOn(stores);
    await publish(base, eventBody(newId()));
    await publish(base, '{}');
    for (const path of ['/health', '/health/live', '/health/ready'])
      expect((await fetch(base + path)).status).toBe(200);
    const text = await (await fetch(`${base}/metrics`)).text();
    expect(text).toContain('webhook_events_ingested_total{service="ingestion"} 1');
    expect(text).toContain('webhook_kafka_messages_produced_total{topic="webhook.events",service="ingestion"} 1');
    expect(text).toContain('webhook_events_rejected_total{reason="invalid_input",service="ingestion"} 1');
    expect(text).toMatch(/webhook_http_requests_total\{method="POST",route="\/api\/v1\/events",status="202",.*\} 1/);
    expect(text).toContain('webhook_kafka_produce_queue_depth{service="ingestion"} 0');
    expect(metrics.getSingleMetric('webhook_http_request_duration_seconds')).toBeDefined();
  });

  if (name === 'Kafka and Redis') {
    test('without Redis publishing goes on and says so; with it back ids are remembered again', async () => {
      const { base, metrics } = await startOn(stores);
      const id = newId();
      await publish(base, eventBody(id));
      await redis.kill();
      const statuses = new Set<number>();
      const withoutDeduplication: (string | null)[] = [];
      const startedAt = performance.now();
      for (let n = 0; n < 30; n++) {
        const answer = await publish(base, eventBody(newId()));
        statuses.add(answer.status);
        withoutDeduplication.push(answer.headers.get('hookline-deduplication'));
      }
      expect([...statuses]).toEqual([202]);
      expect(new Set(withoutDeduplication)).toEqual(new Set(['unavailable']));
      expect(performance.now() - startedAt).toBeLessThan(5_000);
      expect((await post(`${base}/events`, JSON.stringify(eventBody(newId())))).status).toBe(202);
      expect((await fetch(`${base}/health/ready`)).status).toBe(200);
      expect(await metrics.getSingleMetricAsString('webhook_events_without_deduplication_total')).toMatch(/\} 31$/);
      await redis.start();
      await eventually(async () => {
        const again = newId();
        await publish(base, eventBody(again));
        expect((await publish(base, eventBody(again))).headers.get('hookline-duplicate')).toBe('true');
      });
    });

    test('without Kafka nothing is acknowledged, and the id is free for the next try', async () => {
      const { base } = await startOn(stores);
      const before = await publish(base, eventBody(newId()));
      expect(before.status).toBe(202);
      await kafka.nodes[0]!.kill();
      const ids = Array.from({ length: 20 }, newId);
      const answers = await Promise.all(ids.map((id) => publish(base, eventBody(id))));
      for (const answer of answers) {
        expect([answer.status, answer.body.code]).toEqual([503, 'event_log_unavailable']);
        expect(Number(answer.headers.get('retry-after'))).toBeGreaterThan(0);
      }
      expect((await fetch(`${base}/health/ready`)).status).toBe(503);
      expect((await fetch(`${base}/health/live`)).status).toBe(200);
      await kafka.nodes[0]!.start();
      await eventually(async () => expect((await fetch(`${base}/health/ready`)).status).toBe(200), {
        timeoutMs: 30_000,
      });
      const again = await Promise.all(ids.map((id) => publish(base, eventBody(id))));
      expect(new Set(again.map(({ status }) => status))).toEqual(new Set([202]));
      const events = await readAll(stores.eventLog);
      expect(ids.filter((id) => !events.some((event) => event.id === id))).toEqual([]);
    }, 120_000);
  } else {
    test('without its log nothing is acknowledged', async () => {
      const own = await openEmbedded();
      const { base } = await startOn(own);
      expect((await publish(base, eventBody(newId()))).status).toBe(202);
      await own.eventLog.close();
      const id = newId();
      const answer = await publish(base, eventBody(id));
      expect([answer.status, answer.headers.get('retry-after')]).toEqual([503, '2']);
      expect((await fetch(`${base}/health/ready`)).status).toBe(503);

      // The claim has been given back: whoever publishes it next needn't wait for it to run out.
      const { base: other } = await startOn({ eventLog: stores.eventLog, limits: own.limits });
      const startedAt = performance.now();
      const next = await publish(other, eventBody(id));
      expect([next.status, next.headers.get('hookline-duplicate')]).toEqual([202, null]);
      expect(performance.now() - startedAt).toBeLessThan(2_000);
      await own.close();
    });
  }
});
