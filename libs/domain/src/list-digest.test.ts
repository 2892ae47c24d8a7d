import { expect, test } from '@jest/globals';
import { compileFilter } from './compile-filter.ts';
import type { FilterCondition } from './filter.ts';

/** Lists that are gone through, and such that are remembered, must answer alike. */
function holds(condition: FilterCondition, list: unknown[]): boolean {
  const compiled = compileFilter({ data: { list: condition } });
  if (compiled.kind !== 'compiled') throw new Error(JSON.stringify(compiled.problems));
  const long = [...list, ...Array.from({ length: 40 }, () => ({ filler: true }))];
  const answers = [list, long].map((each) => compiled.filter({ type: 't', source: 's', data: { list: each } }));
  expect(answers[1]).toBe(answers[0]);
  return answers[1] as boolean;
}

test.each<[FilterCondition, unknown[], boolean]>([
  [{ $eq: 1 }, [3, '1', true, null], false],
  [{ $eq: null }, [3, '1', true, null], true],
  [{ $eq: 0 }, [-0], true],
  [{ $neq: 'a' }, ['b', 'a'], false],
  [{ $in: ['x', 2] }, [1, 2], true],
  [{ $in: ['x', '2'] }, [1, 2], false],
  [{ $nin: ['x', 2] }, [1, 2], false],
  [{ $gt: 5 }, [5, 4, '6'], false],
  [{ $gte: 5 }, [5, 4, '6'], true],
  [{ $lt: 5 }, [5, 6, -1], true],
  [{ $lte: 'b' }, ['c', 'b', 1], true],
  [{ $lt: 'b' }, ['c', 'b', 1], false],
  [{ $gt: 0 }, [], false],
  [{ $startsWith: 'ab' }, ['aa', 'b', 'abc', 3], true],
  [{ $startsWith: 'ab' }, ['aa', 'ac', 'a'], false],
  [{ $startsWith: 'abc' }, ['ab'], false],
  [{ $startsWith: '\u{1f600}' }, ['a', '\u{1f600}!', '\uffff'], true],
  [{ $endsWith: 'yz' }, ['zy', 'xyz'], true],
  [{ $endsWith: 'yz' }, ['yzz', 'z', 'y'], false],
  [{ $endsWith: '\u{1f600}' }, ['!\u{1f600}', 'b'], true],
])('%j of %j: %j', (condition, list, expected) => {
  expect(holds(condition, list)).toBe(expected);
});

test('texts longer than what may be compared with are told apart by what may', () => {
  const long = 'x'.repeat(5_000);
  expect(holds({ $startsWith: 'x'.repeat(1_024) }, [`${long}y`])).toBe(true);
  expect(holds({ $endsWith: `${'x'.repeat(1_023)}y` }, [`${long}y`])).toBe(true);
  expect(holds({ $endsWith: `${'x'.repeat(1_023)}z` }, [`${long}y`])).toBe(false);
});

test('what comes after the first 1,000 elements does not count', () => {
  const numbers = Array.from({ length: 1_001 }, (_, index) => index);
  const compiled = compileFilter({ 'data.list': { $gte: 1_000 } });
  if (compiled.kind !== 'compiled') throw new Error('it is a filter');
  const ask = (list: unknown[]) => compiled.filter({ type: 't', source: 's', data: { list } });
  expect([ask(numbers), ask(numbers.slice(1))]).toEqual([false, true]);
});
