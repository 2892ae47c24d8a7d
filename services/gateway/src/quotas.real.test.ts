import { status } from '@grpc/grpc-js';
import { SCOPES } from '@hookline/domain';
import { eventually } from '@hookline/testkit';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { createGrpcClient, type GrpcClient } from './testing/grpc-client.ts';
import { openGatewayScene, tokenOf, type Answer, type GatewayScene } from './testing/scene.ts';

let scene: GatewayScene;
let grpc: GrpcClient;
beforeAll(async () => {
  scene = await openGatewayScene({ QUOTAS_WEBHOOKS: '50' }, { behind: true });
  grpc = createGrpcClient(scene.grpcPort);
}, 60_000);
afterAll(async () => {
  grpc?.close();
  await scene?.stop();
});

const ADMIN = tokenOf('default', [...SCOPES]);
const set = (tenant: string, json: unknown) =>
  scene.ask('PUT', `/api/v1/tenants/${tenant}/quotas`, { json, token: ADMIN });
const get = (tenant: string) => scene.ask('GET', `/api/v1/tenants/${tenant}/quotas`, { token: ADMIN });
const own = (token: string) => scene.ask('GET', '/api/v1/quotas', { token });
const codeOf = ({ status: answered, body }: Answer) => [answered, body['code']];
const pointersOf = ({ body }: Answer) => body.errors?.map(({ pointer }) => pointer);
/** What was set reaches ingestion within seconds; a busy machine is slower. */
const soon = (check: () => Promise<void>) => eventually(check, { timeoutMs: 20_000 });

let events = 0;
const event = (data: unknown = { n: 1 }) => ({ id: `event-${++events}`, type: 'order.created', source: '/shop', data });

async function newTenant(id: string): Promise<string> {
  expect((await scene.ask('POST', '/api/v1/tenants', { json: { id }, token: ADMIN })).status).toBe(201);
  return tokenOf(id);
}

describe('quotas', () => {
  test('are shown to administrators and, with what is used, to the tenant itself', async () => {
    const token = await newTenant('shown');
    const before = await own(token);
    expect(before.status).toBe(200);
    expect(before.body).toEqual({
      tenant: 'shown',
      webhooks: { limit: 50, is_default: true, used: 0 },
      events_per_day: { limit: null, is_default: true, used: 0, resets_at: expect.stringMatching(/T00:00:00\.000Z$/) },
      payload_bytes: { limit: null, is_default: true },
    });
    const wanted = { webhooks: 3, events_per_day: 100, payload_bytes: null };
    const changed = await set('shown', wanted);
    expect(changed.status).toBe(200);
    expect(changed.body).toMatchObject({
      webhooks: { limit: 3, is_default: false },
      events_per_day: { limit: 100, is_default: false },
      payload_bytes: { limit: null, is_default: true },
    });
    const webhook = { url: 'https://example.com/hook', event_types: ['order.*'] };
    await scene.ask('POST', '/api/v1/webhooks', { json: webhook, token });
    for (let n = 0; n < 2; n++) await scene.ask('POST', '/api/v1/events', { json: event(), token });
    await soon(async () =>
      expect((await own(token)).body).toMatchObject({ webhooks: { used: 1 }, events_per_day: { used: 2 } }),
    );
    expect((await get('shown')).body).toEqual((await own(token)).body);
    expect((await set('shown', {})).body).toMatchObject({ webhooks: { limit: 50, is_default: true } });
    expect((await set('shown', { webhooks: 0 })).body).toMatchObject({ webhooks: { limit: null, is_default: false } });
  });

  test('are for nobody else to see or to set', async () => {
    const token = tokenOf('other');
    expect(codeOf(await scene.ask('GET', '/api/v1/tenants/default/quotas', { token }))).toEqual([403, 'missing_scope']);
    const put = await scene.ask('PUT', '/api/v1/tenants/other/quotas', { json: {}, token });
    expect(codeOf(put)).toEqual([403, 'missing_scope']);
    expect(codeOf(await own(tokenOf('nobody')))).toEqual([404, 'unknown_tenant']);
    expect(codeOf(await set('nobody', {}))).toEqual([404, 'unknown_tenant']);
    expect(codeOf(await get('%00'))).toEqual([404, 'unknown_tenant']);
  });

  test.each<[string, unknown, string[]]>([
    ['a text', { webhooks: '7' }, ['/webhooks']],
    ['less than nothing', { events_per_day: -1 }, ['/events_per_day']],
    ['a fraction', { payload_bytes: 0.5 }, ['/payload_bytes']],
    ['more than any number', { events_per_day: 1e300 }, ['/events_per_day']],
    ['more than anybody may have', { webhooks: 10_001, payload_bytes: 2 ** 40 }, ['/webhooks', '/payload_bytes']],
    ['an unknown name', { events: 1 }, ['/events']],
    ['a list', [], ['']],
  ])('of %s are refused', async (_what, json, pointers) => {
    const answer = await set('other', json);
    expect([...codeOf(answer), pointersOf(answer)]).toEqual([400, 'invalid_input', pointers]);
  });

  test('hold whichever way an event comes', async () => {
    const token = await newTenant('held');
    await set('held', { payload_bytes: 50 });
    const large = { text: 'x'.repeat(50) };
    const push = (payload: object) =>
      grpc.call('PushEvent', { namespace: 'shop', event: 'order.created', payload: JSON.stringify(payload) }, token);
    const foreign = (payload: object) =>
      scene.ask('POST', '/api/v1/events', { json: { event_type: 'order.created', payload }, token });
    const publish = (data: object) => scene.ask('POST', '/api/v1/events', { json: event(data), token });
    await soon(async () => expect(codeOf(await publish(large))).toEqual([413, 'payload_quota_exceeded']));
    await expect(push(large)).rejects.toMatchObject({
      code: status.OUT_OF_RANGE,
      details: expect.stringContaining('payload: too large'),
    });
    const refusedForeign = await foreign(large);
    expect(codeOf(refusedForeign)).toEqual([413, 'payload_quota_exceeded']);
    expect(pointersOf(refusedForeign)).toEqual(['/payload']);

    expect((await publish({ n: 1 })).status).toBe(202);
    await push({ n: 1 });
    expect((await foreign({ n: 1 })).status).toBe(201);
    const requests = [1, 2, 3].map((n) => ({ namespace: 'shop', event: 'order.created', payload: `{"n":${n}}` }));
    expect(await grpc.pushAll(requests.slice(0, 1), token)).toMatchObject({ accepted: 1, refused: 0 });

    await set('held', { events_per_day: 4 });
    await soon(async () => {
      const refused = await publish({ n: 1 });
      expect(codeOf(refused)).toEqual([429, 'event_quota_exceeded']);
      expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0);
    });
    await expect(push({ n: 1 })).rejects.toMatchObject({ code: status.RESOURCE_EXHAUSTED });
    await expect(grpc.pushAll(requests, token)).rejects.toMatchObject({
      code: status.RESOURCE_EXHAUSTED,
      details: expect.stringContaining('before number 0 of the stream are answered for: 0 accepted, 0 refused'),
    });
    expect(codeOf(await foreign({ n: 1 }))).toEqual([429, 'event_quota_exceeded']);
  }, 60_000);

  test('of webhooks hold for gRPC and for other systems’ addresses', async () => {
    const token = await newTenant('few-webhooks');
    await set('few-webhooks', { webhooks: 1 });
    const url = 'https://example.com/hook';
    expect((await scene.ask('POST', '/api/v1/webhooks', { json: { url, event_types: ['a'] }, token })).status).toBe(
      201,
    );
    const again = await scene.ask('POST', '/api/v1/webhooks', { json: { url, event_types: ['a'] }, token });
    expect(codeOf(again)).toEqual([403, 'webhook_quota_exceeded']);
    const register = { namespace: 'shop', event: 'order.created', url };
    await expect(grpc.call('RegisterWebhook', register, token)).rejects.toMatchObject({
      code: status.PERMISSION_DENIED,
    });
    const subscriber = { name: 'x', endpoint_url: url, event_types: ['a'] };
    const subscribed = await scene.ask('POST', '/api/v1/subscribers', { json: subscriber, token });
    expect(codeOf(subscribed)).toEqual([403, 'webhook_quota_exceeded']);
  });
});

describe('an API key’s rate limit', () => {
  const KEY = { name: 'slow', scopes: ['events:publish', 'webhooks:read'], rate_limit: 2 };
  const make = async (more: object = {}) => {
    const { status: made, body } = await scene.ask('POST', '/api/v1/api-keys', {
      json: { ...KEY, ...more },
      token: ADMIN,
    });
    expect(made).toBe(201);
    return { id: String(body['id']), key: String(body['key']), rateLimit: body['rate_limit'] };
  };
  const patch = (id: string, json: unknown) => scene.ask('PATCH', `/api/v1/api-keys/${id}`, { json, token: ADMIN });
  const list = (token: string) => scene.ask('GET', '/api/v1/webhooks', { token });

  /** What ten requests at once are answered. */
  async function tenOf(send: () => Promise<Answer>): Promise<Answer[]> {
    return Promise.all(Array.from({ length: 10 }, send));
  }

  test('holds for requests and for events, and the answer names the stricter limit', async () => {
    const { key, rateLimit } = await make();
    expect(rateLimit).toBe(2);
    for (const send of [() => list(key), () => scene.ask('POST', '/api/v1/events', { json: event(), token: key })]) {
      const answers = await tenOf(send);
      const refused = answers.filter(({ status: answered }) => answered === 429);
      expect(refused.length).toBeGreaterThan(0);
      for (const answer of refused) {
        expect(answer.body['code']).toBe('rate_limited');
        expect(answer.headers.get('ratelimit-policy')).toBe('"key";q=2;w=1');
        expect(answer.headers.get('retry-after')).toBe('1');
      }
    }
    await eventually(async () => expect((await list(key)).status).toBe(200));
  });

  test('holds for tokens that the key was given', async () => {
    const { id, key } = await make();
    const form = new URLSearchParams({ grant_type: 'client_credentials', client_id: id, client_secret: key });
    const { body } = await scene.ask('POST', '/oauth/token', {
      raw: form.toString(),
      token: null,
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
    });
    const answers = await tenOf(() => list(String(body['access_token'])));
    expect(answers.some(({ headers }) => headers.get('ratelimit-policy') === '"key";q=2;w=1')).toBe(true);
    expect(answers.some(({ status: answered }) => answered === 429)).toBe(true);
  });

  test('can be changed and taken back, which is noted and holds soon', async () => {
    const { id, key } = await make({ rate_limit: undefined });
    const policyOf = async () => (await list(key)).headers.get('ratelimit-policy');
    expect(await policyOf()).toMatch(/^"tenant"/);
    const changed = await patch(id, { rate_limit: 7 });
    expect([changed.status, changed.body['rate_limit']]).toEqual([200, 7]);
    await soon(async () => expect(await policyOf()).toBe('"key";q=7;w=1'));
    expect((await patch(id, {})).body['rate_limit']).toBe(7);
    expect((await patch(id, { rate_limit: null })).body['rate_limit']).toBeNull();
    await soon(async () => expect(await policyOf()).toMatch(/^"tenant"/));
    const { rows } = await scene.database.query(
      `SELECT before, after FROM audit_log WHERE action = 'api_key.update' AND target_id = $1 ORDER BY at, id`,
      [id],
    );
    expect(rows).toEqual([
      { before: { rate_limit: null }, after: { rate_limit: 7 } },
      { before: { rate_limit: 7 }, after: { rate_limit: null } },
    ]);
  }, 60_000);

  test.each<[string, unknown]>([
    ['nothing', 0],
    ['less than nothing', -1],
    ['a fraction', 1.5],
    ['too much', 1_000_001],
    ['a text', '5'],
  ])('of %s is refused', async (_what, rateLimit) => {
    const made = await scene.ask('POST', '/api/v1/api-keys', { json: { ...KEY, rate_limit: rateLimit }, token: ADMIN });
    expect([...codeOf(made), pointersOf(made)]).toEqual([400, 'invalid_input', ['/rate_limit']]);
    const { id } = await make();
    const changed = await patch(id, { rate_limit: rateLimit });
    expect([...codeOf(changed), pointersOf(changed)]).toEqual([400, 'invalid_input', ['/rate_limit']]);
  });

  test('is one that a key can’t get out of: by itself, by keys that it makes, or by those of others', async () => {
    const scopes = [...KEY.scopes, 'keys:write', 'keys:read'];
    const { id, key } = await make({ scopes, rate_limit: 50 });
    const { id: free } = await make({ rate_limit: undefined });
    const { id: same } = await make({ rate_limit: 50 });
    const form = new URLSearchParams({ grant_type: 'client_credentials', client_id: id, client_secret: key });
    const given = await scene.ask('POST', '/oauth/token', {
      raw: form.toString(),
      token: null,
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
    });
    const ask = (method: string, path: string, json: object, token = key) =>
      scene.ask(method, `/api/v1/api-keys${path}`, { json, token });

    const token = String(given.body['access_token']);
    const refused: [string, string, object, string?][] = [
      ['POST', '', { ...KEY, rate_limit: 51 }],
      ['POST', '', { ...KEY, rate_limit: null }],
      ['POST', '', { ...KEY, rate_limit: undefined }],
      ['PATCH', `/${id}`, { rate_limit: 51 }],
      ['PATCH', `/${id}`, { rate_limit: null }],
      ['PATCH', `/${id}`, { rate_limit: null }, token],
      ['PATCH', `/${same}`, { rate_limit: null }],
      ['POST', `/${free}/rotate`, {}],
    ];
    for (const [method, path, json, by] of refused) {
      const answer = await ask(method, path, json, by);
      expect([...codeOf(answer), pointersOf(answer)]).toEqual([403, 'rate_limit_not_held', ['/rate_limit']]);
    }
    expect((await ask('POST', '', { ...KEY, rate_limit: 50 })).status).toBe(201);
    for (const path of [`/${id}/rotate`, `/${same}/rotate`]) expect((await ask('POST', path, {})).status).toBe(200);
    expect((await ask('PATCH', `/${id}`, { rate_limit: 40 })).body['rate_limit']).toBe(40);
    // What the token says that it had then is not asked.
    expect(codeOf(await ask('PATCH', `/${id}`, { rate_limit: 50 }, token))).toEqual([403, 'rate_limit_not_held']);
  }, 60_000);

  test('of a key that there isn’t can’t be changed, nor another tenant’s', async () => {
    const { id } = await make();
    expect(codeOf(await patch(`key_${'0'.repeat(32)}`, { rate_limit: 1 }))).toEqual([404, 'unknown_api_key']);
    const token = tokenOf('other', [...SCOPES]);
    const theirs = await scene.ask('PATCH', `/api/v1/api-keys/${id}`, { json: { rate_limit: 1 }, token });
    expect(codeOf(theirs)).toEqual([404, 'unknown_api_key']);
  });
});
