import { EVENT_LIMITS, isEventType } from '@hookline/domain';
import { isRfc3339 } from './rfc3339.ts';

/* What is wrong with a value that an event's field has; null: nothing. */

export const MISSING = 'is required';
const CONTROL = /[\u0000-\u001f\u007f-\u009f]/; // eslint-disable-line no-control-regex

export function textProblem(value: unknown, maxLength: number): string | null {
  if (typeof value !== 'string') return 'must be a string';
  if (value.length === 0) return 'must not be empty';
  if (value.length > maxLength) return `must have at most ${maxLength} characters`;
  if (CONTROL.test(value)) return 'must not hold control characters';
  return value.isWellFormed() ? null : 'must not hold half of a surrogate pair';
}

export function typeProblem(value: unknown): string | null {
  if (value === undefined) return MISSING;
  if (typeof value !== 'string') return 'must be a string';
  if (value.length > EVENT_LIMITS.type) return `must have at most ${EVENT_LIMITS.type} characters`;
  return isEventType(value) ? null : 'must be words of letters, digits, _ and - with dots between, e.g. order.created';
}

export function timeProblem(value: unknown): string | null {
  if (typeof value !== 'string') return 'must be a string';
  return isRfc3339(value) ? null : 'must be an RFC 3339 time, e.g. 2026-11-22T10:15:00Z';
}
