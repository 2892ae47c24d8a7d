import { join } from 'node:path';
import { ROOT } from '../docs/markdown.ts';
import { readYaml, yamlFiles } from '../deploy/manifests.ts';

export interface Target {
  service: string;
  /** Host and port. */
  address: string;
}

interface ScrapeConfig {
  job_name: string;
  honor_labels: boolean;
}

const EVERY = '2s';

/** What compose gives Prometheus, for these targets and in a hurry; with the labels that a pod has besides. */
export function prometheusConfig(targets: readonly Target[]): string {
  const [{ scrape_configs: scrapeConfigs }] = readYaml('deploy/prometheus/prometheus.yml') as [
    { scrape_configs: ScrapeConfig[] },
  ];
  return JSON.stringify({
    global: { scrape_interval: EVERY, scrape_timeout: EVERY, evaluation_interval: EVERY },
    rule_files: yamlFiles('deploy/prometheus/rules').map((file) => join(ROOT, file)),
    scrape_configs: scrapeConfigs.map(({ job_name, honor_labels }) => ({
      job_name,
      honor_labels,
      static_configs: targets.map(({ service, address }) => ({
        targets: [address],
        labels: { service, namespace: 'hookline', pod: `${service}-0` },
      })),
    })),
  });
}
