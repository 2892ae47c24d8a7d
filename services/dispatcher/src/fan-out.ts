import { encodeFanOut, TOPIC, TOPICS } from '@hookline/contracts';
import type { Event, OrderingKey } from '@hookline/domain';
import type { NewRecord } from '@hookline/event-log';
import { orderKeyOf } from './order-key.ts';
import type { KnownWebhook } from './webhook-table.ts';

/** More webhooks than that for one event are shared with the other dispatchers, at most so many at a time. */
const MOST_WEBHOOKS = 500;
const PARTITIONS = TOPICS.find(({ name }) => name === TOPIC.deliveries)?.partitions ?? 1;

/** What becomes of a match. */
export interface FanOutPlan {
  /** To be sent from here. */
  direct: readonly KnownWebhook[];
  /** For `webhook.deliveries`: the others. The same match gives the same records. */
  records: readonly NewRecord[];
}

const NOTHING: readonly NewRecord[] = [];

export function planFanOut(event: Event, matched: readonly KnownWebhook[]): FanOutPlan {
  if (matched.length <= MOST_WEBHOOKS && !matched.some(isOrdered)) return { direct: matched, records: NOTHING };
  const direct: KnownWebhook[] = [];
  const sequences = new Map<string, { orderBy: OrderingKey; partition: number; webhookIds: string[] }>();
  for (const webhook of matched) {
    const orderBy = webhook.delivery?.orderBy;
    const key = orderBy === undefined ? null : orderKeyOf(event, orderBy);
    if (orderBy === undefined || key === null) {
      direct.push(webhook);
      continue;
    }
    const partition = partitionOf(`${webhook.id}/${key}`);
    const name = `${orderBy}/${partition}`;
    const sequence = sequences.get(name);
    if (sequence === undefined) sequences.set(name, { orderBy, partition, webhookIds: [webhook.id] });
    else sequence.webhookIds.push(webhook.id);
  }
  const records: NewRecord[] = [];
  for (const { orderBy, partition, webhookIds } of sequences.values()) {
    for (const ids of inChunks(webhookIds)) records.push(encodeFanOut({ event, webhookIds: ids, orderBy }, partition));
  }
  if (direct.length <= MOST_WEBHOOKS) return { direct, records };
  const first = partitionOf(`${event.tenant}/${event.id}`);
  inChunks(direct.map(({ id }) => id)).forEach((webhookIds, index) => {
    records.push(encodeFanOut({ event, webhookIds, orderBy: null }, (first + index) % PARTITIONS));
  });
  return { direct: [], records };
}

function isOrdered({ delivery }: KnownWebhook): boolean {
  return delivery?.orderBy !== undefined;
}

function inChunks(ids: readonly string[]): string[][] {
  const chunks: string[][] = [];
  for (let from = 0; from < ids.length; from += MOST_WEBHOOKS) chunks.push(ids.slice(from, from + MOST_WEBHOOKS));
  return chunks;
}

/** FNV-1a. It never changes: what is of one sequence must stay in one partition. */
function partitionOf(text: string): number {
  let hash = 0x811c9dc5;
  for (let index = 0; index < text.length; index++) hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193);
  // The lowest bits depend on the lowest bits of the text alone.
  return ((hash ^ (hash >>> 15)) >>> 0) % PARTITIONS;
}
