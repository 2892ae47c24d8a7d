import { describe, expect, test } from '@jest/globals';
import { sidesOf, whyHides } from './promql.ts';

describe('a query that would show something where there is nothing', () => {
  test.each([
    'sum(webhook_events_ingested_total) or vector(0)',
    'absent(up{job="hookline"})',
    'absent_over_time(up[5m])',
    'scalar(up)',
    'time()',
    'up or hour()',
    'rate(webhook_events_ingested_total[5m]) or up * 0',
    'up * 0.0',
    'up ^ 0',
    'group by (service) (up)',
    '1',
    '1 + 1 > 0',
    'up or 0',
    'up or on () (1)',
    'sum(webhook_events_ingested_total or up)',
  ])('%s', (expr) => {
    expect(whyHides(expr)).toBeDefined();
  });
});

describe('a query that hides nothing', () => {
  test.each([
    'up == 0',
    'sum(rate(webhook_events_ingested_total[5m])) * 100',
    'webhook:delivery_success_rate < 0.5 and webhook:delivery_attempts:rate5m > 1',
    'max by (instance) (webhook_log_queued_records) > 5000 or sum by (instance) (increase(webhook_log_batches_failed_total[10m])) > 10',
    'sum by (service) (webhook_http_requests_total{route="/time()/or/vector("})',
    'up * 0.5',
    'time() - process_start_time_seconds',
    'up * 0x1f',
  ])('%s', (expr) => {
    expect(whyHides(expr)).toBeUndefined();
  });
});

test('the sides of an `or` are queries of their own', () => {
  expect(sidesOf('sum by (a) (up{b="x or y"}) > 0 or max(up) > 0')).toEqual([
    'sum by (a) (up{b="x or y"}) > 0',
    'max(up) > 0',
  ]);
  expect(sidesOf('sum(up or up)')).toEqual(['sum(up or up)']);
});
