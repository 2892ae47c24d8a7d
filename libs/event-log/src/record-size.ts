import type { LogRecord } from './event-log.ts';

/**
 * About how many bytes a record takes in memory. An event's metadata is in its headers, which may be more than its data; they count by their
 * characters, and nearly right is right enough.
 */
export function sizeOfRecord({ key, value, headers }: Pick<LogRecord, 'key' | 'value' | 'headers'>): number {
  let sizeBytes = (key?.length ?? 0) + (value?.length ?? 0);
  for (const name in headers) sizeBytes += name.length + headers[name]!.length;
  return sizeBytes;
}
