import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { parse, stringify } from 'yaml';
import { buildDashboard } from './builder.ts';
import { DASHBOARDS } from './index.ts';

const ROOT = join(import.meta.dirname, '../..');
const RULES = 'deploy/prometheus/rules';

/** What is written from the code, by its path from the root: dashboards, and the rules as the Prometheus operator wants them. */
export function generatedFiles(): Map<string, string> {
  const files = new Map<string, string>();
  for (const spec of DASHBOARDS) {
    files.set(`deploy/grafana/dashboards/${spec.name}.json`, `${JSON.stringify(buildDashboard(spec), null, 2)}\n`);
  }
  files.set('deploy/kubernetes/service-monitor/prometheus-rule.yaml', prometheusRule());
  return files;
}

function prometheusRule(): string {
  const groups = readdirSync(join(ROOT, RULES))
    .toSorted()
    .flatMap((name) => (parse(readFileSync(join(ROOT, RULES, name), 'utf8')) as { groups: object[] }).groups);
  const rule = {
    apiVersion: 'monitoring.coreos.com/v1',
    kind: 'PrometheusRule',
    metadata: { name: 'hookline', namespace: 'hookline' },
    spec: { groups },
  };
  return `# Made of ${RULES} by \`npm run dashboards\`.\n${stringify(rule, { lineWidth: 0 })}`;
}
