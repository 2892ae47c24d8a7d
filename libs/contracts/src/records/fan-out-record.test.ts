import type { Event } from '@hookline/domain';
import { describe, expect, test } from '@jest/globals';
import { decodeDelivery } from './command-record.ts';
import { encodeFanOut, type FanOut } from './fan-out-record.ts';
import { encodeOrdered, type Ordered } from './ordered-record.ts';
import type { IncomingRecord, OutgoingRecord } from './record.ts';

const EVENT: Event = {
  tenant: 'acme',
  id: 'evt_1',
  type: 'order.created',
  source: '/shop',
  time: '2026-11-22T10:00:00Z',
  data: Buffer.from([0, 255, 10]),
  contentType: 'application/octet-stream',
  acceptedAtMs: 1_800_000_000_000,
  subject: 'order/7',
};

const IDS = Array.from({ length: 500 }, (_, n) => `wh_${n.toString(16).padStart(32, '0')}`);
const FAN_OUT: FanOut = { event: EVENT, webhookIds: IDS, orderBy: null };

const ORDERED: Ordered = {
  retry: {
    deliveryId: 'dlv_1',
    webhookId: 'wh_1',
    event: EVENT,
    attempt: 3,
    dueAtMs: 1_800_000_005_000,
    firstAttemptAtMs: 1_800_000_001_000,
    deferred: false,
  },
  orderKey: 'Grüße, 世界',
  place: 0,
};

function read(record: OutgoingRecord, headers: Record<string, string | undefined> = {}): IncomingRecord {
  const all = Object.entries({ ...record.headers, ...headers }).filter(([, value]) => value !== undefined);
  return {
    ...record,
    partition: record.partition ?? 0,
    offset: 1,
    timestampMs: 0,
    key: record.key ?? null,
    headers: Object.fromEntries(all) as Record<string, string>,
  };
}

describe('records of a fan-out', () => {
  test.each<FanOut>([
    FAN_OUT,
    { event: EVENT, webhookIds: ['wh_1', 'other', IDS[7]!], orderBy: 'subject' },
    { event: EVENT, webhookIds: ['wh_1'], orderBy: 'webhook' },
  ])('come back as they were', (fanOut) => {
    expect(decodeDelivery(read(encodeFanOut(fanOut, 5)))).toEqual({ kind: 'fan-out', fanOut });
  });

  test('500 ids take less than 12 kB, and the event’s bytes are shared', () => {
    const record = encodeFanOut(FAN_OUT, 5);
    expect(record.headers['hl_webhooks']!.length).toBeLessThan(12_000);
    expect(record.value).toBe(EVENT.data);
    expect(record.partition).toBe(5);
  });

  test.each([
    [{ hl_webhooks: undefined }, 'header hl_webhooks is missing'],
    [{ hl_webhooks: 'wh_1' }, 'header hl_webhooks must be packed ids of webhooks'],
    [{ hl_webhooks: '=' }, 'header hl_webhooks must be packed ids of webhooks'],
    [{ hl_order: 'colour' }, 'header hl_order must be one of partitionkey, subject, source, webhook'],
    [{ ce_id: undefined }, 'ce_id must be 1 to 256 characters'],
    [{ hl_v: '2' }, 'header hl_v is 2'],
    [{ hl_kind: 'other' }, 'header hl_kind is other'],
  ])('%o is unreadable', (headers, reason) => {
    const decoded = decodeDelivery(read(encodeFanOut(FAN_OUT, 5), headers));
    expect(decoded.kind === 'unreadable' ? decoded.reason : decoded.kind).toContain(reason);
  });
});

describe('records of a delivery in order', () => {
  test.each<Ordered>([ORDERED, { ...ORDERED, orderKey: '', place: 123_456_789 }])(
    'come back as they were',
    (ordered) => {
      const record = encodeOrdered(ordered, 4);
      expect([record.topic, record.partition, record.key]).toEqual(['webhook.deliveries', 4, 'dlv_1']);
      expect(decodeDelivery(read(record))).toEqual({ kind: 'ordered', ordered });
    },
  );

  test.each([
    [{ hl_place: undefined }, 'header hl_place must be an offset'],
    [{ hl_place: 'first' }, 'header hl_place must be an offset'],
    [{ hl_order_key: undefined }, 'header hl_order_key is missing'],
    [{ hl_attempt: '0' }, 'header hl_attempt must be a positive integer'],
  ])('%o is unreadable', (headers, reason) => {
    expect(decodeDelivery(read(encodeOrdered(ORDERED, 4), headers))).toMatchObject({ kind: 'unreadable', reason });
  });
});
