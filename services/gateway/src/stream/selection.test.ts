import type { Problem } from '@hookline/domain';
import { expect, test } from '@jest/globals';
import type { Entry } from './entry.ts';
import { isSelected, readSelection, selectionKey, type Selection } from './selection.ts';

const ENTRY: Entry = {
  tenant: 'acme',
  webhookId: 'wh_1',
  type: 'order.created',
  outcome: 'failed',
  partition: 0,
  offset: 0,
  timestampMs: 0,
  json: '{}',
};
const ALL: Selection = { tenant: 'acme', webhooks: [], types: [], outcome: null };

test.each([
  [true, {}],
  [false, { tenant: 'globex' }],
  [true, { webhooks: ['wh_2', 'wh_1'] }],
  [false, { webhooks: ['wh_2'] }],
  [true, { types: ['user.*', 'order.*'] }],
  [true, { types: ['*'] }],
  [false, { types: ['order'] }],
  [true, { outcome: 'failed' as const }],
  [false, { outcome: 'succeeded' as const }],
  [false, { types: ['order.*'], outcome: 'succeeded' as const }],
])('%s: %j', (selected, more) => {
  expect(isSelected({ ...ALL, ...more }, ENTRY)).toBe(selected);
});

test('a change of state without a request has no outcome', () => {
  expect(isSelected({ ...ALL, outcome: 'failed' }, { ...ENTRY, outcome: null })).toBe(false);
});

test('those that want the same have the same key', () => {
  const one = selectionKey({ ...ALL, webhooks: ['b', 'a'], types: ['x'] });
  expect(selectionKey({ ...ALL, webhooks: ['a', 'b'], types: ['x'] })).toBe(one);
  expect(selectionKey({ ...ALL, webhooks: ['x'], types: ['a', 'b'] })).not.toBe(one);
});

test.each([
  ['webhook=', ['?webhook']],
  ['type=order.', ['?type']],
  ['type=*.created', ['?type']],
  [Array.from({ length: 21 }, (_, index) => `type=a${index}`).join('&'), ['?type']],
  [Array.from({ length: 21 }, (_, index) => `webhook=w${index}`).join('&'), ['?webhook']],
  ['outcome=lost', ['?outcome']],
  ['outcome=failed&outcome=failed', ['?outcome']],
  ['webhook=a&webhook=a&type=order.*&outcome=failed', []],
])('%s: problems with %j', (query, pointers) => {
  const problems: Problem[] = [];
  readSelection(new URLSearchParams(query), problems);
  expect(problems.map(({ pointer }) => pointer)).toEqual(pointers);
});
