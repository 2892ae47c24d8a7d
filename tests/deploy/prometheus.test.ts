import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { SERVICES, type ServiceName } from '../../tools/platform/services.ts';
import { headings, ROOT } from '../docs/markdown.ts';
import { readYaml, yamlFiles } from './manifests.ts';
import { seriesOf, whyHides } from './promql.ts';
import { knownSeries, readRules } from './queries.ts';

const rules = readRules();
const alerts = rules.filter(({ alert }) => alert !== undefined);

describe('the rules of Prometheus', () => {
  const known = knownSeries();

  test.each(rules.map((rule) => [(rule.record ?? rule.alert)!, rule] as const))(
    '%s asks only for what is documented, and hides nothing',
    (_name, { expr }) => {
      for (const name of seriesOf(expr)) expect(known).toContain(name);
      expect(whyHides(expr)).toBeUndefined();
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
