import { expect, test } from '@jest/globals';
import { depthOfJson } from './json-depth.ts';

test.each<[string, number]>([
  ['', 0],
  ['1', 0],
  ['{}', 1],
  ['{"a":[{"b":1}]}', 3],
  ['[[],[],[]]', 2],
  ['"[[["', 0],
  ['{"[[":"{{"}', 1],
  [String.raw`["\"[[", "\\", [1]]`, 2],
  ['"[', 0],
  ['[', 1],
  [']][[', 0],
  ['['.repeat(100_000), 100_000],
])('%.30s: %j', (text, depth) => {
  expect(depthOfJson(text)).toBe(depth);
});
