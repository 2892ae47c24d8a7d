import {
  DashboardBuilder,
  DashboardCursorSync,
  DashboardLinkBuilder,
  DashboardLinkType,
  RowBuilder,
  type Dashboard,
} from '@grafana/grafana-foundation-sdk/dashboard';
import {
  LegendDisplayMode,
  LegendPlacement,
  SortOrder,
  TooltipDisplayMode,
  VizLegendOptionsBuilder,
  VizTooltipOptionsBuilder,
} from '@grafana/grafana-foundation-sdk/common';
import { PanelBuilder as LogsBuilder } from '@grafana/grafana-foundation-sdk/logs';
import { DataqueryBuilder as LokiQueryBuilder } from '@grafana/grafana-foundation-sdk/loki';
import { DataqueryBuilder as PrometheusQueryBuilder } from '@grafana/grafana-foundation-sdk/prometheus';
import { PanelBuilder as StatBuilder } from '@grafana/grafana-foundation-sdk/stat';
import { PanelBuilder as LinesBuilder } from '@grafana/grafana-foundation-sdk/timeseries';

/** The data sources, as deploy/grafana/provisioning names them. */
const PROMETHEUS = { type: 'prometheus', uid: 'prometheus' };
const LOKI = { type: 'loki', uid: 'loki' };

export type Unit = 'reqps' | 'short' | 's' | 'percentunit' | 'bytes' | 'none';

/** Queries of Prometheus by what their series are called. */
export type Queries = Readonly<Record<string, string>>;

export type PanelSpec =
  | { kind: 'lines'; title: string; unit: Unit; queries: Queries; from: 'prometheus' | 'loki'; about?: string }
  | { kind: 'number'; title: string; unit: Unit; query: string }
  | { kind: 'logs'; title: string; query: string };

export interface DashboardSpec {
  /** Also the name of its file. */
  name: string;
  title: string;
  rows: readonly { title: string; panels: readonly PanelSpec[] }[];
}

export function lines(title: string, unit: Unit, queries: Queries, about?: string): PanelSpec {
  return { kind: 'lines', title, unit, queries, from: 'prometheus', ...(about === undefined ? {} : { about }) };
}

export function number(title: string, unit: Unit, query: string): PanelSpec {
  return { kind: 'number', title, unit, query };
}

export function logLines(title: string, query: string): PanelSpec {
  return { kind: 'logs', title, query };
}

export function countedLogs(title: string, queries: Queries): PanelSpec {
  return { kind: 'lines', title, unit: 'short', queries, from: 'loki' };
}

/** Of a histogram: how much stays below, for half, 95 and 99 of a hundred. */
export function percentiles(histogram: string, selector = ''): Queries {
  return Object.fromEntries(
    [50, 95, 99].map((percent) => [
      `p${percent}`,
      `histogram_quantile(${percent / 100}, sum by (le) (rate(${histogram}_bucket${selector}[$__rate_interval])))`,
    ]),
  );
}

export function buildDashboard({ name, title, rows }: DashboardSpec): Dashboard {
  const dashboard = new DashboardBuilder(`Hookline: ${title}`)
    .uid(`hookline-${name}`)
    .tags(['hookline'])
    .time({ from: 'now-1h', to: 'now' })
    .refresh('30s')
    .readonly()
    .tooltip(DashboardCursorSync.Crosshair)
    .link(
      new DashboardLinkBuilder('Hookline')
        .type(DashboardLinkType.Dashboards)
        .tags(['hookline'])
        .asDropdown(true)
        .keepTime(true),
    );
  let id = 0;
  for (const row of rows) {
    dashboard.withRow(new RowBuilder(row.title).id(++id));
    for (const panel of row.panels) dashboard.withPanel(buildPanel(panel).id(++id));
  }
  return dashboard.build();
}

function buildPanel(panel: PanelSpec) {
  switch (panel.kind) {
    case 'lines':
      return buildLines(panel);
    case 'number':
      return new StatBuilder()
        .title(panel.title)
        .unit(panel.unit)
        .datasource(PROMETHEUS)
        .span(4)
        .height(4)
        .withTarget(new PrometheusQueryBuilder().refId('A').datasource(PROMETHEUS).expr(panel.query).instant());
    case 'logs':
      return new LogsBuilder()
        .title(panel.title)
        .datasource(LOKI)
        .span(24)
        .height(10)
        .showTime(true)
        .withTarget(new LokiQueryBuilder().refId('A').datasource(LOKI).expr(panel.query));
  }
}

function buildLines({ title, unit, queries, from, about }: Extract<PanelSpec, { kind: 'lines' }>) {
  const panel = new LinesBuilder()
    .title(title)
    .unit(unit)
    .min(0)
    .datasource(from === 'loki' ? LOKI : PROMETHEUS)
    .span(8)
    .height(8)
    .fillOpacity(10)
    .legend(
      new VizLegendOptionsBuilder()
        .displayMode(LegendDisplayMode.List)
        .placement(LegendPlacement.Bottom)
        .showLegend(true),
    )
    .tooltip(new VizTooltipOptionsBuilder().mode(TooltipDisplayMode.Multi).sort(SortOrder.Descending));
  if (about !== undefined) panel.description(about);
  for (const [index, [legend, query]] of Object.entries(queries).entries()) {
    const refId = String.fromCharCode('A'.charCodeAt(0) + index);
    panel.withTarget(
      from === 'loki'
        ? new LokiQueryBuilder().refId(refId).datasource(LOKI).expr(query).legendFormat(legend)
        : new PrometheusQueryBuilder().refId(refId).datasource(PROMETHEUS).expr(query).legendFormat(legend).range(),
    );
  }
  return panel;
}
