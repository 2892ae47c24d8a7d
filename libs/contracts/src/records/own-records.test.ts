import type { Event } from '@hookline/domain';
import { describe, expect, test } from '@jest/globals';
import { decodeAttempt, encodeAttempt, type Attempt } from './attempt-record.ts';
import { decodeChange, encodeChange, type WebhookChange } from './change-record.ts';
import { decodeDeadLetter, encodeDeadLetter, type DeadLetter } from './dead-letter-record.ts';
import type { IncomingRecord, OutgoingRecord } from './record.ts';
import { decodeRejected, encodeRejected } from './rejected-record.ts';
import { decodeRetry, encodeRetry, encodeSettled, packRetry, unpackHandOver, type Retry } from './retry-record.ts';

const EVENT: Event = {
  tenant: 'acme',
  id: 'evt_1',
  type: 'order.created',
  source: '/shop',
  time: '2026-11-22T10:00:00Z',
  data: Buffer.from([0, 255, 254, 128, 10]),
  contentType: 'application/octet-stream',
  acceptedAtMs: 1_800_000_000_000,
  partitionKey: 'ü',
};

const RETRY: Retry = {
  deliveryId: 'dlv_1',
  webhookId: 'wh_1',
  event: EVENT,
  attempt: 2,
  dueAtMs: 1_800_000_005_000,
  firstAttemptAtMs: 1_800_000_001_000,
  deferred: false,
};

const LETTER: DeadLetter = {
  deliveryId: 'dlv_1',
  webhookId: 'wh_1',
  event: EVENT,
  reason: 'attempts_exhausted',
  attempts: 6,
  firstAttemptAtMs: 1_800_000_001_000,
  deadAtMs: 1_800_000_090_000,
};

const ATTEMPT: Attempt = {
  id: 'att_1',
  tenant: 'acme',
  deliveryId: 'dlv_1',
  eventId: 'evt_1',
  eventType: 'order.created',
  webhookId: 'wh_1',
  number: 1,
  trigger: 'automatic',
  url: 'https://example.com/',
  state: 'retrying',
  nextAttemptAtMs: 1_800_000_005_000,
  deadReason: null,
  startedAtMs: 1_800_000_001_000,
  durationMs: 12.5,
  status: 500,
  failure: 'server_error',
  error: null,
  responseBody: 'größer\u2028',
  retryAfterMs: null,
};

const CHANGE: WebhookChange = {
  id: 'wh_1',
  tenant: 'acme',
  url: 'https://example.com/',
  eventTypes: ['order.*'],
  sealedHeaders: 's1:aa',
  sealedSecrets: 's1:bb',
  status: 'enabled',
  policy: 'quick',
};

function read({ topic, key, value, headers }: OutgoingRecord): IncomingRecord {
  return { topic, partition: 3, offset: 42, key: key ?? null, value, headers, timestampMs: 1_700_000_000_000 };
}

function withHeaders(record: OutgoingRecord, changed: Record<string, string | undefined>): IncomingRecord {
  const headers = Object.entries({ ...record.headers, ...changed });
  const present = headers.filter((entry): entry is [string, string] => entry[1] !== undefined);
  return { ...read(record), headers: Object.fromEntries(present) };
}

function unreadable(named: string) {
  return { kind: 'unreadable', reason: expect.stringContaining(named) };
}

describe.each<[string, OutgoingRecord, (record: IncomingRecord) => unknown]>([
  ['a retry', encodeRetry(RETRY), decodeRetry],
  ['a dead letter', encodeDeadLetter(LETTER), decodeDeadLetter],
  ['an attempt', encodeAttempt(ATTEMPT), decodeAttempt],
  ['a change', encodeChange('wh_1', 1, CHANGE), decodeChange],
  ['a rejected record', encodeRejected(read(encodeRetry(RETRY)), 'c', 'r'), decodeRejected],
])('%s', (_what, record, decode) => {
  test.each([undefined, '', '0', '2'])('of version %p is unreadable', (version) => {
    expect(decode(withHeaders(record, { hl_v: version }))).toEqual(unreadable('hl_v'));
  });
});

describe('a retry', () => {
  test.each<[string, Partial<Retry>]>([
    ['as it is', {}],
    ['deferred', { deferred: true, attempt: 1 }],
    ['with an event of no bytes', { event: { ...EVENT, data: Buffer.alloc(0) } }],
  ])('comes back %s', (_what, changed) => {
    const retry = { ...RETRY, ...changed };
    const record = encodeRetry(retry);
    expect([record.topic, record.key]).toEqual(['webhook.retries', 'dlv_1']);
    expect(decodeRetry(read(record))).toEqual({ kind: 'retry', retry });
  });

  test('carries its event also where the data is a CloudEvent itself', () => {
    const event = { ...EVENT, contentType: 'application/cloudevents+json', data: Buffer.from('{"id":"inner"}') };
    const decoded = decodeRetry(read(encodeRetry({ ...RETRY, event })));
    expect(decoded).toEqual({ kind: 'retry', retry: { ...RETRY, event } });
  });

  test('that is settled is a tombstone of its key', () => {
    const settled = encodeSettled('dlv_1');
    expect([settled.topic, settled.value]).toEqual(['webhook.retries', null]);
    expect(decodeRetry(read(settled))).toEqual({ kind: 'tombstone', key: 'dlv_1' });
  });

  test('is handed over as it was written, in its partition', () => {
    const record = encodeRetry(RETRY);
    const handedOver = unpackHandOver('dlv_1', 3, packRetry(read(record)));
    expect(handedOver).toEqual({ ...record, topic: 'webhook.deliveries', partition: 3 });
    expect(decodeRetry(read(handedOver))).toEqual({ kind: 'retry', retry: RETRY });
  });

  test.each<[string, string | undefined, string]>([
    ['hl_webhook', undefined, 'hl_webhook'],
    ['hl_attempt', undefined, 'hl_attempt'],
    ['hl_attempt', '0', 'hl_attempt'],
    ['hl_attempt', '1.5', 'hl_attempt'],
    ['hl_due', '-1', 'hl_due'],
    ['hl_due', undefined, 'hl_due'],
    ['hl_first', 'x', 'hl_first'],
    ['ce_id', undefined, 'ce_id'],
  ])('with %s %p is unreadable', (header, value, named) => {
    expect(decodeRetry(withHeaders(encodeRetry(RETRY), { [header]: value }))).toEqual(unreadable(named));
  });

  test('without a key is unreadable', () => {
    expect(decodeRetry({ ...read(encodeRetry(RETRY)), key: null })).toEqual(unreadable('key'));
  });
});

describe('a dead letter', () => {
  test('comes back', () => {
    const record = encodeDeadLetter(LETTER);
    expect([record.topic, record.key]).toEqual(['webhook.dead-letters', 'dlv_1']);
    expect(decodeDeadLetter(read(record))).toEqual({ kind: 'dead_letter', letter: LETTER });
  });

  test.each(['hl_webhook', 'hl_reason', 'hl_attempts', 'hl_first', 'hl_dead', 'ce_type'])(
    'without %s is unreadable',
    (header) => {
      expect(decodeDeadLetter(withHeaders(encodeDeadLetter(LETTER), { [header]: undefined }))).toEqual(
        unreadable(header),
      );
    },
  );

  test('without a key or a value is unreadable', () => {
    const record = read(encodeDeadLetter(LETTER));
    expect(decodeDeadLetter({ ...record, key: null })).toEqual(unreadable('key'));
    expect(decodeDeadLetter({ ...record, value: null })).toEqual(unreadable('value'));
  });
});

describe('an attempt', () => {
  test.each<[string, Partial<Attempt>]>([
    ['that failed', {}],
    ['without an answer', { status: null, failure: 'refused', error: 'connect ECONNREFUSED', responseBody: null }],
    ['that was the last', { state: 'dead', nextAttemptAtMs: null, deadReason: 'gone' }],
  ])('%s comes back', (_what, changed) => {
    const attempt = { ...ATTEMPT, ...changed };
    const record = encodeAttempt(attempt);
    expect([record.topic, record.key]).toEqual(['webhook.attempts', undefined]);
    expect(decodeAttempt(read(record))).toEqual({ kind: 'attempt', attempt });
  });

  test.each(['null', '{', '7', '[]'])('whose value is %p is unreadable', (text) => {
    expect(decodeAttempt({ ...read(encodeAttempt(ATTEMPT)), value: Buffer.from(text) }).kind).toBe('unreadable');
  });

  test('without a value is unreadable', () => {
    expect(decodeAttempt({ ...read(encodeAttempt(ATTEMPT)), value: null })).toEqual(unreadable('JSON'));
  });

  test.each([
    'id',
    'tenant',
    'deliveryId',
    'eventId',
    'eventType',
    'webhookId',
    'state',
    'trigger',
    'url',
    'number',
    'startedAtMs',
    'durationMs',
  ])('without %s is unreadable', (name) => {
    const value = Buffer.from(JSON.stringify({ ...ATTEMPT, [name]: undefined }));
    expect(decodeAttempt({ ...read(encodeAttempt(ATTEMPT)), value })).toEqual(unreadable(name));
  });
});

describe('a change', () => {
  test('comes back, and so does a deletion', () => {
    const changed = encodeChange('wh_1', 7, CHANGE);
    expect([changed.topic, changed.key]).toEqual(['webhook.changes', 'wh_1']);
    expect(decodeChange(read(changed))).toEqual({ kind: 'changed', revision: 7, webhook: CHANGE });
    const deleted = encodeChange('wh_1', 8, null);
    expect([deleted.key, deleted.value]).toEqual(['wh_1', null]);
    expect(decodeChange(read(deleted))).toEqual({ kind: 'deleted', revision: 8, webhookId: 'wh_1' });
  });

  test('without a key or a revision is unreadable, also as a deletion', () => {
    for (const record of [encodeChange('wh_1', 7, CHANGE), encodeChange('wh_1', 7, null)]) {
      expect(decodeChange({ ...read(record), key: null })).toEqual(unreadable('key'));
      expect(decodeChange(withHeaders(record, { hl_revision: 'x' }))).toEqual(unreadable('hl_revision'));
    }
  });

  test.each(['id', 'tenant', 'url', 'sealedHeaders', 'sealedSecrets', 'status', 'policy', 'eventTypes'])(
    'without %s is unreadable',
    (name) => {
      const value = Buffer.from(JSON.stringify({ ...CHANGE, [name]: undefined }));
      expect(decodeChange({ ...read(encodeChange('wh_1', 7, CHANGE)), value })).toEqual(unreadable(name));
    },
  );

  test.each(['{', 'null', '[]'])('whose value is %p is unreadable', (text) => {
    expect(decodeChange({ ...read(encodeChange('wh_1', 7, CHANGE)), value: Buffer.from(text) }).kind).toBe(
      'unreadable',
    );
  });
});

describe('a rejected record', () => {
  test.each<[string, string | null, Buffer | null]>([
    ['key and value', 'k', Buffer.from([0, 255])],
    ['no key', null, Buffer.from('x')],
    ['no value', 'k', null],
    ['an empty key and value', '', Buffer.alloc(0)],
    ['neither', null, null],
  ])('with %s comes back as it was', (_what, key, value) => {
    const record = { ...read(encodeRetry(RETRY)), key, value };
    const { topic, headers } = record;
    expect(decodeRejected(read(encodeRejected(record, 'dispatcher', 'why')))).toEqual({
      kind: 'rejected',
      original: { topic, partition: 3, value, headers, ...(key === null ? {} : { key }) },
      offset: 42,
      reason: 'why',
      consumer: 'dispatcher',
    });
  });

  test.each([
    ['hl_topic', undefined],
    ['hl_partition', 'x'],
    ['hl_offset', undefined],
    ['hl_headers', '{'],
  ])('with %s %p is unreadable', (header, value) => {
    const record = encodeRejected(read(encodeRetry(RETRY)), 'c', 'r');
    expect(decodeRejected(withHeaders(record, { [header]: value }))).toEqual(unreadable(header));
  });
});
