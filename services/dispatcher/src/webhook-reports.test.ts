import { decodeHealth } from '@hookline/contracts';
import type { AttemptResult } from '@hookline/domain';
import { describe, expect, test } from '@jest/globals';
import { createWebhookReports } from './webhook-reports.ts';
import { createWebhookTable, type KnownWebhook } from './webhook-table.ts';

const DAY_MS = 86_400_000;
const HOUR_MS = 3_600_000;

function webhook(revision = 1): KnownWebhook {
  const table = createWebhookTable();
  const sealed = { sealedHeaders: '', sealedSecrets: '' };
  const of = { id: 'wh_1', tenant: 'acme', url: 'https://user.example/', eventTypes: ['*'], ...sealed };
  table.change('wh_1', revision, { ...of, status: 'enabled', policy: 'quick' });
  return table.get('wh_1')!;
}

/** What is told of outcomes at times: a success (`ok`), a failure, or another class. */
function told(outcomes: [number, 'ok' | 'failed' | AttemptResult['failure']][], periodMs = 5 * DAY_MS) {
  const reports = createWebhookReports(periodMs);
  const one = webhook();
  return outcomes.flatMap(([atMs, outcome]) => {
    const failure = outcome === 'ok' ? null : outcome === 'failed' ? 'server_error' : outcome;
    const result: AttemptResult = {
      startedAtMs: atMs,
      durationMs: 0,
      status: null,
      failure,
      error: null,
      responseBody: null,
      retryAfterMs: null,
    };
    const record = reports.attempted(one, result, atMs);
    if (record === null) return [];
    const decoded = decodeHealth({
      ...record,
      key: 'wh_1',
      partition: 0,
      offset: 0,
      timestampMs: 0,
      headers: { hl_v: '1' },
    });
    if (decoded.kind === 'unreadable') throw new Error(decoded.reason);
    const { report } = decoded;
    return [report.kind === 'failing' ? ['failing', report.sinceMs, report.atMs] : [report.kind, report.atMs]];
  });
}

describe('a webhook is told of', () => {
  test('once, and then hourly, while it succeeds', () => {
    const outcomes = Array.from({ length: 25 }, (_, index) => [1_000 + index * 300_000, 'ok'] as [number, 'ok']);
    expect(told(outcomes)).toEqual([
      ['succeeded', 1_000],
      ['succeeded', 1_000 + HOUR_MS],
      ['succeeded', 1_000 + 2 * HOUR_MS],
    ]);
  });

  test('when it begins to fail, hourly while it does, and when it ends to', () => {
    expect(
      told([
        [1_000, 'ok'],
        [2_000, 'failed'],
        [3_000, 'failed'],
        [2_000 + HOUR_MS, 'failed'],
        [3_000 + HOUR_MS, 'ok'],
        [4_000 + HOUR_MS, 'ok'],
      ]),
    ).toEqual([
      ['succeeded', 1_000],
      ['failing', 2_000, 2_000],
      ['failing', 2_000, 2_000 + HOUR_MS],
      ['succeeded', 3_000 + HOUR_MS],
    ]);
  });

  test('at most once a minute, when it fails and succeeds in turn', () => {
    const outcomes = Array.from(
      { length: 120 },
      (_, index) => [1_000 + index * 1_000, index % 2 === 0 ? 'failed' : 'ok'] as [number, 'failed' | 'ok'],
    );
    expect(told(outcomes).length).toBeLessThanOrEqual(4);
  });

  test('not for what is not the receiver’s failure', () => {
    expect(told([[1_000, 'shutdown'], [2_000, 'proxy'], [3_000, 'resources']])).toEqual([]); // prettier-ignore
    expect(told([[1_000, 'throttled']])).toEqual([['failing', 1_000, 1_000]]);
  });

  test('never, if nothing is ever disabled', () => {
    expect(told([[1_000, 'failed'], [2_000, 'ok']], 0)).toEqual([]); // prettier-ignore
  });
});

test('an answer that is a success and asks to be sent nothing more is told of', () => {
  const result = { startedAtMs: 1, durationMs: 0, status: 200, failure: null, error: null, responseBody: null };
  const record = createWebhookReports(0).attempted(webhook(), { ...result, retryAfterMs: null, control: 'disable' }, 9);
  expect(JSON.parse(record!.value!.toString())).toMatchObject({ kind: 'disable', webhookId: 'wh_1', atMs: 9 });
});
