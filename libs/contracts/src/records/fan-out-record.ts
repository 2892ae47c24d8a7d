import { ORDERING_KEYS, type Event, type OrderingKey } from '@hookline/domain';
import { TOPIC } from '../topics.ts';
import { decodeCarriedEvent, eventHeaders } from './event-record.ts';
import { RECORD_VERSION, unreadable, type IncomingRecord, type OutgoingRecord, type Unreadable } from './record.ts';

/**
 * `webhook.deliveries`, third kind (`hl_kind` is `fan-out`): an event with webhooks that it was matched with, for their first attempts. Either a share of
 * a large fan-out, in any partition; or for webhooks that want their deliveries in order, in the partition of (webhook, key).
 */
export interface FanOut {
  event: Event;
  webhookIds: readonly string[];
  /** How the event makes the key of each of the webhooks; null: in no order. */
  orderBy: OrderingKey | null;
}

export function encodeFanOut({ event, webhookIds, orderBy }: FanOut, partition: number): OutgoingRecord {
  const headers = eventHeaders(event);
  headers['hl_v'] = RECORD_VERSION;
  headers['hl_kind'] = 'fan-out';
  headers['hl_webhooks'] = packIds(webhookIds);
  if (orderBy !== null) headers['hl_order'] = orderBy;
  return { topic: TOPIC.deliveries, partition, key: event.id, value: event.data, headers };
}

export type DecodedFanOut = { kind: 'fan-out'; fanOut: FanOut } | Unreadable;

const ORDERS: readonly string[] = ORDERING_KEYS;

export function decodeFanOut(record: IncomingRecord): DecodedFanOut {
  const decoded = decodeCarriedEvent(record);
  if (decoded.kind === 'unreadable') return decoded;
  const { hl_webhooks: packed, hl_order: orderBy } = record.headers;
  if (!packed) return unreadable('header hl_webhooks is missing');
  if (orderBy !== undefined && !ORDERS.includes(orderBy)) {
    return unreadable(`header hl_order must be one of ${ORDERS.join(', ')}`);
  }
  const webhookIds = unpackIds(packed);
  if (webhookIds === null) return unreadable('header hl_webhooks must be packed ids of webhooks');
  return {
    kind: 'fan-out',
    fanOut: { event: decoded.event, webhookIds, orderBy: (orderBy as OrderingKey | undefined) ?? null },
  };
}

const UUID_ID = /^wh_[0-9a-f]{32}$/;
const PACKED = /^[A-Za-z0-9_-]{22}$/;

/** 23 characters for each: base64 of the UUID; an id of another form as it is, behind `=`. */
function packIds(ids: readonly string[]): string {
  return ids
    .map((id) => (UUID_ID.test(id) ? Buffer.from(id.slice(3), 'hex').toString('base64url') : `=${id}`))
    .join(',');
}

function unpackIds(packed: string): string[] | null {
  const ids: string[] = [];
  for (const one of packed.split(',')) {
    if (one.length > 1 && one.startsWith('=')) ids.push(one.slice(1));
    else if (PACKED.test(one)) ids.push(`wh_${Buffer.from(one, 'base64url').toString('hex')}`);
    else return null;
  }
  return ids;
}
