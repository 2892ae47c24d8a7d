import type { DeliveryMessage } from '@hookline/contracts/grpc';
import {
  compileFilter,
  COMPRESSIONS,
  formatDuration,
  ORDERING_KEYS,
  PAYLOAD_FORMATS,
  pointerBelow,
  SIGNATURE_PROFILES,
  type DeliverySettings,
  type FilterCondition,
  type Problem,
  type SignatureProfile,
} from '@hookline/domain';
import { DELIVERY_LIMITS } from './limits.ts';
import { caBundleProblem } from './pem.ts';

export interface CheckedDelivery {
  /** Without what is not set. */
  delivery: DeliverySettings;
  problems: Problem[];
}

/** How deliveries are made, from what a client sent. Pointers have the names of the REST API. */
export function checkDelivery(given: DeliveryMessage | null): CheckedDelivery {
  const problems: Problem[] = [];
  const delivery: DeliverySettings = {};
  if (given === null) return { delivery, problems };

  function whole(name: 'maxRetries' | 'maxInFlight', pointer: string, { min, max }: Range): void {
    const value = given?.[name];
    if (value === undefined) return;
    if (Number.isInteger(value) && value >= min && value <= max) delivery[name] = value;
    else problems.push({ pointer, detail: `must be a whole number from ${min} to ${max}` });
  }

  function duration(name: 'maxAgeMs' | 'ttlMs' | 'timeoutMs', pointer: string, range: Range): void {
    const value = given?.[name];
    if (value === undefined) return;
    const problem = durationProblem(value, range);
    if (problem === null) delivery[name] = value;
    else problems.push({ pointer, detail: problem });
  }

  function oneOf<Name extends 'orderBy' | 'payload' | 'compression'>(
    name: Name,
    pointer: string,
    known: readonly NonNullable<DeliverySettings[Name]>[],
  ): void {
    const value = given?.[name];
    if (value === undefined) return;
    if (isOneOf(value, known)) delivery[name] = value;
    else problems.push({ pointer, detail: `must be one of ${known.join(', ')}` });
  }

  if (given.filter !== undefined) {
    const { filter, problems: found } = checkFilter(given.filter);
    if (filter !== null) delivery.filter = filter;
    problems.push(...found);
  }
  if (given.retryScheduleMs.length > 0) {
    problems.push(...scheduleProblems(given.retryScheduleMs));
    delivery.retryScheduleMs = given.retryScheduleMs;
  }
  whole('maxRetries', '/max_retries', { min: 0, max: DELIVERY_LIMITS.retries });
  duration('maxAgeMs', '/max_age', DELIVERY_LIMITS.maxAgeMs);
  duration('ttlMs', '/ttl', DELIVERY_LIMITS.ttlMs);
  duration('timeoutMs', '/timeout', DELIVERY_LIMITS.timeoutMs);
  if (given.rateLimit !== null) {
    const { limit, windowMs } = given.rateLimit;
    problems.push(...rateLimitProblems(limit, windowMs));
    delivery.rateLimit = { limit, windowMs };
  }
  whole('maxInFlight', '/max_in_flight', DELIVERY_LIMITS.maxInFlight);
  oneOf('orderBy', '/ordering_key', ORDERING_KEYS);
  oneOf('payload', '/payload', PAYLOAD_FORMATS);
  oneOf('compression', '/compression', COMPRESSIONS);
  if (given.signatures.length > 0) {
    problems.push(...signatureProblems(given.signatures));
    delivery.signatures = given.signatures as SignatureProfile[];
  }
  if (given.requestOrigin !== undefined) {
    if (isDnsName(given.requestOrigin)) delivery.requestOrigin = given.requestOrigin;
    else problems.push({ pointer: '/handshake_origin', detail: 'must be a DNS name such as events.example.com' });
  }
  if (given.caBundle !== undefined) {
    const detail = caBundleProblem(given.caBundle);
    if (detail === null) delivery.caBundle = given.caBundle;
    else problems.push({ pointer: '/ca_bundle', detail });
  }
  return { delivery, problems };
}

interface Range {
  min: number;
  max: number;
}

function checkFilter(text: string): { filter: FilterCondition | null; problems: Problem[] } {
  const pointer = '/filter';
  let condition: unknown;
  try {
    condition = JSON.parse(text);
  } catch {
    return { filter: null, problems: [{ pointer, detail: 'must be JSON' }] };
  }
  const compiled = compileFilter(condition, pointer);
  if (compiled.kind === 'invalid') return { filter: null, problems: compiled.problems };
  return { filter: condition as FilterCondition, problems: [] };
}

function scheduleProblems(schedule: readonly number[]): Problem[] {
  const pointer = '/retry_schedule';
  if (schedule.length > DELIVERY_LIMITS.retries) {
    return [{ pointer, detail: `at most ${DELIVERY_LIMITS.retries} delays` }];
  }
  return schedule.flatMap((delayMs, index) => {
    const detail = durationProblem(delayMs, DELIVERY_LIMITS.retryDelayMs);
    return detail === null ? [] : [{ pointer: pointerBelow(pointer, index), detail }];
  });
}

function rateLimitProblems(limit: number, windowMs: number): Problem[] {
  const problems: Problem[] = [];
  const { min, max } = DELIVERY_LIMITS.rateLimit;
  if (limit < min || limit > max) {
    problems.push({ pointer: '/rate_limit/limit', detail: `must be a whole number from ${min} to ${max}` });
  }
  const detail = durationProblem(windowMs, DELIVERY_LIMITS.rateWindowMs);
  if (detail !== null) problems.push({ pointer: '/rate_limit/window', detail });
  return problems;
}

function signatureProblems(signatures: readonly string[]): Problem[] {
  return signatures.flatMap((signature, index) => {
    const pointer = pointerBelow('/signatures', index);
    if (!isOneOf(signature, SIGNATURE_PROFILES))
      return [{ pointer, detail: `must be one of ${SIGNATURE_PROFILES.join(', ')}` }];
    const first = signatures.indexOf(signature);
    return first === index ? [] : [{ pointer, detail: `is the same as /signatures/${first}` }];
  });
}

function durationProblem(ms: number, { min, max }: Range): string | null {
  if (Number.isInteger(ms) && ms >= min && ms <= max) return null;
  return `must be from ${formatDuration(min)} to ${formatDuration(max)}, in whole milliseconds`;
}

function isOneOf<Known extends string>(value: string, known: readonly Known[]): value is Known {
  return (known as readonly string[]).includes(value);
}

function isDnsName(text: string): boolean {
  const label = /^[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?$/;
  return text.length <= 253 && text.split('.').every((part) => label.test(part));
}
