import { EVENT_LIMITS, type Event } from '@hookline/domain';
import { integerHeader } from './record.ts';

/** What a producer says of an event beside its CloudEvents attributes: headers of ours, on every topic that carries the event. */
type EventOptions = Pick<Event, 'metadata' | 'deliverAtMs' | 'expiresAtMs' | 'retryScheduleMs' | 'maxRetries'>;

export function encodeOptions(options: EventOptions, headers: Record<string, string>): void {
  const { metadata, deliverAtMs, expiresAtMs, retryScheduleMs, maxRetries } = options;
  if (metadata !== undefined) headers['hl_metadata'] = JSON.stringify(metadata);
  if (deliverAtMs !== undefined) headers['hl_deliver_at'] = String(deliverAtMs);
  if (expiresAtMs !== undefined) headers['hl_expires'] = String(expiresAtMs);
  if (retryScheduleMs !== undefined) headers['hl_retry_schedule'] = retryScheduleMs.join(',');
  if (maxRetries !== undefined) headers['hl_max_retries'] = String(maxRetries);
}

/** Puts what the headers say into `event`. Returns what is wrong with them, or null. */
export function decodeOptions(headers: Record<string, string>, event: Event): string | null {
  const { hl_metadata: metadata, hl_retry_schedule: schedule } = headers;
  if (metadata !== undefined) {
    const read = readMetadata(metadata);
    if (read === null) return METADATA_PROBLEM;
    event.metadata = read;
  }
  if (schedule !== undefined) {
    const read = readSchedule(schedule);
    if (read === null) return SCHEDULE_PROBLEM;
    event.retryScheduleMs = read;
  }
  for (const [name, member] of INTEGERS) {
    if (headers[name] === undefined) continue;
    const value = integerHeader(headers, name);
    if (value === null) return `${name} must be a non-negative integer`;
    event[member] = value;
  }
  if (event.maxRetries !== undefined && event.maxRetries > EVENT_LIMITS.retries) {
    return `hl_max_retries must be at most ${EVENT_LIMITS.retries}`;
  }
  return null;
}

const INTEGERS = [
  ['hl_deliver_at', 'deliverAtMs'],
  ['hl_expires', 'expiresAtMs'],
  ['hl_max_retries', 'maxRetries'],
] as const;

const METADATA_PROBLEM =
  `hl_metadata must be a JSON object of at most ${EVENT_LIMITS.metadataEntries} strings, ` +
  `names of 1 to ${EVENT_LIMITS.metadataKey} and values of at most ${EVENT_LIMITS.metadataValue} characters`;

function readMetadata(text: string): Record<string, string> | null {
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch {
    return null;
  }
  if (typeof parsed !== 'object' || parsed === null || Array.isArray(parsed)) return null;
  const entries = Object.entries(parsed);
  // One more than a client may have: our own.
  if (entries.length > EVENT_LIMITS.metadataEntries + 1) return null;
  for (const [name, value] of entries) {
    if (name === '' || name.length > EVENT_LIMITS.metadataKey) return null;
    if (typeof value !== 'string' || value.length > EVENT_LIMITS.metadataValue) return null;
  }
  return parsed as Record<string, string>;
}

const SCHEDULE_PROBLEM =
  `hl_retry_schedule must be 1 to ${EVENT_LIMITS.retries} delays in ms, separated by commas, ` +
  `each at most ${EVENT_LIMITS.retryDelayMs}`;

function readSchedule(text: string): number[] | null {
  const delays = text.split(',', EVENT_LIMITS.retries + 1);
  if (delays.length > EVENT_LIMITS.retries || !delays.every((delay) => /^\d{1,9}$/.test(delay))) return null;
  const schedule = delays.map(Number);
  return schedule.every((delay) => delay <= EVENT_LIMITS.retryDelayMs) ? schedule : null;
}
