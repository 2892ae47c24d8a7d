import type { LogRecord } from '@hookline/event-log';
import type { IHeaders, KafkaMessage } from 'kafkajs';
import type { FetchedMessage } from 'kafkajs/src/protocol/requests/fetch/v11/response.js';

/** The value is copied: it is a slice that would keep its whole batch, or the answer (up to megabytes), in memory for as long as the record. */
export function toLogRecord(topic: string, partition: number, message: KafkaMessage | FetchedMessage): LogRecord {
  return {
    topic,
    partition,
    offset: Number(message.offset),
    key: message.key === null ? null : message.key.toString(),
    value: message.value === null ? null : copy(message.value),
    headers: toStrings(message.headers),
    timestampMs: Number(message.timestamp),
  };
}

function copy(value: Buffer): Buffer {
  const own = Buffer.allocUnsafe(value.length);
  value.copy(own);
  return own;
}

function toStrings(headers: IHeaders | undefined): Record<string, string> {
  if (areStrings(headers)) return headers;
  const strings: Record<string, string> = {};
  for (const name in headers) {
    const value = headers[name];
    // A header may be repeated in Kafka; its last value counts.
    const last = Array.isArray(value) ? value.at(-1) : value;
    if (last !== undefined && last !== null) strings[name] = last.toString();
  }
  return strings;
}

/** As our own decoder makes them (quick-fetch.ts): they are taken as they are. */
function areStrings(headers: IHeaders | undefined): headers is Record<string, string> {
  if (headers === undefined) return false;
  for (const name in headers) if (typeof headers[name] !== 'string') return false;
  return true;
}
