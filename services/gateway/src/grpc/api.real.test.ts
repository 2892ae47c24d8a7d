import { status } from '@grpc/grpc-js';
import type { Attempt } from '@hookline/contracts';
import { EVENT_LIMITS } from '@hookline/domain';
import { eventually } from '@hookline/testkit';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { appendAttempts } from '../testing/attempts.ts';
import { createGrpcClient, type GrpcClient, type Watching } from '../testing/grpc-client.ts';
import { openGatewayScene, tokenOf, type GatewayScene } from '../testing/scene.ts';

let scene: GatewayScene;
let grpc: GrpcClient;

beforeAll(async () => {
  scene = await openGatewayScene({}, { behind: true });
  grpc = createGrpcClient(scene.grpcPort);
}, 60_000);

afterAll(async () => {
  grpc?.close();
  await scene?.stop();
});

const URL = 'https://example.com/hook';
const register = (more: object = {}, token?: string) =>
  grpc.call<{ webhookId: string; eventType: string; secret: string; createdAt: string }>(
    'RegisterWebhook',
    { namespace: 'shop', event: 'order.created', url: URL, ...more },
    token,
  );
const push = (more: object = {}, token?: string | null) =>
  grpc.call<{ eventId: string; acceptedAt: string; duplicate: boolean; webhooksTriggered?: number }>(
    'PushEvent',
    { namespace: 'shop', event: 'order.created', payload: '{"total": 19.90}', ...more },
    token,
  );
const list = async (more: object = {}, token?: string) => {
  const { webhooks } = await grpc.call<{ webhooks: { webhookId: string }[] }>('ListWebhooks', more, token);
  return webhooks.map(({ webhookId }) => webhookId);
};

describe('webhooks', () => {
  test('are registered for a namespace and an event, listed, and unregistered', async () => {
    const namespace = 'crud';
    const { webhookId, ...registered } = await register({
      namespace,
      headers: { 'X-Shop': '1', Authorization: 'Bearer x' },
      timeoutSeconds: 7,
      description: 'ü',
    });
    expect(registered).toEqual({
      eventType: 'crud.order.created',
      secret: expect.stringMatching(/^whsec_/),
      createdAt: expect.stringMatching(/Z$/),
    });
    const { id: everything } = (await scene.ask('POST', '/api/v1/webhooks', { json: { url: URL, event_types: ['*'] } }))
      .body;
    const { webhookId: below } = await register({ namespace, event: '*' });
    const { webhookId: other } = await register({ namespace, event: 'order.paid' });

    expect(await list({ namespace })).toEqual([other, below, webhookId]);
    expect(await list({ namespace, event: 'order.created' })).toEqual([below, everything, webhookId]);
    expect(await list({ limit: 1 })).toEqual([other]);
    const { webhooks } = await grpc.call<{ webhooks: object[] }>('ListWebhooks', { namespace, event: 'order.created' });
    expect(webhooks.at(-1)).toEqual({
      webhookId,
      url: URL,
      eventTypes: ['crud.order.created'],
      headers: { 'x-shop': '1', authorization: '***' },
      timeoutSeconds: 7,
      description: 'ü',
      status: 'enabled',
      disabledReason: '',
      createdAt: registered.createdAt,
    });

    await scene.ask('POST', `/api/v1/webhooks/${webhookId}/disable`);
    expect(await list({ namespace, event: 'order.created', activeOnly: true })).toEqual([below, everything]);
    for (const id of [webhookId, below, other, everything]) {
      await grpc.call('UnregisterWebhook', { webhookId: id });
    }
    expect(await list({ namespace })).toEqual([]);
    await expect(grpc.call('UnregisterWebhook', { webhookId })).rejects.toMatchObject({ code: status.NOT_FOUND });
  });

  test("of another tenant don't exist", async () => {
    const { webhookId } = await register({ namespace: 'mine' });
    const token = tokenOf('other');
    expect(await list({}, token)).toEqual([]);
    const unknown = { code: status.NOT_FOUND, details: 'There is no such webhook.' };
    await expect(grpc.call('UnregisterWebhook', { webhookId }, token)).rejects.toMatchObject(unknown);
    await expect(grpc.call('GetWebhookStatus', { webhookId }, token)).rejects.toMatchObject(unknown);
    expect((await push({ namespace: 'mine' }, token)).webhooksTriggered).toBe(0);
  });
});

describe('an event', () => {
  test('is pushed with the number of webhooks that its type triggers, and is the same by its id', async () => {
    await register({ namespace: 'count' });
    await register({ namespace: 'count', event: '*' });
    await register({ namespace: 'count', event: 'other' });
    const id = 'grpc-1';
    const event = { namespace: 'count', id, ttlSeconds: 60, metadata: { a: 'b' }, partitionKey: 'k', subject: 's' };
    const pushed = await push(event);
    expect(pushed).toEqual({
      eventId: id,
      acceptedAt: expect.stringMatching(/Z$/),
      duplicate: false,
      webhooksTriggered: 2,
    });
    expect(await push(event)).toEqual({ ...pushed, duplicate: true });
    const stored = (await scene.ask('GET', `/api/v1/events/${id}`)).body;
    expect(stored).toMatchObject({
      type: 'count.order.created',
      source: 'count',
      data: { total: 19.9 },
      metadata: { a: 'b' },
      partitionkey: 'k',
      subject: 's',
    });
    const taken = { code: status.FAILED_PRECONDITION, details: expect.stringContaining('id: belongs to an event') };
    await expect(push({ ...event, payload: '1' })).rejects.toMatchObject(taken);
  });

  test('says what became of it', async () => {
    const { eventId } = await push({ namespace: 'status', source: 'https://shop.example' });
    expect(await grpc.call('GetWebhookStatus', { eventId })).toEqual({
      webhook: null,
      event: {
        eventId,
        eventType: 'status.order.created',
        source: 'https://shop.example',
        time: expect.any(String),
        acceptedAt: expect.any(String),
      },
      deliveries: [],
      complete: true,
    });
    const { webhookId } = await register({ namespace: 'status' });
    expect(await grpc.call('GetWebhookStatus', { webhookId })).toMatchObject({
      webhook: { webhookId, eventTypes: ['status.order.created'] },
      event: null,
      deliveries: [],
      complete: true,
    });
    const theirs = grpc.call('GetWebhookStatus', { eventId }, tokenOf('other'));
    await expect(theirs).rejects.toMatchObject({ code: status.NOT_FOUND });
  });
});

describe('a stream of events', () => {
  test('is answered once all are durable; those that are none are told by their place', async () => {
    const events = Array.from({ length: 450 }, (_, index) => ({
      namespace: 'many',
      event: index === 7 ? 'not a word' : 'made',
      payload: index === 300 ? '{' : String(index),
      id: `many-${index === 449 ? 1 : index}`,
      ttlSeconds: index === 400 ? 2_000_000_000 : 0,
    }));
    const answer = await grpc.pushAll<{ refusals: { index: number }[] }>(events);
    expect(answer).toMatchObject({ accepted: 446, duplicates: 0, refused: 4 });
    expect(answer.refusals.toSorted((a, b) => a.index - b.index)).toMatchObject([
      { index: 7, eventId: 'many-7', code: 'invalid_input', field: 'event' },
      { index: 300, eventId: 'many-300', code: 'invalid_input', field: 'payload' },
      { index: 400, eventId: 'many-400', code: 'invalid_input', field: 'ttl_seconds' },
      { index: 449, eventId: 'many-1', code: 'event_id_taken', field: 'id' },
    ]);
    expect((await scene.ask('GET', '/api/v1/events/many-448')).body).toMatchObject({ data: 448 });
    expect(await grpc.pushAll(events.slice(0, 7))).toMatchObject({ accepted: 7, duplicates: 7, refused: 0 });
  });

  test('may be empty', async () => {
    expect(await grpc.pushAll([])).toEqual({ accepted: 0, duplicates: 0, refused: 0, refusals: [] });
  });
});

describe('watching deliveries', () => {
  const attempt = (tenant: string, count: number, more: Partial<Attempt> = {}) =>
    appendAttempts(scene.eventLog, tenant, count, {
      url: URL,
      state: 'retrying',
      nextAttemptAtMs: Date.now(),
      failure: 'server_error',
      status: 503,
      ...more,
    });

  const begun = (watching: Watching) => eventually(() => expect(watching.messages).not.toEqual([]));

  test('a tenant sees its own as they come, and goes on by the cursor', async () => {
    const first = grpc.watch({ types: ['order.*'] });
    await begun(first);
    await attempt('other', 2);
    await attempt('default', 1, { eventType: 'invoice.paid' });
    const seen = await attempt('default', 3);
    await eventually(() => expect(first.deliveries().toSorted()).toEqual(seen.toSorted()));
    expect(first.messages.at(-1)!.updates[0]).toMatchObject({
      eventType: 'order.created',
      webhookId: 'wh_x',
      state: 'retrying',
      attemptNumber: 1,
      trigger: 'automatic',
      outcome: 'failed',
      responseCode: 503,
      failure: 'server_error',
      at: expect.stringMatching(/Z$/),
    });
    first.cancel();
    const missed = await attempt('default', 2);
    const second = grpc.watch({ cursor: first.messages.at(-1)!.cursor, outcome: 'failed', types: ['order.*'] });
    await eventually(() => expect(second.deliveries().toSorted()).toEqual(missed.toSorted()));
    expect(second.messages.some(({ gap }) => gap)).toBe(false);
    second.cancel();
    await eventually(() => expect(second.error).toMatchObject({ code: status.CANCELLED }));
  });

  test.each<[object, string]>([
    [{ cursor: 'x y' }, 'cursor: must be a cursor'],
    [{ outcome: 'maybe' }, 'outcome: must be succeeded or failed'],
    [{ types: ['a b'] }, 'types: must be an event type'],
    [{ webhooks: Array.from({ length: 21 }, (_, index) => `w${index}`) }, 'webhooks: must be given at most 20'],
  ])('%j is refused with the field at fault', async (request, details) => {
    const watching = grpc.watch(request);
    await eventually(() =>
      expect(watching.error).toMatchObject({
        code: status.INVALID_ARGUMENT,
        details: expect.stringContaining(details),
      }),
    );
  });

  test('wants deliveries:read, and a webhook of the tenant’s', async () => {
    const without = grpc.watch({}, tokenOf('default', ['webhooks:read']));
    const { webhookId } = await register({ namespace: 'watched' });
    const theirs = grpc.watch({ webhooks: [webhookId] }, tokenOf('other'));
    await eventually(() => {
      expect(without.error).toMatchObject({ code: status.PERMISSION_DENIED });
      expect(theirs.error).toMatchObject({ code: status.NOT_FOUND });
    });
  });
});

describe('is refused, with the field at fault', () => {
  test.each<[string, object, string]>([
    ['no namespace', { namespace: '' }, 'namespace: is required'],
    ['a namespace of spaces', { namespace: 'a b' }, 'namespace: must be words'],
    ['no event', { event: '' }, 'event: is required'],
    ['a pattern', { event: '*' }, 'event: must be words'],
    ['a type that is too long', { event: 'x'.repeat(EVENT_LIMITS.type) }, 'event: must have, with its namespace'],
    ['no payload', { payload: '' }, 'payload: is required'],
    ['a payload that is no JSON', { payload: 'hello' }, 'payload: must be JSON'],
    ['a payload that goes on', { payload: '1,"id":"x"' }, 'payload: must be JSON'],
    ['a payload that ends the event', { payload: '1},{"type":"a.b"' }, 'payload: must be JSON'],
    ['a negative ttl', { ttlSeconds: -1 }, 'ttl_seconds: must not be negative'],
    ['a ttl of years', { ttlSeconds: 2_000_000_000 }, 'ttl_seconds: must be'],
    ['an id with a newline', { id: 'a\nb' }, 'id: must not hold control characters'],
    ['a key that is too long', { partitionKey: 'x'.repeat(300) }, 'partition_key: must have at most'],
  ])('an event with %s', async (_name, more, details) => {
    await expect(push(more)).rejects.toMatchObject({
      code: status.INVALID_ARGUMENT,
      details: expect.stringContaining(details),
    });
  });

  test.each<[string, object, string]>([
    ['no URL', { url: '' }, 'url: is required'],
    ['a URL into this network', { url: 'http://10.0.0.1/' }, 'url: must be reachable from the internet'],
    ['a header that is ours', { headers: { 'webhook-id': 'x' } }, 'headers.webhook-id: '],
    ['a timeout of hours', { timeoutSeconds: 9_999 }, 'timeout_seconds: must be'],
    ['a negative timeout', { timeoutSeconds: -1 }, 'timeout_seconds: must not be negative'],
    ['a short secret', { secret: 'x' }, 'secret: must have'],
    ['half an event', { event: 'order.*' }, 'event: must be words'],
  ])('a webhook with %s', async (_name, more, details) => {
    await expect(register(more)).rejects.toMatchObject({
      code: status.INVALID_ARGUMENT,
      details: expect.stringContaining(details),
    });
  });

  test('a page that can not be', async () => {
    const invalid = (field: string) => ({ code: status.INVALID_ARGUMENT, details: expect.stringContaining(field) });
    await expect(list({ limit: 201 })).rejects.toMatchObject(invalid('limit: must be'));
    await expect(list({ cursor: 'x' })).rejects.toMatchObject(invalid('cursor: must be'));
    await expect(list({ namespace: 'a', event: '\0' })).rejects.toMatchObject(invalid('event: must be words'));
    await expect(grpc.call('GetWebhookStatus', { limit: 1 })).rejects.toMatchObject(invalid('webhook_id: or event_id'));
    const many = grpc.call('GetWebhookStatus', { webhookId: 'a', limit: -1 });
    await expect(many).rejects.toMatchObject(invalid('limit: must be'));
  });

  test('an event larger than one may be', async () => {
    const large = (bytes: number) => push({ payload: JSON.stringify('x'.repeat(bytes)) });
    await expect(large(EVENT_LIMITS.sizeBytes)).rejects.toMatchObject({
      code: status.OUT_OF_RANGE,
      details: expect.stringContaining('payload: too large'),
    });
    await expect(large(2 * EVENT_LIMITS.sizeBytes)).rejects.toMatchObject({ code: status.RESOURCE_EXHAUSTED });
  });
});

describe('who may', () => {
  const CALLS = [
    ['RegisterWebhook', 'webhooks:write', { namespace: 'a', event: 'b', url: URL }],
    ['UnregisterWebhook', 'webhooks:write', { webhookId: 'nobody' }],
    ['ListWebhooks', 'webhooks:read', {}],
    ['PushEvent', 'events:publish', { namespace: 'a', event: 'b', payload: '1' }],
    ['GetWebhookStatus', 'deliveries:read', { eventId: 'none' }],
  ] as const;

  test.each(CALLS)('%s wants %s', async (method, scope, request) => {
    const all = ['webhooks:read', 'webhooks:write', 'events:publish', 'deliveries:read', 'deliveries:retry'];
    const without = all.filter((each) => each !== scope);
    await expect(grpc.call(method, request, tokenOf('default', without))).rejects.toMatchObject({
      code: status.PERMISSION_DENIED,
      details: `The token lacks the scope ${scope}.`,
    });
    const outcome = await grpc.call(method, request, tokenOf('default', [scope])).catch(({ code }) => code as number);
    expect(outcome).not.toBe(status.PERMISSION_DENIED);
    for (const token of [null, 'forged']) {
      await expect(grpc.call(method, request, token)).rejects.toMatchObject({ code: status.UNAUTHENTICATED });
    }
  });

  test('a stream wants events:publish too', async () => {
    const pushed = grpc.pushAll([{ namespace: 'a', event: 'b', payload: '1' }], tokenOf('default', ['webhooks:read']));
    await expect(pushed).rejects.toMatchObject({ code: status.PERMISSION_DENIED });
  });
});

test('an error has the google.rpc.Status that clients look for, and the name of the call', async () => {
  const failed = await push({ payload: '' }).catch((error: unknown) => error as { metadata: Map<string, unknown[]> });
  const { metadata } = failed as { metadata: { get(name: string): unknown[] } };
  expect(String(metadata.get('grpc-status-details-bin')[0])).toMatch(/ErrorInfo.*invalid_input.*BadRequest.*payload/s);
  expect(metadata.get('x-request-id')).toEqual([expect.any(String)]);
});

test('without the registry an event is accepted all the same, without a number', async () => {
  await scene.registry.close(Date.now());
  const pushed = await push({ namespace: 'away' });
  expect(pushed).toEqual({ eventId: expect.any(String), acceptedAt: expect.any(String), duplicate: false });
  await expect(register()).rejects.toMatchObject({ code: status.UNAVAILABLE });
});
