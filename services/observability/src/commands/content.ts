import { decodeCarriedEvent } from '@hookline/contracts';
import type { Event } from '@hookline/domain';
import type { Reader } from '../read/reader.ts';
import type { EventOptions } from '../write/rows.ts';

/** An event as it was accepted, from what the log keeps of it; null where its content isn't kept. */
export interface ContentRow {
  tenant: string;
  event_id: string;
  event_type: string;
  event_source: string;
  event_time: string;
  accepted_at: Date;
  content_type: string;
  data: Buffer | null;
  /** Of a dead letter: JSON of the attributes that the event had on its way. */
  event_headers: string | null;
  subject?: string | null;
  partition_key?: string | null;
  metadata?: Record<string, string> | null;
  /** JSON of EventOptions. */
  options?: string | null;
}

export const LETTER_CONTENT = `tenant, event_id, event_type, event_source, event_time, accepted_at, content_type, data, event_headers`;

export function eventOf(row: ContentRow): Event | null {
  if (row.data === null) return null;
  if (row.event_headers !== null) {
    const headers = JSON.parse(row.event_headers) as Record<string, string>;
    const record = { topic: '', partition: 0, offset: 0, key: null, value: row.data, headers, timestampMs: 0 };
    const decoded = decodeCarriedEvent(record);
    if (decoded.kind === 'event') return decoded.event;
  }
  const event: Event = {
    tenant: row.tenant,
    id: row.event_id,
    type: row.event_type,
    source: row.event_source,
    time: row.event_time,
    data: row.data,
    contentType: row.content_type,
    acceptedAtMs: row.accepted_at.getTime(),
  };
  if (row.partition_key) event.partitionKey = row.partition_key;
  if (row.subject) event.subject = row.subject;
  if (row.metadata) event.metadata = row.metadata;
  if (row.options) Object.assign(event, JSON.parse(row.options) as EventOptions);
  return event;
}

/** What a delivery is to send: of its dead letter, or of its event's row. */
export async function contentOf(
  reader: Reader,
  tenant: string,
  delivery: { id: string; event_id: string; accepted_at: Date },
): Promise<Event | null> {
  const letter = await reader.one<ContentRow>(
    `SELECT ${LETTER_CONTENT} FROM dead_letters WHERE tenant = $1 AND id = $2`,
    [tenant, delivery.id],
  );
  const ofLetter = letter === null ? null : eventOf(letter);
  if (ofLetter !== null) return ofLetter;
  const row = await reader.one<ContentRow>(
    `SELECT tenant, id AS event_id, type AS event_type, source AS event_source, time AS event_time, accepted_at, content_type, data,
       NULL AS event_headers, subject, partition_key, metadata, options
     FROM events WHERE tenant = $1 AND id = $2 AND accepted_at = $3`,
    [tenant, delivery.event_id, delivery.accepted_at],
  );
  return row === null ? null : eventOf(row);
}
