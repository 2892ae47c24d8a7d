import { expect, test } from '@jest/globals';
import { formatDuration, parseDuration } from './duration.ts';

test.each<[string, number | null]>([
  ['0s', 0],
  ['500ms', 500],
  ['30s', 30_000],
  ['1.5s', 1_500],
  ['2m', 120_000],
  ['24h', 86_400_000],
  ['7d', 604_800_000],
  ['', null],
  ['30', null],
  ['s', null],
  ['30 s', null],
  ['30S', null],
  ['-1s', null],
  ['1e3s', null],
  ['1.s', null],
  ['1h30m', null],
  ['PT30S', null],
  ['9'.repeat(16) + 'd', null],
])('%j is %j ms', (text, ms) => {
  expect(parseDuration(text)).toBe(ms);
});

test.each(['0s', '1ms', '1500ms', '90s', '5m', '36h', '7d'])('%s is written as it is read', (text) => {
  expect(formatDuration(parseDuration(text) as number)).toBe(text);
});
