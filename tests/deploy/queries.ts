import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { collectProcessMetrics, createMetrics } from '@hookline/service-kit';
import { headings, readDoc, ROOT, section, tableRows } from '../docs/markdown.ts';
import { readYaml, yamlFiles } from './manifests.ts';

export interface Rule {
  record?: string;
  alert?: string;
  expr: string;
  annotations?: Record<string, string>;
}

/** Every rule of deploy/prometheus/rules. */
export function readRules(): Rule[] {
  return yamlFiles('deploy/prometheus/rules').flatMap((file) =>
    (readYaml(file) as { groups: { rules: Rule[] }[] }[]).flatMap(({ groups }) =>
      groups.flatMap((group) => group.rules),
    ),
  );
}

/** A query of a panel, and where it is. */
export interface PanelQuery {
  name: string;
  source: 'prometheus' | 'loki';
  expr: string;
}

interface DashboardJson {
  title: string;
  panels: { title: string; targets?: { refId: string; expr: string; datasource: { type: 'prometheus' | 'loki' } }[] }[];
}

/** Every query of deploy/grafana/dashboards. */
export function readPanelQueries(): PanelQuery[] {
  const folder = join(ROOT, 'deploy/grafana/dashboards');
  return readdirSync(folder).flatMap((file) => {
    const { title, panels } = JSON.parse(readFileSync(join(folder, file), 'utf8')) as DashboardJson;
    return panels.flatMap((panel) =>
      (panel.targets ?? []).map(({ refId, expr, datasource }) => ({
        name: `${title} / ${panel.title} / ${refId}`,
        source: datasource.type,
        expr,
      })),
    );
  });
}

/** The metrics of docs/metrics.md, those that each process shows left out. */
export function documentedMetrics(): { name: string; type: string }[] {
  const doc = readDoc('metrics.md');
  const parts = headings(doc, 2).filter((heading) => heading !== 'Every process');
  const rows = parts.flatMap((part) => tableRows(section(doc, `## ${part}`)));
  return rows.map(([name = '', type = '']) => ({ name, type }));
}

/** Every name that a query may ask for: what docs/metrics.md names, what each process shows, and what rules record. */
export function knownSeries(): Set<string> {
  const ours = documentedMetrics().flatMap(({ name, type }) =>
    type === 'histogram' ? [`${name}_bucket`, `${name}_sum`, `${name}_count`] : [name],
  );
  const registry = createMetrics('test');
  collectProcessMetrics(registry);
  // prom-client tells the types by what its types don't know of.
  const shown = registry.getMetricsAsArray() as unknown as { name: string; type: string }[];
  const process = shown.flatMap(({ name, type }) => (type === 'histogram' ? [`${name}_sum`, `${name}_count`] : [name]));
  registry.clear();
  return new Set([...ours, ...process, ...readRules().flatMap(({ record }) => record ?? []), 'up']);
}
