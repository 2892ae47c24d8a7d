import { readYaml } from './manifests.ts';

/** What the prometheus-adapter asks Prometheus for when an autoscaler asks it for `metric`. */
export interface AdapterQuery {
  /** As the autoscaler names it. */
  metric: string;
  /** As the service names it. */
  series: string;
  of: 'pod' | 'deployment';
  /** For one pod or Deployment of the namespace `hookline`. */
  query: (name: string) => string;
}

interface Rule {
  seriesQuery: string;
  resources: { overrides: Record<string, { resource: string }> };
  name?: { matches: string; as: string };
  metricsQuery: string;
}

/** Each metric of deploy/kubernetes/prometheus-adapter/values.yaml, its query filled in as the adapter does it. */
export function adapterQueries(): AdapterQuery[] {
  const [{ rules }] = readYaml('deploy/kubernetes/prometheus-adapter/values.yaml') as [{ rules: { custom: Rule[] } }];
  return rules.custom.flatMap((rule) => seriesOf(rule.seriesQuery).map((series) => describe(rule, series)));
}

/** The name before the braces, or the alternatives of a `__name__=~"^webhook_(a|b)$"`. */
function seriesOf(seriesQuery: string): string[] {
  const plain = /^\w+/.exec(seriesQuery)?.[0];
  if (plain !== undefined) return [plain];
  const [, prefix, alternatives] = /__name__=~"\^(\w+)\(([\w|]+)\)\$"/.exec(seriesQuery) ?? [];
  if (prefix === undefined || alternatives === undefined) throw new Error(`${seriesQuery}: of which series?`);
  return alternatives.split('|').map((end) => prefix + end);
}

function describe({ resources, name, metricsQuery }: Rule, series: string): AdapterQuery {
  const [label, { resource }] = Object.entries(resources.overrides).find(([each]) => each !== 'namespace') ?? [
    '',
    { resource: '' },
  ];
  return {
    metric: name === undefined ? series : series.replace(new RegExp(name.matches), name.as.replace('${1}', '$1')),
    series,
    of: resource as AdapterQuery['of'],
    query: (named) =>
      metricsQuery
        .replaceAll('<<.Series>>', series)
        .replaceAll('<<.LabelMatchers>>', `namespace="hookline",${label}="${named}"`)
        .replaceAll('<<.GroupBy>>', label),
  };
}
