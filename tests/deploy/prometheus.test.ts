import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { collectProcessMetrics, createMetrics } from '@hookline/service-kit';
import { SERVICES, type ServiceName } from '../../tools/platform/services.ts';
import { headings, readDoc, ROOT, section, tableRows } from '../docs/markdown.ts';
import { readYaml, yamlFiles } from './manifests.ts';

interface Rule {
  record?: string;
  alert?: string;
  expr: string;
  annotations?: Record<string, string>;
}

const ruleFiles = yamlFiles('deploy/prometheus/rules');
const rules = ruleFiles.flatMap((file) =>
  (readYaml(file) as { groups: { rules: Rule[] }[] }[]).flatMap(({ groups }) => groups.flatMap((group) => group.rules)),
);
const alerts = rules.filter(({ alert }) => alert !== undefined);

/** Every name that a query may ask for: what docs/metrics.md names, what each process shows, and what rules record. */
function knownSeries(): Set<string> {
  const doc = readDoc('metrics.md');
  const services = headings(doc, 2).filter((heading) => heading !== 'Every process');
  const documented = services.flatMap((name) => tableRows(section(doc, `## ${name}`)));
  const ours = documented.flatMap(([name = '', type]) =>
    type === 'histogram' ? [`${name}_bucket`, `${name}_sum`, `${name}_count`] : [name],
  );
  const registry = createMetrics('test');
  collectProcessMetrics(registry);
  const process = registry.getMetricsAsArray().map(({ name }) => name);
  registry.clear();
  return new Set([...ours, ...process, ...rules.flatMap(({ record }) => record ?? []), 'up']);
}

/** Without what stands in braces and brackets, names of series are what begins with one of these. */
function seriesOf(expr: string): string[] {
  const bare = expr.replaceAll(/\{[^}]*\}|\[[^\]]*\]/g, ' ');
  return [...bare.matchAll(/\b(?:webhook[_:]|process_|nodejs_|up\b)[\w:]*/g)].map(([name]) => name);
}

describe('the rules of Prometheus', () => {
  const known = knownSeries();

  test.each(rules.map((rule) => [(rule.record ?? rule.alert)!, rule] as const))(
    '%s asks only for what is documented, and hides nothing',
    (_name, { expr }) => {
      expect(seriesOf(expr).length).toBeGreaterThan(0);
      for (const name of seriesOf(expr)) expect(known).toContain(name);
      expect(expr).not.toMatch(/\b(vector|absent|absent_over_time)\s*\(/);
    },
  );

  test('have names of their own', () => {
    const names = rules.map(({ record, alert }) => record ?? alert);
    expect(new Set(names).size).toBe(names.length);
  });

  test.each(alerts.map((rule) => [rule.alert!, rule] as const))('%s has a page that says what to do', (name, rule) => {
    const page = rule.annotations!['runbook_url']!;
    expect(page).toMatch(/^docs\/runbooks\/[a-z-]+\.md$/);
    const text = readFileSync(join(ROOT, page), 'utf8');
    expect(headings(text, 1)).toEqual([name]);
    expect(headings(text, 2)).toEqual(['Look at', 'Do']);
    for (const [, metric] of text.matchAll(/`(webhook_\w+)`/g)) {
      expect([...known].some((series) => series === metric || series === `${metric}_bucket`)).toBe(true);
    }
    for (const [, link] of text.matchAll(/\]\(([^)#]+)\)/g)) {
      expect(existsSync(join(ROOT, 'docs/runbooks', link!))).toBe(true);
    }
  });

  test('every service is scraped where it answers', () => {
    const [config] = readYaml('deploy/prometheus/prometheus.yml') as [
      { scrape_configs: { job_name: string; dns_sd_configs: { names: string[]; port: number }[] }[] },
    ];
    const [job] = config.scrape_configs;
    const targets = job!.dns_sd_configs.map(({ names, port }) => [names[0]!, port]);
    const services = Object.values(SERVICES).map(({ name, port }) => [name satisfies ServiceName, port]);
    expect(Object.fromEntries(targets)).toEqual(Object.fromEntries(services));
    expect(job!.job_name).toBe('hookline');
  });
});

test.each([...yamlFiles('deploy'), ...yamlFiles('k8s')])('%s is YAML', (file) => {
  expect(readYaml(file).length).toBeGreaterThan(0);
});
