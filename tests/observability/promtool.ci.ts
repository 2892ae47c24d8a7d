import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { beforeAll, expect, test } from '@jest/globals';
import { findPrometheus, type PrometheusTools } from '@hookline/testkit';
import { yamlFiles } from '../deploy/manifests.ts';
import { readRules } from '../deploy/queries.ts';
import { ROOT } from '../docs/markdown.ts';

const run = promisify(execFile);
let tools: PrometheusTools;

beforeAll(async () => {
  tools = await findPrometheus();
}, 300_000);

/** Rejects with what it prints. */
const promtool = (...args: string[]) => run(tools.promtool, args, { cwd: ROOT });

test('promtool takes the rules and the configuration', async () => {
  const { stdout } = await promtool('check', 'rules', ...yamlFiles('deploy/prometheus/rules'));
  expect(stdout).toContain(`${readRules().filter(({ alert }) => alert !== undefined).length} rules found`);
  await promtool('check', 'config', 'deploy/prometheus/prometheus.yml');
});

test('rules and alerts do what their tests say', async () => {
  const { stdout } = await promtool('test', 'rules', 'deploy/prometheus/tests.yml');
  expect(stdout).toContain('SUCCESS');
}, 120_000);

test('every alert goes off in one of them', () => {
  const text = readFileSync(join(ROOT, 'deploy/prometheus/tests.yml'), 'utf8');
  const fired = [...text.matchAll(/alertname: (\w+)\n\s+eval_time: \S+\n\s+exp_alerts:\n/g)].map(([, name]) => name);
  for (const { alert } of readRules()) if (alert !== undefined) expect(fired).toContain(alert);
});
