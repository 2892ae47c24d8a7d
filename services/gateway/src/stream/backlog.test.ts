import { describe, expect, test } from '@jest/globals';
import { createBacklog } from './backlog.ts';
import { decodeCursor, encodeCursor } from './cursor.ts';
import type { Entry } from './entry.ts';

const BOUNDS = { pageEntries: 3, maxEntries: 7, maxBytes: 1_000_000 };

function entry(partition: number, offset: number): Entry {
  const what = { tenant: 't', webhookId: 'wh_1', type: 'a.b', outcome: 'succeeded', timestampMs: 0 } as const;
  return { ...what, partition, offset, json: `{"at":"${partition}/${offset}"}` };
}

const entries = (partition: number, from: number, to: number) =>
  Array.from({ length: to - from }, (_, index) => entry(partition, from + index));

test('entries go into pages, each of which says where its reader is', () => {
  const backlog = createBacklog([10, 20], BOUNDS);
  backlog.add([...entries(0, 10, 12), entry(1, 20), entry(0, 12)]);
  expect([backlog.first(), backlog.next()]).toEqual([0, 2]);
  expect(backlog.page(0)).toMatchObject({ position: [12, 21], cursor: encodeCursor([12, 21]) });
  expect(backlog.page(1)).toMatchObject({ position: [13, 21] });
  expect(backlog.page(2)).toBeUndefined();
  expect(backlog.position()).toEqual([13, 21]);
});

test.each([
  ['entries', { ...BOUNDS, maxEntries: 7 }],
  ['bytes', { ...BOUNDS, maxEntries: 1_000, maxBytes: 7 * 215 }],
])('the oldest pages go when there are too many %s', (_what, bounds) => {
  const backlog = createBacklog([0, 0], bounds);
  backlog.add(entries(0, 0, 9));
  expect([backlog.first(), backlog.next()]).toEqual([1, 3]);
  expect(backlog.page(0)).toBeUndefined();
  expect(backlog.page(1)!.entries[0]).toMatchObject({ offset: 3 });
});

describe('a reader goes on', () => {
  const backlog = createBacklog([0, 0], BOUNDS);
  // Pages: (0/0 0/1 0/2) (1/0 1/1 1/2) (0/3 0/4 0/5)
  backlog.add([...entries(0, 0, 3), ...entries(1, 0, 3), ...entries(0, 3, 6)]);

  test.each([
    ['at the page that it has seen part of', [3, 1], { page: 1, complete: true }],
    ['behind those that it has seen', [3, 3], { page: 2, complete: true }],
    ['at the end, if it has seen all', [6, 3], { page: 3, complete: true }],
    ['at the end, if it is ahead', [9, 9], { page: 3, complete: true }],
    ['at the oldest, if something before that is gone', [2, 0], { page: 1, complete: false }],
  ])('%s', (_what, position, found) => {
    expect(backlog.find(position)).toEqual(found);
  });
});

test.each([
  ['0.1z.2', [0, 71, 2]],
  ['0.1', null],
  ['0.1.2.3', null],
  ['', null],
  ['0..1', null],
  ['a b', null],
  ['-1.0.0', null],
  ['0.0.zzzzzzzzzzzz', null],
])('the cursor %j of three partitions', (text, position) => {
  expect(decodeCursor(text, 3)).toEqual(position);
  if (position !== null) expect(encodeCursor(position)).toBe(text);
});
