import { decodeDelivery } from '@hookline/contracts';
import type { DeliverySettings, Event } from '@hookline/domain';
import type { NewRecord } from '@hookline/event-log';
import { describe, expect, test } from '@jest/globals';
import { planFanOut } from './fan-out.ts';
import type { KnownWebhook } from './webhook-table.ts';

const EVENT: Event = {
  tenant: 'acme',
  id: 'evt_1',
  type: 'order.created',
  source: '/shop',
  time: '2026-11-22T10:00:00Z',
  data: Buffer.from('{}'),
  contentType: 'application/json',
  acceptedAtMs: 1_800_000_000_000,
  subject: 'order/7',
};

const webhook = (n: number, delivery?: DeliverySettings) =>
  ({ id: `wh_${n.toString(16).padStart(32, '0')}`, delivery }) as KnownWebhook;
const webhooks = (count: number, delivery?: DeliverySettings) =>
  Array.from({ length: count }, (_, n) => webhook(n, delivery));

function read(record: NewRecord) {
  const decoded = decodeDelivery({ offset: 0, timestampMs: 0, partition: 0, headers: {}, ...record, key: null });
  if (decoded.kind !== 'fan-out') throw new Error(decoded.kind);
  return { ...decoded.fanOut, partition: record.partition as number };
}

describe('a fan-out', () => {
  test('up to 500 webhooks in no order are sent from here', () => {
    const matched = webhooks(500);
    expect(planFanOut(EVENT, matched)).toEqual({ direct: matched, records: [] });
  });

  test('more are shared in chunks of at most 500, one after the other over the partitions, the same ones each time', () => {
    const matched = webhooks(10_000);
    const { direct, records } = planFanOut(EVENT, matched);
    const chunks = records.map(read);
    expect(direct).toEqual([]);
    expect(chunks).toHaveLength(20);
    expect(new Set(chunks.map(({ partition }) => partition)).size).toBe(12);
    expect(chunks.flatMap(({ webhookIds }) => webhookIds)).toEqual(matched.map(({ id }) => id));
    for (const { webhookIds, orderBy } of chunks) expect([webhookIds.length <= 500, orderBy]).toEqual([true, null]);
    expect(planFanOut(EVENT, matched).records).toEqual(records);
    expect(planFanOut({ ...EVENT, id: 'evt_2' }, matched).records[0]?.partition).not.toBe(records[0]?.partition);
  });

  test('those in order go to the partition of (webhook, key), whatever else the event is', () => {
    const matched = [webhook(0), ...webhooks(900, { orderBy: 'subject' }), webhook(1, { orderBy: 'webhook' })];
    const { direct, records } = planFanOut(EVENT, matched);
    expect(direct.map(({ id }) => id)).toEqual([matched[0]?.id]);
    const partitions = new Map(
      records
        .map(read)
        .flatMap(({ webhookIds, orderBy, partition }) =>
          webhookIds.map((id) => [`${id}/${orderBy}`, partition] as const),
        ),
    );
    expect(partitions.size).toBe(901);
    const others = planFanOut({ ...EVENT, id: 'evt_2', type: 'order.paid' }, matched.slice(100));
    for (const { webhookIds, orderBy, partition } of others.records.map(read)) {
      for (const id of webhookIds) expect(partition).toBe(partitions.get(`${id}/${orderBy}`));
    }
    const spread = new Set(partitions.values());
    expect(spread.size).toBe(12);
  });

  test('an event without the key goes out as it comes', () => {
    const matched = webhooks(3, { orderBy: 'partitionkey' });
    expect(planFanOut(EVENT, matched)).toEqual({ direct: matched, records: [] });
  });
});
