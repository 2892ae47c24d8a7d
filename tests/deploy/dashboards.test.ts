import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { generatedFiles } from '../../tools/dashboards/generated-files.ts';
import { ROOT } from '../docs/markdown.ts';
import { readLogQuery, shippedLabels } from './logql.ts';
import { readYaml } from './manifests.ts';
import { seriesOf, whyHides } from './promql.ts';
import { documentedMetrics, knownSeries, readPanelQueries, readRules } from './queries.ts';

const files = generatedFiles();
const queries = readPanelQueries();
const ofPrometheus = queries.filter(({ source }) => source === 'prometheus');
const ofLoki = queries.filter(({ source }) => source === 'loki');

describe('dashboards', () => {
  test.each([...files.keys()])('%s is as the code makes it (npm run dashboards)', (path) => {
    expect(readFileSync(join(ROOT, path), 'utf8')).toBe(files.get(path));
  });

  test('there are no others', () => {
    const made = [...files.keys()].filter((path) => path.startsWith('deploy/grafana/'));
    expect(
      readdirSync(join(ROOT, 'deploy/grafana/dashboards')).map((name) => `deploy/grafana/dashboards/${name}`),
    ).toEqual(made.toSorted());
  });

  const known = knownSeries();
  test.each(ofPrometheus.map(({ name, expr }) => [name, expr]))('%s asks only for what there is', (_name, expr) => {
    for (const series of seriesOf(expr)) expect(known).toContain(series);
    expect(whyHides(expr)).toBeUndefined();
  });

  test('every metric is on one of them', () => {
    const inRules = new Map(readRules().map(({ record, expr }) => [record, seriesOf(expr)]));
    const shown = new Set(
      ofPrometheus.flatMap(({ expr }) => seriesOf(expr)).flatMap((name) => [name, ...(inRules.get(name) ?? [])]),
    );
    // Rules of rules.
    for (const name of shown) for (const series of inRules.get(name) ?? []) shown.add(series);
    const missing = documentedMetrics().filter(
      ({ name }) => !['', '_bucket', '_count'].some((suffix) => shown.has(name + suffix)),
    );
    expect(missing).toEqual([]);
  });

  test('each data source that they ask is provisioned', () => {
    const [{ datasources }] = readYaml('deploy/grafana/provisioning/datasources/hookline.yml') as [
      { datasources: { uid: string; type: string }[] },
    ];
    const provisioned = datasources.map(({ uid, type }) => `${type} ${uid}`);
    for (const text of files.values()) {
      for (const [, type, uid] of text.matchAll(/"datasource": \{\s*"type": "(\w+)",\s*"uid": "(\w+)"/g)) {
        expect(provisioned).toContain(`${type} ${uid}`);
      }
    }
  });

  test.each(ofLoki.map(({ name, expr }) => [name, expr]))(
    '%s is LogQL, and selects by the labels that are shipped',
    (_name, expr) => {
      const { selector } = readLogQuery(expr);
      expect(selector.length).toBeGreaterThan(0);
      for (const file of ['deploy/alloy/config.alloy', 'deploy/kubernetes/logs/config.alloy']) {
        for (const { label } of selector) expect(shippedLabels(file)).toContain(label);
      }
    },
  );
});
