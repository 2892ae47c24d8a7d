import { expect, test } from '@jest/globals';
import { etagOf, isKnown, revisionsOf } from './etag.ts';

test.each<[string | undefined, number[]]>([
  [undefined, []],
  ['*', []],
  ['"12"', [12]],
  ['"1", "2"', [1, 2]],
  ['"1","2"', [1, 2]],
  ['W/"12"', [-1]],
  ['12', [-1]],
  ['"abc"', [-1]],
  ['', [-1]],
  ['"abc", "3"', [3]],
])('If-Match: %s allows %j', (header, revisions) => {
  expect(revisionsOf(header)).toEqual(revisions);
});

test.each<[string | undefined, boolean]>([
  [undefined, false],
  ['*', true],
  ['"12"', true],
  ['W/"12"', true],
  ['"1", "12"', true],
  ['"1"', false],
  ['12', false],
])('If-None-Match: %s of "12": %j', (header, known) => {
  expect(isKnown(header, etagOf(12))).toBe(known);
});
