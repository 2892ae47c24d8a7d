import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parser } from '@grafana/lezer-logql';
import { ROOT } from '../docs/markdown.ts';

/** What a query of Loki asks for, as far as dashboards go: streams by their labels, of their lines those that filters let through, and fields of these. */
export interface LogQuery {
  selector: LabelMatcher[];
  /** Lines are taken apart (`| json`): filters and fields are not of the labels alone. */
  isParsed: boolean;
  filters: LabelMatcher[];
  /** What it is grouped by, and what it shows of a line. */
  fields: string[];
}

interface LabelMatcher {
  label: string;
  operator: string;
  value: string;
}

/** In place of what Grafana puts there. */
const AUTO = '5m';
/** What `finds` knows the meaning of, besides the nodes that hold these. */
const KNOWN_STAGES = ['LabelParser', 'LabelFilter', 'LineFormatExpr'];

/** @throws Error where Grafana's grammar of LogQL finds a fault, or a stage is not known here */
export function readLogQuery(expr: string): LogQuery {
  const text = expr.replaceAll('$__auto', AUTO);
  const query: LogQuery = { selector: [], isParsed: false, filters: [], fields: [] };
  parser.parse(text).iterate({
    enter({ type, name, from, to, node }) {
      const textOf = (child: { from: number; to: number }) => text.slice(child.from, child.to);
      if (type.isError) throw new Error(`${text.slice(0, from)}<fault>${text.slice(from)}`);
      if (name === 'PipelineStage' && !KNOWN_STAGES.some((stage) => node.getChild(stage) !== null)) {
        throw new Error(`"${text.slice(from, to)}" is not known`);
      }
      if (name === 'Matcher') {
        const [label, operator, value] = [node.firstChild!, node.firstChild!.nextSibling!, node.lastChild!].map(textOf);
        const matchers = node.parent?.name === 'LabelFilter' ? query.filters : query.selector;
        matchers.push({ label: label!, operator: operator!, value: JSON.parse(value!) as string });
      }
      if (name === 'Json') query.isParsed = true;
      if (name === 'Identifier' && node.parent?.name === 'Labels') query.fields.push(text.slice(from, to));
      if (name === 'LineFormatExpr') {
        const template = textOf(node.lastChild!);
        query.fields.push(...[...template.matchAll(/\{\{\s*\.(\w+)\s*\}\}/g)].map(([, field]) => field!));
      }
    },
  });
  return query;
}

/** Whether the query finds the line, with every field that it shows. Labels are those that are shipped. */
export function finds(query: LogQuery, line: Readonly<Record<string, unknown>>): boolean {
  const labels = Object.fromEntries(shippedLabels('deploy/alloy/config.alloy').map((label) => [label, line[label]]));
  const fields = query.isParsed ? line : labels;
  return (
    query.selector.every((matcher) => matches(matcher, labels)) &&
    query.filters.every((matcher) => matches(matcher, fields)) &&
    query.fields.every((field) => fields[field] !== undefined && fields[field] !== null)
  );
}

/** As Loki does it: expressions are of the whole text, and what isn't there is empty. */
function matches({ label, operator, value }: LabelMatcher, fields: Readonly<Record<string, unknown>>): boolean {
  const found = fields[label] ?? '';
  const text = typeof found === 'string' ? found : JSON.stringify(found);
  const isMet = operator.endsWith('~') ? new RegExp(`^(?:${value})$`).test(text) : text === value;
  return isMet !== operator.startsWith('!');
}

/** The labels that a configuration of Alloy keeps. */
export function shippedLabels(file: string): string[] {
  const text = readFileSync(join(ROOT, file), 'utf8');
  const [, kept] = /stage\.label_keep \{\s*values = (\[.*\])/.exec(text) ?? [];
  return JSON.parse(kept ?? '[]') as string[];
}
