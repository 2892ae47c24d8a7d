import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { createHmac, randomBytes, verify, createPublicKey } from 'node:crypto';
import { gunzipSync } from 'node:zlib';
import { Webhook } from 'standardwebhooks';
import { buildRequest, createSender, type Sender } from '@hookline/delivery';
import {
  createAddressGuard,
  createSecret,
  createSigningKey,
  publicJwks,
  type AttemptResult,
  type DeliverySettings,
  type Event,
  type ExpiringSecret,
  type WebhookCredentials,
} from '@hookline/domain';
import { createSealing } from '@hookline/service-kit';
import { createReceiver, type ReceivedRequest, type Receiver } from '@hookline/testkit';
import { openDestination } from './open-destination.ts';
import { createWebhookTable } from './webhook-table.ts';

const EVENT: Event = {
  tenant: 't1',
  id: 'evt_1',
  type: 'order.created',
  source: '/shop',
  time: '2026-01-02T03:04:05Z',
  data: Buffer.from(`{"a": 1.0, "text": "${'x'.repeat(2_000)}"}`),
  contentType: 'application/json',
  acceptedAtMs: 0,
};

const sealing = createSealing(randomBytes(32).toString('base64'));
let receiver: Receiver;
let sender: Sender;

beforeEach(async () => {
  receiver = await createReceiver();
  sender = createSender({ guard: createAddressGuard(['127.0.0.0/8']) });
});

afterEach(async () => {
  await sender.close();
  await receiver.close();
});

interface Given {
  secrets?: (string | ExpiringSecret)[];
  headers?: Record<string, string>;
  credentials?: WebhookCredentials;
  delivery?: DeliverySettings;
}

/** What a receiver gets of a webhook that came by `webhook.changes`. */
async function received({ secrets = [createSecret()], headers = {}, credentials, delivery }: Given) {
  const table = createWebhookTable();
  const seal = (what: string, value: unknown) => sealing.seal(JSON.stringify(value), `${what}:wh_1`);
  table.change('wh_1', 1, {
    id: 'wh_1',
    tenant: 't1',
    url: `${receiver.url}/hooks?x=1`,
    eventTypes: ['*'],
    sealedHeaders: seal('headers', headers),
    sealedSecrets: seal('secrets', secrets),
    ...(credentials === undefined ? {} : { sealedCredentials: seal('credentials', credentials) }),
    status: 'enabled',
    policy: 'quick',
    ...(delivery === undefined ? {} : { delivery }),
  });
  const request = buildRequest({
    destination: openDestination(table.get('wh_1')!, sealing),
    deliveryId: 'dlv_1',
    event: { ...EVENT, payloads: null },
    traceparent: undefined,
    userAgent: 'Hookline/0.1',
    nowMs: Date.now(),
    timeoutMs: 2_000,
  });
  const result = await new Promise<AttemptResult>((resolve) => sender.send(request, resolve));
  expect(result).toMatchObject({ failure: null });
  return receiver.requests.at(-1) as ReceivedRequest;
}

function textOf({ headers }: ReceivedRequest, name: string): string {
  return headers[name] as string;
}

describe('a webhook is sent to', () => {
  test('signed with each of its secrets that has not expired', async () => {
    const [current, previous, expired] = [createSecret(), createSecret(), createSecret()];
    const now = Date.now();
    const request = await received({
      secrets: [
        current,
        { secret: previous, expiresAtMs: now + 60_000 },
        { secret: expired, expiresAtMs: now - 60_000 },
      ],
    });
    const verifies = (secret: string) => new Webhook(secret).verify(request.body.toString(), textHeaders(request));
    expect(verifies(current)).toMatchObject({ id: 'evt_1' });
    expect(verifies(previous)).toMatchObject({ id: 'evt_1' });
    expect(() => verifies(expired)).toThrow();
  });

  test('by all of its profiles, over the body before it is compressed', async () => {
    const secret = 'of the old house';
    const signingKey = createSigningKey();
    const request = await received({
      secrets: [secret],
      credentials: { signingKeys: [signingKey] },
      delivery: { signatures: ['standard', 'ed25519', 'github', 'stripe'], compression: 'gzip', payload: 'data' },
    });
    expect(request.headers).toMatchObject({ 'content-encoding': 'gzip', 'ce-type': 'order.created' });
    const body = gunzipSync(request.body);
    expect(body.equals(EVENT.data)).toBe(true);
    const hex = (content: string) => createHmac('sha256', secret).update(content).digest('hex');
    const time = textOf(request, 'webhook-timestamp');
    expect(textOf(request, 'x-hub-signature-256')).toBe(`sha256=${hex(body.toString())}`);
    expect(textOf(request, 'stripe-signature')).toBe(`t=${time},v1=${hex(`${time}.${body.toString()}`)}`);
    const [v1, v1a] = textOf(request, 'webhook-signature').split(' ');
    const content = Buffer.from(`dlv_1.${time}.${body.toString()}`);
    expect(v1).toBe(`v1,${createHmac('sha256', secret).update(content).digest('base64')}`);
    const [jwk] = publicJwks([signingKey], 0).keys;
    const key = createPublicKey({ format: 'jwk', key: { ...jwk } });
    expect(verify(null, content, key, Buffer.from(v1a!.slice(4), 'base64'))).toBe(true);
  });

  test('with its authorization, which goes before one among its headers', async () => {
    const headers = { authorization: 'Bearer of the headers', 'x-shop': '1' };
    const credentials: WebhookCredentials = { authorization: { type: 'basic', username: 'ü', password: 'p:q' } };
    const basic = await received({ headers, credentials });
    expect(basic.headers).toMatchObject({
      authorization: `Basic ${Buffer.from('ü:p:q').toString('base64')}`,
      'x-shop': '1',
    });
    const bearer = await received({ headers, credentials: { authorization: { type: 'bearer', token: 'abc' } } });
    expect(bearer.headers.authorization).toBe('Bearer abc');
    expect((await received({ headers })).headers.authorization).toBe('Bearer of the headers');
  });

  test('as a CloudEvent', async () => {
    const request = await received({ delivery: { payload: 'cloudevent', compression: 'zstd' } });
    expect(request.headers).toMatchObject({
      'content-type': 'application/cloudevents+json',
      'content-encoding': 'zstd',
    });
  });
});

function textHeaders(request: ReceivedRequest): Record<string, string> {
  return request.headers as Record<string, string>;
}
