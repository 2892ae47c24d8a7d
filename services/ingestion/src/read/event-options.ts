import { EVENT_LIMITS, formatDuration, parseDuration, type Event } from '@hookline/domain';
import { timeProblem } from './fields.ts';

/** What a client says of an event's delivery, beside what happened. */
export type EventOptions = Pick<
  Event,
  'subject' | 'metadata' | 'deliverAtMs' | 'expiresAtMs' | 'retryScheduleMs' | 'maxRetries'
>;

/* Each reads one option; a text is what is wrong with it. */

export function readDeliverAt(value: unknown, acceptedAtMs: number): number | string {
  const problem = timeProblem(value);
  if (problem !== null) return problem;
  const atMs = Date.parse(value as string);
  if (atMs - acceptedAtMs <= EVENT_LIMITS.aheadMs) return atMs;
  return `must be at most ${formatDuration(EVENT_LIMITS.aheadMs)} ahead`;
}

/** Until when: counted from the acceptance, or from `deliverAtMs` where that is later. */
export function readTtl(value: unknown, acceptedAtMs: number, deliverAtMs: number | undefined): number | string {
  const ttlMs = readDuration(value, 1_000, EVENT_LIMITS.aheadMs);
  return typeof ttlMs === 'string' ? ttlMs : Math.max(acceptedAtMs, deliverAtMs ?? 0) + ttlMs;
}

/** CloudEvents' `expirytime`. */
export function readExpiryTime(value: unknown, acceptedAtMs: number): number | string {
  const problem = timeProblem(value);
  if (problem !== null) return problem;
  const atMs = Date.parse(value as string);
  return atMs > acceptedAtMs ? atMs : 'must not have passed';
}

export function readRetrySchedule(value: unknown): number[] | string {
  if (!Array.isArray(value)) return 'must be a list of time spans, e.g. ["5s","30s","2m"]';
  if (value.length === 0 || value.length > EVENT_LIMITS.retries) {
    return `must have 1 to ${EVENT_LIMITS.retries} time spans`;
  }
  const delays: number[] = [];
  for (const [index, text] of value.entries()) {
    const delayMs = readDuration(text, 0, EVENT_LIMITS.retryDelayMs);
    if (typeof delayMs === 'string') return `entry ${index} ${delayMs}`;
    delays.push(delayMs);
  }
  return delays;
}

export function readMaxRetries(value: unknown): number | string {
  const isCount = typeof value === 'number' && Number.isInteger(value) && value >= 0 && value <= EVENT_LIMITS.retries;
  return isCount ? value : `must be a whole number from 0 to ${EVENT_LIMITS.retries}`;
}

export function readMetadata(value: unknown): Record<string, string> | string {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return 'must be an object of strings';
  const entries = Object.entries(value);
  if (entries.length > EVENT_LIMITS.metadataEntries) return `must have at most ${EVENT_LIMITS.metadataEntries} members`;
  for (const [name, text] of entries) {
    if (name === '' || name.length > EVENT_LIMITS.metadataKey) {
      return `must have names of 1 to ${EVENT_LIMITS.metadataKey} characters`;
    }
    if (typeof text !== 'string') return 'must be an object of strings';
    if (text.length > EVENT_LIMITS.metadataValue) {
      return `must have values of at most ${EVENT_LIMITS.metadataValue} characters`;
    }
  }
  return value as Record<string, string>;
}

function readDuration(value: unknown, leastMs: number, mostMs: number): number | string {
  const ms = typeof value === 'string' ? parseDuration(value) : null;
  if (ms === null || !Number.isInteger(ms)) return 'must be a time span, e.g. 30s or 5m';
  if (ms >= leastMs && ms <= mostMs) return ms;
  return `must be from ${formatDuration(leastMs)} to ${formatDuration(mostMs)}`;
}
