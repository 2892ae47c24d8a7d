import { expect, test } from '@jest/globals';
import { finds, readLogQuery } from './logql.ts';

const LINE = {
  service: 'dispatcher',
  level: 'info',
  event: 'attempt.finished',
  outcome: 'failed',
  class: 'dns',
  status: null,
};

test.each([
  '{service="dispatcher"}',
  '{service=~".+"}',
  '{service!="gateway", level=~"info|warn"}',
  '{service="dispatcher"} | json | event="attempt.finished" | class!~"t.*"',
  'sum by (class) (count_over_time({service="dispatcher"} | json | outcome="failed" [$__auto]))',
  '{service="dispatcher"} | json | line_format "{{.class}} {{.event}}"',
])('%s finds the line', (expr) => {
  expect(finds(readLogQuery(expr), LINE)).toBe(true);
});

test.each([
  ['another value', '{service="gateway"}'],
  ['a part of the value', '{service=~"dispatch"}'],
  ['a field that is no label', '{event="attempt.finished"}'],
  ['a field of a line that is not taken apart', '{service="dispatcher"} | outcome="failed"'],
  ['a field that is not there', '{service="dispatcher"} | json | result="failed"'],
  ['a group of a field that is not there', 'sum by (reason) (count_over_time({service="dispatcher"} | json [5m]))'],
  ['a field without a value', '{service="dispatcher"} | json | line_format "{{.status}}"'],
])('%s: %s finds nothing', (_, expr) => {
  expect(finds(readLogQuery(expr), LINE)).toBe(false);
});

test.each([
  '{service="dispatcher"',
  '{service=dispatcher}',
  'sum by class (count_over_time({service="dispatcher"}[5m]))',
  'count_over_time({service="dispatcher"})',
  '{service="dispatcher"} | jsn',
  '{service="dispatcher"} | json | event=attempt',
  '{service="dispatcher"} | logfmt | unwrap took',
])('%s has a fault', (expr) => {
  expect(() => readLogQuery(expr)).toThrow();
});
