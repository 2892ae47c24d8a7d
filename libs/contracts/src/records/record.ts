/** A record about to be appended; what the event log's port calls a NewRecord. */
export interface OutgoingRecord {
  topic: string;
  key?: string;
  partition?: number;
  value: Buffer | null;
  headers: Record<string, string>;
}

/** A record that was read; what the event log's port calls a LogRecord. */
export interface IncomingRecord {
  topic: string;
  partition: number;
  offset: number;
  key: string | null;
  value: Buffer | null;
  headers: Record<string, string>;
  timestampMs: number;
}

/** A record of a key that is gone. Not an error: compacted topics have them. */
export interface Tombstone {
  kind: 'tombstone';
  key: string;
}

/** A record that nobody can make sense of: it goes to `webhook.rejected`, is counted, and blocks nothing. */
export interface Unreadable {
  kind: 'unreadable';
  reason: string;
}

/** Version of our own records, in the header `hl_v`. Readers accept this one and reject newer ones. */
export const RECORD_VERSION = '1';

/** A reason may quote the record, and must stay short enough for a line of a log all the same. */
const MOST_REASON = 1_000;

export function unreadable(reason: string): Unreadable {
  return { kind: 'unreadable', reason: reason.slice(0, MOST_REASON) };
}

export function versionProblem(headers: Record<string, string>): string | null {
  const version = headers['hl_v'];
  return version === RECORD_VERSION ? null : `header hl_v is ${version ?? 'missing'}, expected ${RECORD_VERSION}`;
}

/** A non-negative integer of a header, or null. */
export function integerHeader(headers: Record<string, string>, name: string): number | null {
  const text = headers[name];
  if (text === undefined || !/^\d{1,16}$/.test(text)) return null;
  return Number(text);
}
