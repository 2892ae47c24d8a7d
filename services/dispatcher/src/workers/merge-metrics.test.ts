import { expect, test } from '@jest/globals';
import { createMetrics } from '@hookline/service-kit';
import { Counter, Histogram } from 'prom-client';
import { mergeMetrics } from './merge-metrics.ts';

async function textOf(worker: string, count: number): Promise<string> {
  const metrics = createMetrics('dispatcher');
  metrics.setDefaultLabels({ service: 'dispatcher', worker });
  const registers = [metrics];
  new Counter({ name: 'sent_total', help: 'Requests', labelNames: ['trigger'], registers }).inc(
    { trigger: 'a' },
    count,
  );
  new Histogram({ name: 'took_seconds', help: 'Time', buckets: [1], registers }).observe(count);
  metrics.registerMetric(
    new Counter({ name: 'never_total', help: 'Nothing yet', labelNames: ['reason'], registers: [] }),
  );
  return metrics.metrics();
}

test('what belongs to one name stands together, every series as it was', async () => {
  expect(mergeMetrics([await textOf('0', 1), '', await textOf('1', 2)])).toBe(`# HELP sent_total Requests
# TYPE sent_total counter
sent_total{trigger="a",service="dispatcher",worker="0"} 1
sent_total{trigger="a",service="dispatcher",worker="1"} 2

# HELP took_seconds Time
# TYPE took_seconds histogram
took_seconds_bucket{le="1",service="dispatcher",worker="0"} 1
took_seconds_bucket{le="+Inf",service="dispatcher",worker="0"} 1
took_seconds_sum{service="dispatcher",worker="0"} 1
took_seconds_count{service="dispatcher",worker="0"} 1
took_seconds_bucket{le="1",service="dispatcher",worker="1"} 0
took_seconds_bucket{le="+Inf",service="dispatcher",worker="1"} 1
took_seconds_sum{service="dispatcher",worker="1"} 2
took_seconds_count{service="dispatcher",worker="1"} 1

# HELP never_total Nothing yet
# TYPE never_total counter
`);
});
