import { adapterQueries } from '../deploy/adapter-queries.ts';
import { sidesOf } from '../deploy/promql.ts';
import { readPanelQueries, readRules } from '../deploy/queries.ts';

export interface Query {
  name: string;
  expr: string;
}

/** Why there is nothing to see, in the first minute of a platform that is well. */
export const NOTHING: Readonly<Record<string, string>> = {
  'alert HooklineServiceGone': 'asks for services that were there 15 minutes ago and are not any more',
};

/** Why Prometheus is not asked for those of Loki, nor Loki: they are asked of the lines that the services have written. */
export const NO_LOKI = 'there is no Loki to be had where CI runs';

/** In place of what Grafana puts there. */
const RATE_INTERVAL = '1m';

/**
 * Every query of Prometheus that a panel, a rule or an autoscaler has. An alert's without its bounds: what it looks at must be there. So must each side of an `or`, or
 * one would hide that the other is gone.
 */
export function allQueries(): Query[] {
  return [...panelQueries(), ...ruleQueries(), ...autoscalerQueries()].flatMap(({ name, expr }) => {
    const sides = sidesOf(expr);
    return sides.map((side, index) => ({ name: sides.length === 1 ? name : `${name}, side ${index + 1}`, expr: side }));
  });
}

/** Every query of Loki that a panel has. */
export function logQueries(): Query[] {
  return readPanelQueries().filter(({ source }) => source === 'loki');
}

function panelQueries(): Query[] {
  return readPanelQueries()
    .filter(({ source }) => source === 'prometheus')
    .map(({ name, expr }) => ({ name, expr: expr.replaceAll('$__rate_interval', RATE_INTERVAL) }));
}

function ruleQueries(): Query[] {
  return readRules().map(({ record, alert, expr }) =>
    alert === undefined
      ? { name: `rule ${record}`, expr }
      : { name: `alert ${alert}`, expr: expr.replaceAll(/\s(?:[<>]=?|[!=]=)\s[\d.]+/g, '') },
  );
}

function autoscalerQueries(): Query[] {
  return adapterQueries().map(({ series, query }) => ({ name: `autoscaler ${series}`, expr: query() }));
}
