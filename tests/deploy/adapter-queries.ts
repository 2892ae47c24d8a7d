import { readYaml } from './manifests.ts';

/** What the prometheus-adapter asks Prometheus for when an autoscaler asks it for `metric`. */
export interface AdapterQuery {
  /** As the autoscaler names it. */
  metric: string;
  /** As the service names it. */
  series: string;
  of: 'pod' | 'deployment';
  /** For one pod or Deployment of the namespace `hookline`; without a name for all, of whatever namespace. */
  query: (name?: string) => string;
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
  return rules.custom.map((rule) => describe(rule, seriesOf(rule.seriesQuery)));
}

/** The name before the braces. */
function seriesOf(seriesQuery: string): string {
  const [name] = /^\w+/.exec(seriesQuery) ?? [];
  if (name === undefined) throw new Error(`${seriesQuery}: of which series?`);
  return name;
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
        .replaceAll(
          '<<.LabelMatchers>>',
          named === undefined ? `namespace!="",${label}!=""` : `namespace="hookline",${label}="${named}"`,
        )
        .replaceAll('<<.GroupBy>>', label),
  };
}
