import type { Attempt, DeadLetter, StateChange } from '@hookline/contracts';
import { describe, expect, test } from '@jest/globals';
import { cleanText, integer, timeMs } from './clean.ts';
import { attemptEntry, deadLetterEntry, eventEntry, stateEntry, type AttemptDetail } from './rows.ts';

const NOW = Date.UTC(2026, 0, 2);
const KEEPING = { payloads: 'all', nowMs: NOW } as const;

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
    const entry = attemptEntry(
      {
        ...ATTEMPT,
        responseBody: 'a\0b\ud800',
        error: '\0',
        durationMs: 1e300,
        startedAtMs: -5,
        number: 1e12,
      },
      KEEPING,
    );
    expect(entry).toMatchObject({
      attempt: {
        duration_ms: 2_147_483_647,
        started_at: 0,
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
    expect(attemptEntry(rest as Attempt, KEEPING)).toMatchObject({
      attempt: { status: null, class: null },
      delivery: { next_attempt_at: null, reason: null, accepted_at: ATTEMPT.startedAtMs },
    });
  });

  test('is kept with its delivery if it is the first and succeeded, unless much was said of it', () => {
    const entryOf = (settings: Partial<Attempt>) => attemptEntry({ ...ATTEMPT, ...settings }, KEEPING);
    const detail = expect.stringContaining('"responseBody":"ok"');
    expect(entryOf({})).toMatchObject({
      delivery: { once_id: 'att_1', once_status: 200, once_started_at: NOW - 86_400_000, once_duration_ms: 12, once_detail: detail }, // prettier-ignore
    });
    for (const settings of [
      { number: 2 },
      { trigger: 'replay' },
      { state: 'retrying', failure: 'timeout' },
      { responseBody: 'much '.repeat(300) },
    ] as const) {
      expect(entryOf(settings)).toMatchObject({ delivery: { once_id: null, once_detail: null } });
    }
  });

  test('of one that was deferred comes before the attempt that is made in its place', () => {
    expect(attemptEntry({ ...ATTEMPT, state: 'deferred', number: 2 }, KEEPING)).toMatchObject({
      attempt: { number: 2 },
      delivery: { state_rank: 2, last_number: 2 },
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
    const entry = attemptEntry({ ...ATTEMPT, [name]: value }, KEEPING);
    expect(entry).toEqual({ kind: 'unreadable', reason: expect.stringContaining(name) });
  });
});

test('cleanText leaves good text alone', () => {
  expect(cleanText('ü😀\u2028\u0001')).toBe('ü😀\u2028\u0001');
});

test.each([
  [0, 0],
  [1.6, 2],
  [-5, 0],
  [9_007_199_254_740_991, Date.UTC(9999, 11, 31)],
])('the time %d is taken for %d', (ms, taken) => {
  expect(timeMs(ms)).toBe(taken);
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
    expect(stateEntry(CHANGE, KEEPING)).toMatchObject({
      kind: 'state',
      delivery: {
        id: 'dlv_1',
        state: 'deferred',
        reason: 'paused',
        state_rank: 4,
        attempt_count: 2,
        first_attempt_at: null,
      },
    });
    expect(stateEntry({ ...CHANGE, state: 'expired' }, KEEPING)).toMatchObject({ delivery: { state_rank: 5 } });
  });

  test('refuses a state that is not known', () => {
    const entry = stateEntry({ ...CHANGE, state: 'lost' as 'dead' }, KEEPING);
    expect(entry).toEqual({ kind: 'unreadable', reason: expect.stringContaining('state') });
  });
});

describe('what is kept', () => {
  const EVENT = {
    tenant: 'acme',
    id: 'o-1',
    type: 'order.created',
    source: '/shop',
    time: '2026-01-01T00:00:00Z',
    data: Buffer.from('{"n":1}'),
    contentType: 'application/json',
    acceptedAtMs: Date.UTC(2026, 0, 1),
  };
  const FAILED: Attempt = {
    ...ATTEMPT,
    state: 'retrying',
    failure: 'server_error',
    status: 500,
    responseHeaders: { a: 'b' },
  };
  const LETTER: DeadLetter = {
    deliveryId: 'dlv_1',
    webhookId: 'wh_1',
    event: EVENT,
    reason: 'gone',
    attempts: 1,
    firstAttemptAtMs: NOW,
    deadAtMs: NOW,
  };

  test.each([
    ['all', { event: true, succeeded: true, failed: true, dead: true }],
    ['failed', { event: false, succeeded: false, failed: true, dead: true }],
    ['none', { event: false, succeeded: false, failed: false, dead: false }],
  ] as const)('%s', (payloads, kept) => {
    const keeping = { payloads, nowMs: NOW };
    const answerOf = (attempt: Attempt) => {
      const entry = attemptEntry(attempt, keeping);
      if (entry.kind !== 'attempt') throw new Error('no attempt');
      return (JSON.parse(entry.attempt.detail) as AttemptDetail).responseBody !== undefined;
    };
    expect({
      event: eventEntry(EVENT, keeping).event.data !== null,
      succeeded: answerOf(ATTEMPT),
      failed: answerOf(FAILED),
      dead: deadLetterEntry(LETTER, keeping).letter.data !== null,
    }).toEqual(kept);
  });

  test('an event has its place on the day of its acceptance; one that says it was accepted when it can’t have been, in 1970', () => {
    const placeOf = (acceptedAtMs: number) => eventEntry({ ...EVENT, acceptedAtMs }, KEEPING).event.accepted_at;
    expect([EVENT.acceptedAtMs, 5, NOW + 3 * 86_400_000].map(placeOf)).toEqual([EVENT.acceptedAtMs, 0, 0]);
  });

  test('metadata is found by each of its pairs', () => {
    const { event, metadata } = eventEntry({ ...EVENT, metadata: { region: 'eu', shard: '7' } }, KEEPING);
    expect(JSON.parse(event.metadata ?? '')).toEqual({ region: 'eu', shard: '7' });
    expect(metadata).toHaveLength(2);
    expect(new Set(metadata.map(({ pair }) => pair)).size).toBe(2);
  });
});
