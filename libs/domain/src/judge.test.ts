import { describe, expect, test } from '@jest/globals';
import type { AttemptResult, DeferReason, FailureClass } from './delivery.ts';
import { judge, MAX_RETRY_AFTER_MS, overAt, type Judged, type Verdict } from './judge.ts';
import { createPolicies } from './policy.ts';

const NOW_MS = 1_800_000_000_000;
const HOUR_MS = 3_600_000;
const { quick, standard } = createPolicies();

const FAILED: AttemptResult = {
  startedAtMs: NOW_MS - 20,
  durationMs: 20,
  status: 500,
  failure: 'server_error',
  error: null,
  responseBody: null,
  retryAfterMs: null,
};

function verdict(result: Partial<AttemptResult>, rest: Partial<Omit<Judged, 'result'>> = {}): Verdict {
  return judge({
    attempt: 1,
    firstAttemptAtMs: NOW_MS - 20,
    result: { ...FAILED, ...result },
    policy: quick,
    expiresAtMs: Infinity,
    nowMs: NOW_MS,
    random: 0.5,
    ...rest,
  });
}

function retry(attempt: number, inMs: number): Verdict {
  return { kind: 'retry', attempt, dueAtMs: NOW_MS + inMs };
}

function defer(reason: DeferReason, inMs: number): Verdict {
  return { kind: 'defer', reason, dueAtMs: NOW_MS + inMs };
}

const THROTTLED: Partial<AttemptResult> = { status: 429, failure: 'throttled' };
const BUSY: Partial<AttemptResult> = { status: 503, failure: 'server_error' };

describe('judge', () => {
  test.each<[string, Verdict, Partial<AttemptResult>, Partial<Omit<Judged, 'result'>>?]>([
    ['a 2xx succeeds', { kind: 'succeeded' }, { status: 204, failure: null }],
    ['a 2xx succeeds however late', { kind: 'succeeded' }, { failure: null }, { attempt: 99, firstAttemptAtMs: 0 }],
    ['a 410 is the end', { kind: 'dead', reason: 'gone' }, { status: 410, failure: 'gone' }],
    [
      'a 410 on the last attempt is still gone',
      { kind: 'dead', reason: 'gone' },
      { failure: 'gone' },
      { attempt: 6, firstAttemptAtMs: 0 },
    ],
    ['a shutdown uses up nothing and is due now', defer('shutdown', 0), { status: null, failure: 'shutdown' }],
    [
      'a shutdown of the last attempt, past its age, is due now all the same',
      defer('shutdown', 0),
      { status: null, failure: 'shutdown' },
      { attempt: 6, firstAttemptAtMs: 0 },
    ],
    ['the first retry', retry(2, 500), {}],
    ['the first retry at once', retry(2, 0), {}, { random: 0 }],
    ['the fifth retry is the last', retry(6, 8_000), {}, { attempt: 5 }],
    ['the sixth attempt was the last', { kind: 'dead', reason: 'attempts_exhausted' }, {}, { attempt: 6 }],
    [
      'without retries the first attempt was the last',
      { kind: 'dead', reason: 'attempts_exhausted' },
      {},
      { policy: { ...quick, maxRetries: 0 } },
    ],
    ['standard is never early', retry(2, 5_000), {}, { policy: standard, random: 0 }],
    ['a 503 is a failure', retry(2, 500), BUSY],
    ['a 503 that asks for patience is none', defer('throttled', 90_000), { ...BUSY, retryAfterMs: 90_000 }],
    ['a 429 is none', defer('throttled', 500), THROTTLED],
    ['a 429 of the last attempt is none', defer('throttled', 8_000), THROTTLED, { attempt: 6 }],
    ['Retry-After is the least', defer('throttled', 90_000), { ...THROTTLED, retryAfterMs: 90_000 }],
    ['Retry-After is not the most', defer('throttled', 500), { ...THROTTLED, retryAfterMs: 100 }],
    [
      'Retry-After of a day is honoured',
      defer('throttled', 24 * HOUR_MS),
      { ...THROTTLED, retryAfterMs: 24 * HOUR_MS },
    ],
    [
      'Retry-After of a year counts as a day',
      defer('throttled', 24 * HOUR_MS),
      { ...THROTTLED, retryAfterMs: 365 * 24 * HOUR_MS },
    ],
    [
      'without retries there is no patience',
      { kind: 'dead', reason: 'attempts_exhausted' },
      { ...THROTTLED, retryAfterMs: 1 },
      { policy: { ...quick, maxRetries: 0 } },
    ],
    [
      'our own proxy’s fault uses up nothing, also without retries',
      defer('proxy', 500),
      { status: null, failure: 'proxy' },
      { policy: { ...quick, maxRetries: 0 } },
    ],
    [
      'nor does a lack of our own',
      defer('resources', 500),
      { status: null, failure: 'resources' },
      { policy: { ...quick, maxRetries: 0 } },
    ],
    ['abort-message is the end', { kind: 'dead', reason: 'aborted_by_receiver' }, { control: 'abort-message' }],
    ['disable is the end', { kind: 'dead', reason: 'disabled_by_receiver' }, { ...BUSY, control: 'disable' }],
    ['what succeeded has succeeded', { kind: 'succeeded' }, { status: 200, failure: null, control: 'abort-message' }],
    ['the next one before the expiry is made', retry(2, 500), {}, { expiresAtMs: NOW_MS + 500 }],
    ['the next one after it is not', { kind: 'expired' }, {}, { expiresAtMs: NOW_MS + 499 }],
    [
      'patience does not outlast it',
      { kind: 'expired' },
      { ...THROTTLED, retryAfterMs: 600 },
      { expiresAtMs: NOW_MS + 599 },
    ],
    [
      'the last attempt was the last, expired or not',
      { kind: 'dead', reason: 'attempts_exhausted' },
      {},
      { attempt: 6, expiresAtMs: NOW_MS },
    ],
  ])('%s', (_what, expected, result, rest = {}) => {
    expect(verdict(result, rest)).toEqual(expected);
  });

  test('a receiver can ask for a day of patience at most', () => {
    expect(MAX_RETRY_AFTER_MS).toBe(24 * HOUR_MS);
  });

  test('a retry that would be due just at the age is made, a millisecond later it is not', () => {
    const firstAttemptAtMs = NOW_MS + 500 - quick.maxAgeMs;
    expect(verdict({}, { firstAttemptAtMs })).toEqual(retry(2, 500));
    expect(verdict({}, { firstAttemptAtMs: firstAttemptAtMs - 1 })).toEqual({ kind: 'dead', reason: 'max_age' });
  });

  test('the time that Retry-After asks for counts towards the age', () => {
    const firstAttemptAtMs = NOW_MS - quick.maxAgeMs + HOUR_MS;
    const asking = (retryAfterMs: number) => verdict({ ...BUSY, retryAfterMs }, { firstAttemptAtMs });
    expect(asking(HOUR_MS)).toEqual(defer('throttled', HOUR_MS));
    expect(asking(HOUR_MS + 1)).toEqual({ kind: 'dead', reason: 'max_age' });
  });

  test('neither preset dies of age before its attempts are used up, if nobody asks for patience', () => {
    for (const policy of [quick, standard]) {
      let nowMs = NOW_MS;
      for (let attempt = 1; attempt <= policy.maxRetries; attempt++) {
        const next = verdict({}, { attempt, firstAttemptAtMs: NOW_MS, nowMs, policy, random: 0.999_999 });
        if (next.kind !== 'retry') throw new Error(`attempt ${attempt}: ${JSON.stringify(next)}`);
        expect(next.attempt).toBe(attempt + 1);
        nowMs = next.dueAtMs + policy.timeoutMs;
      }
    }
  });

  test.each<FailureClass>([
    'dns',
    'refused',
    'reset',
    'tls',
    'timeout',
    'blocked',
    'redirect',
    'client_error',
    'server_error',
    'authorisation',
    'other',
  ])('%s is tried again', (failure) => {
    expect(verdict({ failure })).toEqual(retry(2, 500));
  });

  test('who asks for nothing but patience is asked seldom, and given up by age', () => {
    const firstAttemptAtMs = NOW_MS;
    let nowMs = NOW_MS;
    let asked = 0;
    for (;;) {
      const next = verdict(THROTTLED, { firstAttemptAtMs, nowMs, random: 0.1 });
      asked++;
      if (next.kind !== 'defer') {
        expect(next).toEqual({ kind: 'dead', reason: 'max_age' });
        break;
      }
      expect(next.dueAtMs - nowMs).toBeLessThanOrEqual(330_000);
      nowMs = next.dueAtMs + 20;
    }
    expect(nowMs - NOW_MS).toBeGreaterThan(quick.maxAgeMs - 330_000);
    expect(asked).toBeLessThan(350);
  });
});

describe('overAt', () => {
  test('says which end comes first', () => {
    const ends = { policy: quick, firstAttemptAtMs: NOW_MS, expiresAtMs: Infinity };
    expect(overAt(ends, NOW_MS + quick.maxAgeMs)).toBeNull();
    expect(overAt(ends, NOW_MS + quick.maxAgeMs + 1)).toEqual({ kind: 'dead', reason: 'max_age' });
    expect(overAt({ ...ends, expiresAtMs: NOW_MS }, NOW_MS)).toBeNull();
    expect(overAt({ ...ends, expiresAtMs: NOW_MS }, NOW_MS + 1)).toEqual({ kind: 'expired' });
    expect(overAt({ ...ends, expiresAtMs: NOW_MS }, NOW_MS * 2)).toEqual({ kind: 'expired' });
  });
});
