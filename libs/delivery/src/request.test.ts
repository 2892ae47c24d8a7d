import { describe, expect, test } from '@jest/globals';
import { createHmac } from 'node:crypto';
import { gunzipSync } from 'node:zlib';
import { Webhook } from 'standardwebhooks';
import { createSecret, createSigning, type Event } from '@hookline/domain';
import { buildRequest, createDestination, type Destination } from './index.ts';

const EVENT: Event = {
  tenant: 'default',
  id: 'evt_1',
  type: 'order.created',
  source: '/shop',
  time: '2026-01-02T03:04:05Z',
  data: Buffer.from('{"a": 1.0}'),
  contentType: 'application/json',
  acceptedAtMs: 0,
};

const secrets = [createSecret(), createSecret(), 'a secret without the prefix'];
const options = {
  url: 'https://user.example:8443/hooks?token=1#part',
  headers: { 'x-own': 'yes', 'webhook-id': 'mine', 'Content-Type': 'text/evil', host: 'other', 'user-agent': 'mine' },
  signing: createSigning({ secrets }),
};

function request(destination: Destination = createDestination(options), event: Event = EVENT, nowMs = Date.now()) {
  return buildRequest({
    destination,
    event: { ...event, payloads: null },
    deliveryId: 'dlv_1',
    traceparent: '00-1-2-01',
    userAgent: 'Hookline/0.1',
    nowMs,
    timeoutMs: 1_000,
  });
}

describe('request', () => {
  test('an independent implementation accepts the signature of each secret', () => {
    const { headers, body } = request();
    for (const secret of secrets) {
      const webhook = new Webhook(secret, secret.startsWith('whsec_') ? {} : { format: 'raw' });
      expect(() => webhook.verify(textOf(body), asObject(headers))).not.toThrow();
    }
    expect(() => new Webhook(createSecret()).verify(textOf(body), asObject(headers))).toThrow();
  });

  test('says what Standard Webhooks says, over the bytes that are sent', () => {
    const built = request(createDestination(options), EVENT, 1_700_000_000_999);
    expect(built).toMatchObject({ origin: 'https://user.example:8443', path: '/hooks?token=1', timeoutMs: 1_000 });
    const signed = secrets.map((secret) =>
      createHmac('sha256', secret.startsWith('whsec_') ? Buffer.from(secret.slice(6), 'base64') : secret)
        .update(`dlv_1.1700000000.${textOf(built.body)}`)
        .digest('base64'),
    );
    expect(asObject(built.headers)).toEqual({
      'content-type': 'application/json',
      'user-agent': 'Hookline/0.1',
      'webhook-id': 'dlv_1',
      'webhook-timestamp': '1700000000',
      'webhook-signature': signed.map((mac) => `v1,${mac}`).join(' '),
      traceparent: '00-1-2-01',
      'x-own': 'yes',
    });
  });

  test.each(['x-hub-signature-256', 'Stripe-Signature', 'CE-Id', 'content-encoding', 'webhook-x'])(
    'a header %p of the webhook is not sent',
    (name) => {
      const { headers } = request(createDestination({ ...options, headers: { [name]: 'mine' } }));
      expect(headers).not.toContain('mine');
    },
  );

  test('the payloads of an event are shared by its requests', () => {
    const event = { ...EVENT, payloads: null };
    const parts = { event, deliveryId: 'd', traceparent: undefined, userAgent: 'u', nowMs: 0, timeoutMs: 1 };
    const [first, second] = [1, 2].map(() => buildRequest({ ...parts, destination: createDestination(options) }));
    expect(first?.body).toBe(second?.body);
    const bare = buildRequest({ ...parts, destination: createDestination({ ...options, format: 'data' }) });
    expect(bare.body).toBe(EVENT.data);
    expect(bare.headers).toContain('ce-type');
  });

  test('a compressed body is signed as it was before', () => {
    const large = { ...EVENT, data: Buffer.from(JSON.stringify('x'.repeat(3_000))) };
    const { headers, body } = request(createDestination({ ...options, compression: 'gzip' }), large);
    expect(asObject(headers)).toMatchObject({ 'content-encoding': 'gzip' });
    expect((body as Buffer).length).toBeLessThan(300);
    const plain = gunzipSync(body as Buffer).toString();
    expect(() => new Webhook(secrets[0]!).verify(plain, asObject(headers))).not.toThrow();
  });

  test('a small one is not compressed', () => {
    const { headers, body } = request(createDestination({ ...options, compression: 'zstd' }));
    expect(headers).not.toContain('content-encoding');
    expect(JSON.parse(textOf(body))).toMatchObject({ id: 'evt_1' });
  });
});

/** Of a body that is not still being compressed. */
function textOf(body: Buffer | Promise<Buffer>): string {
  return (body as Buffer).toString();
}

function asObject(headers: string[]): Record<string, string> {
  const object: Record<string, string> = {};
  for (let at = 0; at < headers.length; at += 2) object[headers[at] as string] = headers[at + 1] as string;
  return object;
}
