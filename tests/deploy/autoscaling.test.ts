import { describe, expect, test } from '@jest/globals';
import { TOPIC } from '@hookline/contracts';
import { readDoc, section, tableRows } from '../docs/markdown.ts';
import { adapterQueries } from './adapter-queries.ts';
import { kubernetesManifests, namedIn, readYaml, type Manifest } from './manifests.ts';
import { whyHides } from './promql.ts';
import { readRules } from './queries.ts';

const manifests = kubernetesManifests();
const named = namedIn(manifests);

describe('k8s: autoscaling', () => {
  test('autoscalers ask for metrics that exist, and that the adapter gives them', () => {
    const doc = readDoc('metrics.md');
    const given = adapterQueries();
    const asked = manifests.filter(({ kind }) => kind === 'HorizontalPodAutoscaler');
    expect(asked.map(({ metadata }) => metadata.name)).toEqual(['gateway', 'ingestion', 'dispatcher', 'retry-manager']);
    for (const { metadata, spec } of asked) {
      const [{ pods, object }] = spec.metrics;
      const { name } = (pods ?? object).metric as { name: string };
      const query = given.find(
        (each) => each.metric === name && each.of === (object === undefined ? 'pod' : 'deployment'),
      );
      expect(query).toBeDefined();
      expect(whyHides(query!.query('any'))).toBeUndefined();
      expect(doc).toContain(`\`${query!.series}\``);
      expect(object?.describedObject ?? spec.scaleTargetRef).toEqual(spec.scaleTargetRef);
      expect(spec.scaleTargetRef.name).toBe(metadata.name);
      expect(named('Deployment', metadata.name)).toBeDefined();
    }
  });

  test('dispatchers are scaled by what alerts go by: not by records that may rightly wait', () => {
    const alert = readRules().find((rule) => rule.alert === 'HooklineRecordsWaitLong')!;
    const [, series, leftOut] = /(webhook_\w+)\{topic!="([\w.]+)"\}/.exec(alert.expr)!;
    const scaled = adapterQueries().find((each) => each.of === 'deployment')!;
    expect(scaled.series).toBe(series);
    const [, topic] = /topic="([\w.]+)"/.exec(scaled.query('dispatcher'))!;
    expect(Object.values(TOPIC)).toContain(topic);
    expect(topic).not.toBe(leftOut);

    const [{ spec }] = readYaml('deploy/kubernetes/keda/dispatcher.yaml') as [Manifest];
    expect(spec.triggers.map(({ metadata }: { metadata: { topic: string } }) => metadata.topic)).toEqual([topic]);
  });

  test('a gateway gets a copy beside it by its requests before it does by its CPU, at 60 % of a core', () => {
    const [{ pods }, { resource }] = named('HorizontalPodAutoscaler', 'gateway').spec.metrics;
    const row = tableRows(section(readDoc('deployment.md'), '## Sizing')).find(([part]) => part === 'gateway, single')!;
    const [, microseconds] = /^(\d+) µs/.exec(row[1]!)!;
    const [{ resources }] = named('Deployment', 'gateway').spec.template.spec.containers;
    const asked = Number.parseInt(resources.requests.cpu, 10) / 1000;
    const atMost = (asked * resource.target.averageUtilization) / 100;
    expect((Number(pods.target.averageValue) * Number(microseconds)) / 1e6).toBeLessThan(atMost);
    expect(atMost).toBeCloseTo(0.6);
  });

  test('retry managers are scaled by what makes work, of the states that there are', () => {
    const { query } = adapterQueries().find(({ series }) => series === 'webhook_retry_queue_size')!;
    const states = /state=~"([\w|]+)"/.exec(query('any'))![1]!.split('|');
    const row = /^\| `webhook_retry_queue_size`.*$/m.exec(readDoc('metrics.md'))![0];
    for (const state of states) expect(row).toContain(`\`${state}\``);
    expect(states.filter((state) => ['held', 'excess'].includes(state))).toEqual([]);
  });
});
