import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { eventually } from '@hookline/testkit';
import { createHmac } from 'node:crypto';
import { request } from 'node:http';
import { appendAttempts } from '../testing/attempts.ts';
import { openGatewayScene, tokenOf, type Answer, type Asked, type GatewayScene } from '../testing/scene.ts';

let scene: GatewayScene;

beforeAll(async () => {
  scene = await openGatewayScene({}, { behind: true, tokenless: true });
}, 60_000);

afterAll(() => scene?.stop());

const URL = 'https://example.com/webhook';
/** As commands that were written for other systems ask: without a token. */
const ask = (method: string, path: string, asked: Asked = {}) => scene.ask(method, path, { token: null, ...asked });
const list = ({ body }: Answer) => body as unknown as Record<string, unknown>[];

describe('subscribers', () => {
  const created = () =>
    ask('POST', '/api/v1/subscribers', {
      json: { name: 'My App', endpoint_url: URL, event_types: ['order.created', 'invoice.*'] },
    });

  test('are webhooks', async () => {
    const { status, body, headers } = await created();
    expect({ status, body }).toEqual({
      status: 201,
      body: {
        id: expect.stringMatching(/^wh_/),
        name: 'My App',
        secret_key: expect.stringMatching(/^whsec_/),
      },
    });
    const path = `/api/v1/subscribers/${String(body['id'])}`;
    expect(headers.get('location')).toBe(path);
    const shown = {
      id: body['id'],
      name: 'My App',
      endpoint_url: URL,
      is_active: true,
      rate_limit_per_second: null,
      created_at: expect.any(String),
      updated_at: expect.any(String),
    };
    expect(list(await ask('GET', '/api/v1/subscribers'))[0]).toEqual(shown);
    const subscriptions = ['order.created', 'invoice.*'].map((type) => ({
      subscriber_id: body['id'],
      event_type: type,
    }));
    expect((await ask('GET', path)).body).toEqual({ ...shown, subscriptions });
    const changed = await ask('PATCH', path, {
      json: { name: 'Ours', is_active: false, rate_limit_per_second: 10, endpoint_url: `${URL}/2` },
    });
    expect(changed.body).toMatchObject({
      name: 'Ours',
      is_active: false,
      rate_limit_per_second: 10,
      endpoint_url: `${URL}/2`,
    });
    expect((await ask('PATCH', path, { json: { is_active: true } })).body).toMatchObject({
      name: 'Ours',
      is_active: true,
      rate_limit_per_second: 10,
    });
    const webhook = (await scene.ask('GET', `/api/v1/webhooks/${String(body['id'])}`)).body;
    expect(webhook).toMatchObject({ description: 'Ours', status: 'enabled', rate_limit: { limit: 10, window: '1s' } });
  });

  test('say whether their circuit breakers are open', async () => {
    const { id } = (await created()).body;
    const health = {
      id,
      name: 'My App',
      endpoint_url: URL,
      is_active: true,
      circuit_breaker: { state: 'closed' },
    };
    const path = `/api/v1/subscribers/${String(id)}/health`;
    expect((await ask('GET', path)).body).toEqual(health);
    const failures = { webhookId: String(id), succeeded: 0, failed: 100, failuresInARow: 100 };
    await scene.limits.breakers.report([failures], Date.now());
    const open = { ...health, circuit_breaker: { state: 'open' } };
    expect((await ask('GET', path)).body).toEqual(open);
    expect(list(await ask('GET', '/api/v1/subscribers-health'))[0]).toEqual(open);
    await scene.limits.breakers.report([failures], 0);
  });

  test('of another tenant don’t exist', async () => {
    const { body } = await created();
    const theirs = { token: tokenOf('other') };
    expect(list(await ask('GET', '/api/v1/subscribers', theirs))).toEqual([]);
    expect(list(await ask('GET', '/api/v1/subscribers-health', theirs))).toEqual([]);
    for (const [method, json] of [['GET'], ['PATCH', {}]] as const) {
      const asked = json === undefined ? theirs : { ...theirs, json };
      const answer = await ask(method, `/api/v1/subscribers/${String(body['id'])}`, asked);
      expect(answer.body['code']).toBe('unknown_webhook');
    }
  });

  test.each([
    ['nothing', {}, ['/name', '/endpoint_url', '/event_types']],
    ['no URL', { name: 'a', endpoint_url: 'x', event_types: ['a.b'] }, ['/endpoint_url']],
    ['no types', { name: 'a', endpoint_url: URL, event_types: [] }, ['/event_types']],
    ['a long name', { name: 'a'.repeat(2_000), endpoint_url: URL, event_types: ['a.b'] }, ['/name']],
    ['something else', { name: 'a', endpoint_url: URL, event_types: ['a.b'], x: 1 }, ['/x']],
  ])('with %s are refused in their words', async (_name, json, pointers) => {
    const { status, body } = await ask('POST', '/api/v1/subscribers', { json });
    expect(status).toBe(400);
    expect(body.errors?.map(({ pointer }) => pointer)).toEqual(pointers);
  });
});

test('what was delivered is counted, and a webhook’s attempts are its logs', async () => {
  const token = tokenOf('other');
  const body = { url: URL, event_types: ['*'], uid: 'logged' };
  const { id } = (await scene.ask('POST', '/api/v1/webhooks', { token, json: body })).body;
  const at = { webhookId: String(id), startedAtMs: Date.now() - 1_000, acceptedAtMs: Date.now() - 2_000 };
  const [succeeded] = await appendAttempts(scene.eventLog, 'other', 1, { ...at, durationMs: 10 });
  const failure = { status: 503, failure: 'server_error', state: 'dead', deadReason: 'gone' } as const;
  const [failed] = await appendAttempts(scene.eventLog, 'other', 1, { ...at, ...failure, durationMs: 30 });
  await eventually(async () => {
    expect((await ask('GET', '/api/v1/metrics', { token })).body).toEqual({
      total_events: 0,
      total_deliveries: 2,
      success_count: 1,
      failed_count: 1,
      success_rate: 50,
      avg_response_ms: 20,
      dead_letter_count: 1,
      active_subscribers: 1,
    });
  });
  const logs = async (query: string) => {
    const { body: page } = await ask('GET', `/api/v1/webhooks/logged/logs${query}`, { token });
    return (page as unknown as { data: { delivery_id: string }[] }).data.map(({ delivery_id: of }) => of);
  };
  expect(new Set(await logs(''))).toEqual(new Set([succeeded, failed]));
  expect(await logs('?outcome=failed')).toEqual([failed]);
  expect((await ask('GET', '/api/v1/webhooks/logged/logs')).status).toBe(401);
  const mine = await ask('GET', '/api/v1/webhooks/logged/logs', { token: tokenOf('default') });
  expect(mine.body['code']).toBe('unknown_webhook');
  const seesNoWebhooks = { token: tokenOf('other', ['deliveries:read']) };
  expect((await ask('GET', '/api/v1/metrics', seesNoWebhooks)).body['active_subscribers']).toBeNull();
  await scene.ask('DELETE', '/api/v1/webhooks/logged', { token });
  const nothing = { total_deliveries: 0, success_rate: 0, avg_response_ms: 0 };
  expect((await ask('GET', '/api/v1/metrics')).body).toMatchObject(nothing);
});

describe('an event with event_type and payload', () => {
  test('is published as one of ours, and answered in its words', async () => {
    await ask('POST', '/api/v1/subscribers', { json: { name: 'a', endpoint_url: URL, event_types: ['thing.*'] } });
    const raw = '{"event_type": "thing.made", "payload": {"amount": 42.00}}';
    const published = await ask('POST', '/api/v1/events', { raw });
    expect(published).toMatchObject({
      status: 201,
      body: { event_id: expect.stringMatching(/^evt_/), event_type: 'thing.made', deliveries_queued: 1 },
    });
    const event = await ask('GET', `/api/v1/events/${String(published.body['event_id'])}`);
    expect(event.body).toMatchObject({ type: 'thing.made', source: '/api/v1/events', data: { amount: 42 } });
    expect((await ask('GET', '/api/v1/deliveries')).body).toMatchObject({ data: [], next_cursor: null });
    const attempts = await ask(
      'GET',
      `/api/v1/deliveries?event_id=${String(published.body['event_id'])}&status=failed`,
    );
    expect({ status: attempts.status, body: list(attempts) }).toEqual({ status: 200, body: [] });
  });

  test('is published once under one Idempotency-Key, and its limits are told', async () => {
    const again = (payload: unknown) =>
      ask('POST', '/api/v1/events', {
        json: { event_type: 'thing.kept', payload },
        headers: { 'idempotency-key': 'a-foreign-one' },
      });
    const [first, second] = [await again(1), await again(1)];
    expect(second.body['event_id']).toBe(first.body['event_id']);
    expect([first.headers.get('hookline-duplicate'), second.headers.get('hookline-duplicate')]).toEqual([null, 'true']);
    expect(first.headers.get('ratelimit')).toMatch(/^"events";r=\d+;t=\d+$/);
    const other = await again(2);
    expect([other.status, other.body['code']]).toEqual([409, 'idempotency_key_reused']);
    expect(other.headers.get('ratelimit-policy')).toContain('"events"');
  });

  test('is none where it is the data of a CloudEvent', async () => {
    const json = { event_type: 'thing.made', payload: 1 };
    const ce = { 'ce-specversion': '1.0', 'ce-type': 'a.b', 'ce-source': '/shop' };
    const published = await ask('POST', '/api/v1/events', { json, headers: { ...ce, 'ce-id': 'ce-1' } });
    expect([published.status, published.body['id']]).toEqual([202, 'ce-1']);
    const refused = await ask('POST', '/api/v1/events', { json, headers: { 'ce-tenant': 'other' } });
    expect([refused.status, refused.body['code']]).toEqual([400, 'tenant_not_allowed']);
  });

  test('is refused where it is no UTF-8', async () => {
    const raw = Buffer.from('{"event_type":"thing.made","payload":"\xff"}', 'latin1');
    const { status, body } = await ask('POST', '/api/v1/events', { raw });
    expect([status, body.errors]).toEqual([400, [{ pointer: '', detail: 'must be UTF-8' }]]);
  });

  test('is refused in its words', async () => {
    const { status, body } = await ask('POST', '/api/v1/events', { json: { event_type: 'a b', payload: {} } });
    expect({ status, errors: body.errors }).toMatchObject({ status: 400, errors: [{ pointer: '/event_type' }] });
    const ours = await ask('POST', '/api/v1/events', { json: { event_type: 'a.b' } });
    expect(ours.body['code']).toBe('invalid_input');
  });

  test.each(['?status=broken', '?event_id=a&limit=x', '?status=failed&webhook=a'])(
    'attempts are not asked for with %s',
    async (query) => {
      expect((await ask('GET', `/api/v1/deliveries${query}`)).body['code']).toBe('invalid_input');
    },
  );
});

describe('subscriptions', () => {
  const SECRET = 'mysecret';
  const create = (more: object = {}) =>
    ask('POST', '/subscriptions/', { json: { target_url: URL, secret: SECRET, event_type: 'order.paid', ...more } });
  const sign = (text: string, secret = SECRET) => createHmac('sha256', secret).update(text).digest('hex');
  const ingest = (id: unknown, raw: string, type: string | undefined = 'order.paid', asked: Asked = {}) =>
    ask('POST', `/ingest/${String(id)}`, {
      raw,
      headers: type === '' ? {} : { 'x-event-type': type },
      ...asked,
    });

  test('are webhooks of one type, whose secret may be short', async () => {
    const { status, body } = await create();
    const { secret, ...shown } = body;
    expect({ status, secret }).toEqual({ status: 201, secret: SECRET });
    expect(shown).toEqual({
      id: expect.stringMatching(/^wh_/),
      target_url: URL,
      event_type: 'order.paid',
      is_active: true,
      created_at: expect.any(String),
      updated_at: expect.any(String),
    });
    const path = `/subscriptions/${String(body['id'])}`;
    expect((await ask('GET', path)).body).toEqual(shown);
    expect(list(await ask('GET', '/subscriptions'))[0]).toEqual(shown);
    expect((await ask('PUT', path, { json: { event_type: 'order.shipped' } })).body).toMatchObject({
      target_url: URL,
      event_type: 'order.shipped',
    });
    expect((await ask('PUT', path, { json: { target_url: `${URL}/2`, secret: 'x', event_type: '*' } })).status).toBe(
      200,
    );
    expect((await scene.ask('GET', `/api/v1/webhooks/${String(body['id'])}/secret`)).body).toMatchObject({
      secret: 'x',
    });
    expect(list(await ask('GET', `${path}/deliveries`))).toEqual([]);
    expect((await ask('DELETE', path)).status).toBe(204);
    expect((await ask('GET', path)).body['code']).toBe('unknown_webhook');
  });

  test('take signed events, byte for byte, and say what became of them', async () => {
    const { id } = (await create()).body;
    const inner = '{"total": 19.90,  "id":1}';
    const accepted = await ingest(id, `{"signature":"${sign(inner)}","body":${inner}}`);
    expect(accepted).toMatchObject({
      status: 202,
      body: { task_id: expect.any(String), status: 'PENDING', subscription_id: id, event_type: 'order.paid' },
    });
    const task = String(accepted.body['task_id']);
    expect((await ask('GET', `/status/${task}`)).body).toEqual({
      task_id: task,
      status: 'PENDING',
      event_type: 'order.paid',
      created_at: expect.any(String),
      deliveries: [],
    });
    const stored = (await ask('GET', `/api/v1/events/${task}`)).body;
    expect(stored).toMatchObject({ source: `/subscriptions/${String(id)}`, data: { total: 19.9, id: 1 } });
    const text = await ingest(id, JSON.stringify({ body: 'hello', signature: `sha256=${sign('hello')}` }));
    expect(text.status).toBe(202);
  });

  test.each<[string, (inner: string) => string, string | undefined, number, string]>([
    ['somebody else’s signature', (inner) => sign(inner, 'other secret'), undefined, 401, 'wrong_signature'],
    ['the signature of something else', () => sign('{}'), undefined, 401, 'wrong_signature'],
    ['no signature', () => '', undefined, 401, 'wrong_signature'],
    ['another type', sign, 'order.created', 400, 'invalid_input'],
    ['no type', sign, '', 400, 'invalid_input'],
    ['a type that is none', sign, 'a b', 400, 'invalid_input'],
  ])('refuse an event with %s', async (_name, signatureOf, type, status, code) => {
    const { id } = (await create()).body;
    const inner = '{"total":1}';
    const answer = await ingest(id, `{"body":${inner},"signature":"${signatureOf(inner)}"}`, type);
    expect({ status: answer.status, code: answer.body['code'] }).toEqual({ status, code });
  });

  test('of another tenant don’t exist', async () => {
    const { id } = (await create()).body;
    const token = tokenOf('other');
    const raw = `{"body":1,"signature":"${sign('1')}"}`;
    expect((await ingest(id, raw, 'order.paid', { token })).body['code']).toBe('unknown_webhook');
    for (const [method, path] of [
      ['GET', `/subscriptions/${String(id)}`],
      ['DELETE', `/subscriptions/${String(id)}`],
      ['GET', `/subscriptions/${String(id)}/deliveries`],
    ] as const) {
      expect((await ask(method, path, { token })).body['code']).toBe('unknown_webhook');
    }
    expect(list(await ask('GET', '/subscriptions/', { token }))).toEqual([]);
  });

  test('are refused in their words', async () => {
    const { status, body } = await create({ target_url: 'http://10.0.0.1/', event_type: 'a b', secret: '' });
    expect(status).toBe(400);
    expect(body.errors?.map(({ pointer }) => pointer)).toEqual(['/target_url', '/event_type/0', '/secret']);
  });
});

describe('without a token', () => {
  test('only those addresses answer, and only to programs on this machine', async () => {
    expect((await ask('GET', '/api/v1/webhooks')).status).toBe(401);
    expect((await ask('POST', '/api/v1/events:batch', { json: {} })).status).toBe(401);
    expect((await ask('GET', '/api/v1/subscribers', { token: 'forged' })).status).toBe(401);
    for (const headers of [
      { origin: 'https://evil.example' },
      { 'x-forwarded-for': '198.51.100.1' },
      { 'sec-fetch-site': 'cross-site' },
    ]) {
      expect((await ask('GET', '/api/v1/subscribers', { headers })).status).toBe(401);
    }
    expect(await statusAt('evil.example')).toBe(401);
    expect(await statusAt('localhost')).toBe(200);
  });

  test('they need the scopes that they have with one', async () => {
    const token = tokenOf('default', ['events:publish']);
    expect((await ask('GET', '/api/v1/subscribers', { token })).status).toBe(403);
    expect((await ask('GET', '/subscriptions/', { token })).status).toBe(403);
  });

  test('the gateway listens at another port besides', async () => {
    const answer = await fetch(`http://127.0.0.1:${scene.dialectPort}/api/v1/health`);
    expect({ status: answer.status, body: await answer.json() }).toEqual({ status: 200, body: { status: 'healthy' } });
  });
});

/** What a request under such a name is answered with; fetch names no other host. */
function statusAt(host: string): Promise<number> {
  return new Promise((resolve, reject) => {
    const asked = request(
      { port: scene.dialectPort, host: '127.0.0.1', path: '/api/v1/subscribers', headers: { host } },
      (answer) => {
        answer.resume();
        resolve(answer.statusCode ?? 0);
      },
    );
    asked.once('error', reject).end();
  });
}

test('where nothing allows it, they want a token like everything else, and nothing listens besides', async () => {
  const closed = await openGatewayScene();
  try {
    for (const [method, path] of [
      ['GET', '/api/v1/subscribers'],
      ['POST', '/subscriptions/'],
      ['GET', '/status/1'],
      ['POST', '/ingest/a'],
      ['GET', '/api/v1/deliveries'],
    ] as const) {
      expect((await closed.ask(method, path, { token: null })).status).toBe(401);
    }
    expect(closed.dialectPort).toBe(0);
  } finally {
    await closed.stop();
  }
}, 60_000);
