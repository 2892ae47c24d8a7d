import type { Attempt, DeadLetter } from '@hookline/contracts';
import { describe, expect, test } from '@jest/globals';
import { foldDeadLetters, foldDeliveries } from './fold-deliveries.ts';
import { attemptEntry, deadLetterEntry, type DeliveryRow } from './rows.ts';

const T = Date.UTC(2026, 10, 22);
const KEEPING = { payloads: 'all', nowMs: T } as const;

function attempt(number: number, startedAtMs: number, outcome: Partial<Attempt>): DeliveryRow {
  const entry = attemptEntry(
    {
      id: `att_${String(startedAtMs - T).padStart(8, '0')}`,
      tenant: 'acme',
      deliveryId: 'dlv_1',
      eventId: 'o-1',
      eventType: 'order.created',
      webhookId: 'wh_1',
      acceptedAtMs: T,
      number,
      trigger: 'automatic',
      url: 'http://receiver/',
      state: 'retrying',
      nextAttemptAtMs: null,
      deadReason: null,
      startedAtMs,
      durationMs: 10,
      status: null,
      failure: null,
      error: null,
      responseBody: null,
      retryAfterMs: null,
      ...outcome,
    },
    KEEPING,
  );
  if (entry.kind !== 'attempt') throw new Error('no attempt');
  return entry.delivery;
}

function deadLetter(attempts: number, deadAtMs: number, reason: DeadLetter['reason'] = 'attempts_exhausted') {
  const event = {
    tenant: 'acme',
    id: 'o-1',
    type: 'order.created',
    source: 's',
    time: 't',
    data: Buffer.from('1'),
    contentType: 'application/json',
    acceptedAtMs: T,
  };
  const entry = deadLetterEntry(
    {
      deliveryId: 'dlv_1',
      webhookId: 'wh_1',
      event,
      reason,
      attempts,
      firstAttemptAtMs: T,
      deadAtMs,
    },
    KEEPING,
  );
  if (entry.kind !== 'dead_letter') throw new Error('no dead letter');
  return entry;
}

const failed = (status: number, nextAttemptAtMs: number): Partial<Attempt> => ({
  state: 'retrying',
  status,
  failure: 'server_error',
  nextAttemptAtMs,
});
const at = (ms: number) => T + ms;

/** Every order of the rows, each also with every row twice. */
function orders<Row>(rows: Row[]): Row[][] {
  if (rows.length < 2) return [rows];
  return rows.flatMap((row, index) => orders(rows.toSpliced(index, 1)).map((rest) => [row, ...rest]));
}

function foldAll(rows: DeliveryRow[]): DeliveryRow {
  const results = orders(rows).flatMap((order) => [foldDeliveries(order), foldDeliveries([...order, ...order])]);
  expect(new Set(results.map((result) => JSON.stringify(result))).size).toBe(1);
  expect(results[0]).toHaveLength(1);
  return results[0]![0]!;
}

describe('a delivery', () => {
  test('stands where its latest attempt left it', () => {
    const row = foldAll([
      attempt(1, T, failed(500, T + 1000)),
      attempt(2, T + 1000, failed(503, T + 3000)),
      attempt(3, T + 3000, { state: 'succeeded', status: 204 }),
    ]);
    expect(row).toMatchObject({
      state: 'succeeded',
      attempt_count: 3,
      first_attempt_at: at(0),
      next_attempt_at: null,
      last_number: 3,
      last_started_at: at(3000),
      last_status: 204,
      last_class: null,
    });
  });

  test('has its attempt in its row as long as nothing else is said of it', () => {
    const first = attempt(1, T, { state: 'succeeded', status: 200 });
    expect(foldAll([first])).toMatchObject({ once_id: first.last_attempt_id });
    for (const other of [attempt(1, T + 9, { state: 'succeeded', status: 200 }), attempt(2, T + 9, failed(500, T))]) {
      expect(foldAll([first, other])).toMatchObject({ once_id: null, once_detail: null });
    }
  });

  test('waits for the next attempt that the latest one named', () => {
    const row = foldAll([attempt(1, T, failed(500, T + 1000)), attempt(2, T + 1000, failed(503, T + 3000))]);
    expect(row).toMatchObject({
      state: 'retrying',
      next_attempt_at: at(3000),
      last_status: 503,
      last_class: 'server_error',
    });
  });

  test('cut off by a shutdown keeps the number; what came of the number afterwards counts', () => {
    const cut = attempt(2, T + 1000, { state: 'retrying', failure: 'shutdown', nextAttemptAtMs: T + 1010 });
    expect(foldAll([cut, attempt(2, T + 2000, failed(500, T + 9000))])).toMatchObject({
      next_attempt_at: at(9000),
      last_class: 'server_error',
    });
    expect(foldAll([cut, attempt(2, T + 900, { state: 'succeeded', status: 200 })])).toMatchObject({
      state: 'succeeded',
      last_class: 'shutdown',
    });
  });

  test('is dead with the reason of its letter, also where no request was made or none failed for good', () => {
    expect(
      foldAll([
        attempt(6, T, { state: 'dead', deadReason: 'attempts_exhausted', failure: 'timeout' }),
        deadLetter(6, T + 10).delivery,
      ]),
    ).toMatchObject({ state: 'dead', reason: 'attempts_exhausted', last_class: 'timeout' });
    expect(
      foldAll([attempt(1, T, failed(500, T + 1000)), deadLetter(1, T + 50_000, 'max_age').delivery]),
    ).toMatchObject({ state: 'dead', reason: 'max_age', next_attempt_at: null, last_status: 500 });
    expect(foldAll([deadLetter(0, T, 'webhook_disabled').delivery])).toMatchObject({
      state: 'dead',
      attempt_count: 0,
      last_number: null,
    });
  });

  test('that was replayed leaves its death behind', () => {
    const row = foldAll([
      attempt(1, T, { state: 'dead', deadReason: 'gone', failure: 'gone', status: 410 }),
      deadLetter(1, T + 10, 'gone').delivery,
      attempt(2, T + 60_000, { state: 'succeeded', status: 200, trigger: 'replay' }),
    ]);
    expect(row).toMatchObject({ state: 'succeeded', reason: null, attempt_count: 2 });
  });
});

test('deliveries are sorted by id, each once', () => {
  const rows = ['dlv_c', 'dlv_a', 'dlv_b', 'dlv_a'].map((id) => ({ ...attempt(1, T, failed(500, T)), id }));
  expect(foldDeliveries(rows).map(({ id }) => id)).toEqual(['dlv_a', 'dlv_b', 'dlv_c']);
});

test('of two letters of a delivery the later counts', () => {
  const letters = [deadLetter(1, T, 'gone').letter, deadLetter(4, T + 5, 'max_age').letter];
  for (const order of orders(letters)) expect(foldDeadLetters(order)).toEqual([letters[1]]);
});
