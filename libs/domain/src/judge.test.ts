import { describe, expect, test } from '@jest/globals';
import type { AttemptResult, FailureClass } from './delivery.ts';
import { judge, MAX_RETRY_AFTER_MS, type Judged, type Verdict } from './judge.ts';
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
    nowMs: NOW_MS,
    random: 0.5,
    ...rest,
  });
}

function retry(attempt: number, inMs: number): Verdict {
  return { kind: 'retry', attempt, dueAtMs: NOW_MS + inMs };
}

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
    ['a shutdown uses up nothing and is due now', retry(1, 0), { status: null, failure: 'shutdown' }],
    [
      'a shutdown of the last attempt, past its age, keeps the number',
      retry(6, 0),
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
    ['Retry-After is the least', retry(2, 90_000), { retryAfterMs: 90_000 }],
    ['Retry-After is not the most', retry(2, 500), { retryAfterMs: 100 }],
    ['Retry-After of nothing changes nothing', retry(2, 500), { retryAfterMs: 0 }],
    [
      'Retry-After does not add attempts',
      { kind: 'dead', reason: 'attempts_exhausted' },
      { retryAfterMs: 1 },
      { attempt: 6 },
    ],
    ['Retry-After of a day is honoured', retry(2, 24 * HOUR_MS), { retryAfterMs: 24 * HOUR_MS }],
    ['Retry-After of a year counts as a day', retry(2, 24 * HOUR_MS), { retryAfterMs: 365 * 24 * HOUR_MS }],
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
    expect(verdict({ retryAfterMs: HOUR_MS }, { firstAttemptAtMs })).toEqual(retry(2, HOUR_MS));
    expect(verdict({ retryAfterMs: HOUR_MS + 1 }, { firstAttemptAtMs })).toEqual({ kind: 'dead', reason: 'max_age' });
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
    'throttled',
    'server_error',
    'other',
  ])('%s is tried again', (failure) => {
    expect(verdict({ failure })).toEqual(retry(2, 500));
  });
});
