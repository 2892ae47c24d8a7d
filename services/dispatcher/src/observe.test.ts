import { expect, test } from '@jest/globals';
import type { Attempt } from '@hookline/contracts';
import { createLog, createMetrics } from '@hookline/service-kit';
import type { DeliveryJob } from './job.ts';
import { createDispatcherMetrics } from './metrics.ts';
import { createObserver } from './observe.ts';

const SUCCEEDED: Attempt = {
  id: 'att_1',
  tenant: 'acme',
  deliveryId: 'dlv_1',
  eventId: 'evt_1',
  eventType: 'order.created',
  webhookId: 'wh_1',
  number: 1,
  trigger: 'automatic',
  url: 'https://example.com/hooks?token=secret',
  state: 'succeeded',
  nextAttemptAtMs: null,
  deadReason: null,
  startedAtMs: 1_000,
  durationMs: 7.5,
  status: 200,
  failure: null,
  error: null,
  responseBody: 'thanks',
  retryAfterMs: null,
};
const JOB = { webhookId: 'wh_1', span: null, event: { acceptedAtMs: 1_000 } } as unknown as DeliveryJob;

function lineOf(attempt: Attempt): Record<string, unknown> {
  const lines: string[] = [];
  const log = createLog('dispatcher', 'info', { write: (line: string) => void lines.push(line) });
  createObserver(createDispatcherMetrics(createMetrics('dispatcher')), log).attempted(JOB, attempt, 2_000);
  expect(lines).toHaveLength(1);
  return JSON.parse(lines[0]!) as Record<string, unknown>;
}

test('of an attempt the log has one line, with nothing of what was sent or answered', () => {
  const line = lineOf(SUCCEEDED);
  expect(line).toMatchObject({ event: 'attempt.finished', outcome: 'succeeded', class: null, status: 200 });
  expect(Object.keys(line)).not.toEqual(expect.arrayContaining(['phase']));
  expect(JSON.stringify(line)).not.toMatch(/secret|thanks/);
});

test('of one that failed without a whole answer it says what was waited for', () => {
  const failed = { ...SUCCEEDED, status: null, failure: 'timeout', phase: 'headers', state: 'retrying' } as const;
  expect(lineOf(failed)).toMatchObject({ outcome: 'failed', class: 'timeout', phase: 'headers', state: 'retrying' });
});
