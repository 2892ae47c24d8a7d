import { describe, expect, test } from '@jest/globals';
import { createHmac } from 'node:crypto';
import { Webhook } from 'standardwebhooks';
import { createSecret, secretKey, type Event } from '@hookline/domain';
import { buildBody, buildRequest, createDestination } from './index.ts';

const EVENT: Event = {
  tenant: 'default',
  id: 'evt_"1',
  type: 'order.created',
  source: '/shop',
  time: '2026-01-02T03:04:05Z',
  data: Buffer.from('{"a": 1.0, "n": 12345678901234567890,\n "s":"\\u00e9"}'),
  contentType: 'application/json',
  acceptedAtMs: 0,
};

describe('body', () => {
  test("the data's bytes are as they were", () => {
    expect(buildBody(EVENT).toString()).toBe(
      `{"id":"evt_\\"1","type":"order.created","source":"/shop","timestamp":"2026-01-02T03:04:05Z","data":${EVENT.data.toString()}}`,
    );
  });

  test.each(['application/json', 'application/json; charset=utf-8', 'application/vnd.api+json', 'Text/JSON'])(
    '%p is JSON',
    (contentType) => {
      expect(JSON.parse(buildBody({ ...EVENT, contentType }).toString())).toHaveProperty('data.a', 1);
    },
  );

  test.each(['text/plain', 'application/xml; x="a+json"', 'application/jsonlines'])(
    '%p travels as base64',
    (contentType) => {
      const body = JSON.parse(
        buildBody({ ...EVENT, contentType, data: Buffer.from([0, 255, 1]) }).toString(),
      ) as object;
      expect(body).toMatchObject({ id: 'evt_"1', data_base64: 'AP8B' });
      expect(body).not.toHaveProperty('data');
    },
  );

  test('no data at all is null', () => {
    expect(JSON.parse(buildBody({ ...EVENT, data: Buffer.alloc(0) }).toString())).toHaveProperty('data', null);
  });
});

describe('request', () => {
  const secrets = [createSecret(), createSecret()];
  const destination = createDestination(
    'https://user.example:8443/hooks?token=1#part',
    { 'x-own': 'yes', 'webhook-id': 'mine', 'Content-Type': 'text/evil', host: 'other', 'user-agent': 'mine' },
    secrets.map(secretKey),
  );
  const parts = {
    destination,
    deliveryId: 'dlv_1',
    body: buildBody(EVENT),
    userAgent: 'Hookline/0.1',
    timeoutMs: 1_000,
  };

  test('an independent implementation accepts the signature of each secret', () => {
    const { headers, body } = buildRequest({ ...parts, traceparent: undefined, nowMs: Date.now() });
    for (const secret of secrets) {
      expect(() => new Webhook(secret).verify(body.toString(), asObject(headers))).not.toThrow();
    }
    expect(() => new Webhook(createSecret()).verify(body.toString(), asObject(headers))).toThrow();
  });

  test('says what Standard Webhooks says, over the bytes that are sent', () => {
    const request = buildRequest({ ...parts, traceparent: '00-1-2-01', nowMs: 1_700_000_000_999 });
    expect(request).toMatchObject({ origin: 'https://user.example:8443', path: '/hooks?token=1', timeoutMs: 1_000 });
    const signed = secrets.map((secret) =>
      createHmac('sha256', Buffer.from(secret.slice(6), 'base64'))
        .update(`dlv_1.1700000000.${request.body.toString()}`)
        .digest('base64'),
    );
    expect(asObject(request.headers)).toEqual({
      'content-type': 'application/json',
      'user-agent': 'Hookline/0.1',
      'webhook-id': 'dlv_1',
      'webhook-timestamp': '1700000000',
      'webhook-signature': signed.map((mac) => `v1,${mac}`).join(' '),
      traceparent: '00-1-2-01',
      'x-own': 'yes',
    });
  });
});

function asObject(headers: string[]): Record<string, string> {
  const object: Record<string, string> = {};
  for (let at = 0; at < headers.length; at += 2) object[headers[at] as string] = headers[at + 1] as string;
  return object;
}
