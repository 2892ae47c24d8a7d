import type { Attempt, StateChange } from '@hookline/contracts';
import { describe, expect, test } from '@jest/globals';
import { cleanText, integer, timestamp } from './clean.ts';
import { attemptEntry, stateEntry } from './rows.ts';

const ATTEMPT: Attempt = {
  id: 'att_1',
  tenant: 'acme',
  deliveryId: 'dlv_1',
  eventId: 'o-1',
  eventType: 'order.created',
  webhookId: 'wh_1',
  number: 1,
  trigger: 'automatic',
  url: 'http://receiver/',
  state: 'succeeded',
  nextAttemptAtMs: null,
  deadReason: null,
  startedAtMs: Date.UTC(2026, 0, 1),
  durationMs: 12.4,
  status: 200,
  failure: null,
  error: null,
  responseBody: 'ok',
  retryAfterMs: null,
};

describe('attemptEntry', () => {
  test('takes what the database can’t hold as near to it as can be', () => {
    const entry = attemptEntry({
      ...ATTEMPT,
      responseBody: 'a\0b\ud800',
      error: '\0',
      durationMs: 1e300,
      startedAtMs: -5,
      number: 1e12,
    });
    expect(entry).toMatchObject({
      attempt: {
        response_body: 'a\ufffdb\ufffd',
        error: '\ufffd',
        duration_ms: 2_147_483_647,
        started_at: '1970-01-01T00:00:00.000Z',
        number: 2_147_483_647,
      },
    });
  });

  test('takes one of a writer that leaves members out', () => {
    const {
      status: _status,
      failure: _failure,
      error: _error,
      responseBody: _body,
      nextAttemptAtMs: _next,
      deadReason: _reason,
      ...rest
    } = ATTEMPT;
    expect(attemptEntry(rest as Attempt)).toMatchObject({
      attempt: { status: null, class: null },
      delivery: { next_attempt_at: null, dead_reason: null },
    });
  });

  test('of one that was deferred comes before the attempt that is made in its place', () => {
    expect(attemptEntry({ ...ATTEMPT, state: 'deferred', number: 2 })).toMatchObject({
      attempt: { number: 2 },
      delivery: { state_attempt: 1, last_number: 2 },
    });
  });

  test.each<[string, unknown]>([
    ['state', 'toString'],
    ['state', 'lost'],
    ['number', 0],
    ['status', '200'],
    ['nextAttemptAtMs', 'soon'],
    ['failure', {}],
    ['error', 5],
    ['responseBody', ['x']],
    ['deadReason', true],
  ])('refuses one whose %s is %j', (name, value) => {
    const entry = attemptEntry({ ...ATTEMPT, [name]: value });
    expect(entry).toEqual({ kind: 'unreadable', reason: expect.stringContaining(name) });
  });
});

test('cleanText leaves good text alone', () => {
  expect(cleanText('ü😀\u2028\u0001')).toBe('ü😀\u2028\u0001');
});

test.each([
  [0, '1970-01-01T00:00:00.000Z'],
  [1.6, '1970-01-01T00:00:00.002Z'],
  [9_007_199_254_740_991, '9999-12-31T00:00:00.000Z'],
])('the timestamp of %d is %s', (ms, text) => {
  expect(timestamp(ms)).toBe(text);
});

test('integer rounds and keeps to what fits', () => {
  expect([integer(-1), integer(1.5), integer(1e20)]).toEqual([0, 2, 2_147_483_647]);
});

describe('stateEntry', () => {
  const CHANGE: StateChange = {
    tenant: 'acme',
    deliveryId: 'dlv_1',
    eventId: 'o-1',
    eventType: 'order.created',
    webhookId: 'wh_1',
    acceptedAtMs: Date.UTC(2026, 0, 1),
    state: 'deferred',
    reason: 'paused',
    attempts: 2,
    nextAttemptAtMs: Date.UTC(2026, 0, 2),
    atMs: Date.UTC(2026, 0, 1),
  };

  test('comes after the attempts that it counts and before the next', () => {
    expect(stateEntry(CHANGE)).toMatchObject({
      kind: 'state',
      delivery: { id: 'dlv_1', state: 'deferred', state_attempt: 2, state_final: false, attempt_count: 2 },
    });
    expect(stateEntry({ ...CHANGE, state: 'expired' })).toMatchObject({ delivery: { state_final: true } });
  });

  test('refuses a state that is not known', () => {
    const entry = stateEntry({ ...CHANGE, state: 'lost' as 'dead' });
    expect(entry).toEqual({ kind: 'unreadable', reason: expect.stringContaining('state') });
  });
});
