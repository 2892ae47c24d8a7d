import { describe, expect, test } from '@jest/globals';
import { createEventLogMetrics, collectProcessMetrics, createMetrics } from '@hookline/service-kit';
import { createDispatcherMetrics } from '../../services/dispatcher/src/metrics.ts';
import { createGatewayMetrics } from '../../services/gateway/src/metrics.ts';
import { createIngestionMetrics } from '../../services/ingestion/src/metrics.ts';
import { createObservabilityMetrics } from '../../services/observability/src/metrics.ts';
import { createRegistryMetrics } from '../../services/registry/src/metrics.ts';
import { createRetryManagerMetrics } from '../../services/retry-manager/src/metrics.ts';
import { headings, readDoc, section, tableRows } from './markdown.ts';

type Registry = ReturnType<typeof createMetrics>;

const CREATE: Record<string, (registry: Registry) => object> = {
  gateway: createGatewayMetrics,
  registry: createRegistryMetrics,
  ingestion: (registry) => createIngestionMetrics(registry, () => 0),
  dispatcher: createDispatcherMetrics,
  'retry-manager': createRetryManagerMetrics,
  observability: createObservabilityMetrics,
};

const EVENT_LOG = 'Every service but the gateway';
const NOTHING = { appended: () => [], received: () => [], appending: () => 0, backlog: () => [] };

/** prom-client tells more of a metric than its types say. */
type Registered = { name: string; type: string; labelNames: string[] };

function describeAll(registry: Registry): string[] {
  return (registry.getMetricsAsArray() as unknown as Registered[]).map(
    ({ name, type, labelNames }) => `${name} (${type}): ${labelNames.join(', ')}`,
  );
}

describe('docs/metrics.md', () => {
  const doc = readDoc('metrics.md');

  test.each(Object.keys(CREATE))('%s: names, types and labels are those registered', (service) => {
    const registry = createMetrics(service);
    CREATE[service]!(registry);
    const rows = tableRows(section(doc, `## ${service}`));
    expect(rows.map(([name, type, labels]) => `${name} (${type}): ${labels}`).toSorted()).toEqual(
      describeAll(registry).toSorted(),
    );
    for (const row of rows) expect(row[3]).toMatch(/\w{3}/);
  });

  test.each(Object.keys(CREATE))(
    '%s: where values of a label are listed, those that are there from the beginning are',
    async (service) => {
      const registry = createMetrics(service);
      CREATE[service]!(registry);
      const meanings = new Map(tableRows(section(doc, `## ${service}`)).map(([name, , , meaning]) => [name, meaning!]));
      for (const { name, values } of await registry.getMetricsAsJSON()) {
        for (const [label, value] of values.flatMap(({ labels }) => Object.entries(labels))) {
          const [, listed] = meanings.get(name)!.split(` ${label}: `);
          if (listed !== undefined) expect([name, listed]).toEqual([name, expect.stringContaining(String(value))]);
        }
      }
    },
  );

  test('so are those of the event log', () => {
    const registry = createMetrics('test');
    createEventLogMetrics(registry, NOTHING, () => 0);
    const rows = tableRows(section(doc, `## ${EVENT_LOG}`));
    expect(rows.map(([name, type, labels]) => `${name} (${type}): ${labels}`).toSorted()).toEqual(
      describeAll(registry).toSorted(),
    );
  });

  test('has a section for each service, one for the event log and one for the process', () => {
    expect(headings(doc, 2).toSorted()).toEqual([...Object.keys(CREATE), EVENT_LOG, 'Every process'].toSorted());
  });

  test('every metric of the process begins as it says', () => {
    const registry = createMetrics('test');
    collectProcessMetrics(registry);
    for (const { name } of registry.getMetricsAsArray()) expect(name).toMatch(/^(process|nodejs)_/);
    registry.clear();
  });
});
