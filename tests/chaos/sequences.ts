import { decodeEvent, TOPIC } from '@hookline/contracts';
import { createKafkaEventLog } from '@hookline/event-log-kafka';
import { createLog } from '@hookline/service-kit';
import { setTimeout as sleep } from 'node:timers/promises';
import { readJournal } from './journal.ts';

/** Where an event is in the log. */
interface Logged {
  partition: number;
  offset: number;
  key: string | undefined;
}

/** By id. One that is in the log twice has its place where it is first. */
export async function readEvents(brokers: readonly string[]): Promise<Map<string, Logged>> {
  const eventLog = createKafkaEventLog({ brokers, clientId: 'chaos', log: createLog('chaos', 'silent') });
  const events = new Map<string, Logged>();
  const following = await eventLog.follow({
    topic: TOPIC.events,
    async received(records) {
      for (const record of records) {
        const decoded = decodeEvent(record);
        if (decoded.kind !== 'event' || events.has(decoded.event.id)) continue;
        const { id, partitionKey: key } = decoded.event;
        events.set(id, { partition: record.partition, offset: record.offset, key });
      }
    },
    onFailure: (error) => console.error(`  the log can't be read: ${error.message}`),
  });
  const ends = await eventLog.endOffsets(TOPIC.events);
  while (following.position().some((offset, partition) => offset < (ends[partition] ?? 0))) await sleep(50);
  await eventLog.close();
  return events;
}

export interface Comparison {
  sequences: number;
  requests: number;
  /** Requests that came before all that is ahead of them had been taken. */
  ahead: string[];
  /** Requests for what had been taken already, after one behind it in its sequence. */
  late: number;
}

/** Compares what came to the paths in order with the log. */
export function compareOrder(events: ReadonlyMap<string, Logged>, journal: string): Comparison {
  const lines = readJournal(journal).flatMap(([what, id = '', path = '', status]) => {
    const event = events.get(id);
    const name = event === undefined ? null : sequenceOf(path, event);
    return event === undefined || name === null ? [] : [{ what, id, name, status, offset: event.offset }];
  });
  const offsets = new Map<string, Set<number>>();
  for (const { name, offset } of lines) offsets.set(name, (offsets.get(name) ?? new Set()).add(offset));
  const open = new Map([...offsets].map(([name, all]) => [name, [...all].sort((a, b) => a - b)]));
  const taken = new Set<string>();
  const ahead: string[] = [];
  const furthest = new Map<string, number>();
  let requests = 0;
  let late = 0;
  for (const { what, id, name, status, offset } of lines) {
    const left = open.get(name) as number[];
    if (what === 'began') {
      requests++;
      const first = left[0] ?? Infinity;
      const last = furthest.get(name) ?? -1;
      if (offset < last) late++;
      else furthest.set(name, offset);
      if (offset > first) ahead.push(`${name}: ${id} is at ${offset}, and what is at ${first} was not taken yet`);
    } else if (status === '200') {
      taken.add(`${name}/${offset}`);
      while (left.length > 0 && taken.has(`${name}/${left[0]}`)) left.shift();
    }
  }
  return { sequences: offsets.size, requests, ahead, late };
}

/**
 * A sequence is what one webhook gets of one key; of a webhook that has all in order, what it gets of one partition of events: between those the log
 * of events has no order.
 */
function sequenceOf(path: string, { partition, key }: Logged): string | null {
  if (path.startsWith('/order/webhook/')) return `${path} of partition ${partition}`;
  return path.startsWith('/order/') && key !== undefined ? `${path} of ${key}` : null;
}
