import { describe, expect, test } from '@jest/globals';
import { compileFilter } from './compile-filter.ts';
import { FILTER_LIMITS, type FilterCondition, type FilteredEvent } from './filter.ts';

const DATA = {
  total: 19.9,
  count: 0,
  name: 'Ada',
  paid: true,
  note: null,
  empty: '',
  at: '2026-01-02T03:04:05Z',
  tags: ['new', 'vip', 3],
  items: [{ sku: 'A1', qty: 2 }, { sku: 'B2' }],
  customer: { address: { country: 'DE' }, 'a/b': 1 },
};
const EVENT: FilteredEvent = {
  type: 'order.created',
  source: 'shop/berlin',
  metadata: { region: 'eu', 'trace.id': 'x', number: '10' },
  data: DATA,
};

function holds(condition: unknown, event: Partial<FilteredEvent> = {}): boolean {
  const compiled = compileFilter(condition);
  if (compiled.kind === 'invalid') throw new Error(JSON.stringify(compiled.problems));
  return compiled.filter({ ...EVENT, ...event });
}

function pointersOf(condition: unknown): string[] {
  const compiled = compileFilter(condition);
  return compiled.kind === 'compiled' ? [] : compiled.problems.map(({ pointer }) => pointer);
}

describe('a condition holds, or not', () => {
  test.each<[FilterCondition, boolean]>([
    [{ type: 'order.created' }, true],
    [{ type: 'order' }, false],
    [{ type: { $startsWith: 'order.' }, source: { $endsWith: 'berlin' } }, true],
    [{ type: { $startsWith: 'order.' }, source: { $endsWith: 'paris' } }, false],
    [{ subject: { $exist: false } }, true],
    [{ subject: 'x' }, false],
    [{ metadata: { region: 'eu' } }, true],
    [{ 'metadata.region': { $in: ['us', 'eu'] } }, true],
    [{ 'metadata.trace.id': 'x' }, true],
    [{ metadata: { 'trace.id': 'x' } }, true],
    [{ metadata: { $exist: true } }, true],
    [{ metadata: { number: { $gt: 5 } } }, false],
    [{ data: { total: 19.9 } }, true],
    [{ 'data.total': 19.9 }, true],
    [{ data: { total: { $gt: 19.9 } } }, false],
    [{ data: { total: { $gte: 19.9, $lt: 20 } } }, true],
    [{ data: { total: { $lte: 19.8 } } }, false],
    [{ data: { count: { $lt: 1 } } }, true],
    [{ data: { at: { $gte: '2026-01-01', $lt: '2027-01-01' } } }, true],
    [{ data: { customer: { address: { country: 'DE' } } } }, true],
    [{ 'data.customer': { 'address.country': { $neq: 'DE' } } }, false],
    [{ data: { items: { 0: { sku: 'A1' } } } }, true],
    [{ 'data.items.1.qty': { $exist: false } }, true],
    [{ 'data.items.2': { $exist: true } }, false],
    [{ data: { tags: 'vip' } }, true],
    [{ data: { tags: { $in: [3, 4] } } }, true],
    [{ data: { tags: { $nin: ['vip'] } } }, false],
    [{ data: { tags: { $neq: 'old' } } }, true],
    [{ data: { tags: { $startsWith: 'vi' } } }, true],
    [{ data: { customer: { $exist: true, address: { $exist: true } } } }, true],
    [{ $or: [{ type: 'x' }, { 'data.paid': true }] }, true],
    [{ $and: [{ type: 'order.created' }, { 'data.paid': false }] }, false],
    [{ $not: { 'data.paid': true } }, false],
    [{ data: { total: { $not: { $gt: 100 } } } }, true],
    [{ data: { $or: [{ name: 'Bob' }, { total: { $gt: 10 } }] } }, true],
    [{ data: { name: { $or: [{ $startsWith: 'B' }, { $endsWith: 'a' }] } } }, true],
  ])('%j: %j', (condition, expected) => {
    expect(holds(condition)).toBe(expected);
  });
});

describe('nothing is converted', () => {
  test.each<[FilterCondition, boolean]>([
    [{ 'data.total': '19.9' }, false],
    [{ 'data.paid': 1 }, false],
    [{ 'data.paid': 'true' }, false],
    [{ 'data.count': false }, false],
    [{ 'data.count': '' }, false],
    [{ 'data.empty': 0 }, false],
    [{ 'data.note': 'null' }, false],
    [{ 'data.note': 0 }, false],
    [{ 'data.name': { $gt: 1 } }, false],
    [{ 'data.total': { $lt: 'x' } }, false],
    [{ 'data.note': { $gte: 0 } }, false],
    [{ 'data.total': { $startsWith: '1' } }, false],
    [{ 'data.total': { $in: ['19.9', true] } }, false],
  ])('%j: %j', (condition, expected) => {
    expect(holds(condition)).toBe(expected);
  });
});

describe('of a field that is missing', () => {
  test.each<[FilterCondition, boolean]>([
    [{ 'data.x': null }, false],
    [{ 'data.note': null }, true],
    [{ 'data.note': { $exist: true } }, true],
    [{ 'data.x': { $exist: false } }, true],
    [{ 'data.x': { $neq: 1 } }, true],
    [{ 'data.x': { $nin: [1] } }, true],
    [{ 'data.x': { $not: { $gt: 1 } } }, true],
    [{ 'data.x': { $in: [null] } }, false],
    [{ 'data.x.y.z': { $lt: 1 } }, false],
    [{ 'data.name.length': { $exist: true } }, false],
    [{ 'data.tags.length': { $exist: true } }, false],
    [{ 'data.tags.01': { $exist: true } }, false],
    [{ 'data.constructor': { $exist: true } }, false],
    [{ 'data.__proto__': { $exist: true } }, false],
    [{ 'data.customer.toString': { $exist: true } }, false],
    [{ 'metadata.constructor': { $exist: true } }, false],
  ])('%j: %j', (condition, expected) => {
    expect(holds(condition)).toBe(expected);
  });

  test('a member called __proto__ is a member like others', () => {
    const condition: unknown = JSON.parse('{"data":{"__proto__":{"a":1}}}');
    expect(holds(condition, { data: JSON.parse('{"__proto__":{"a":1}}') })).toBe(true);
    expect(holds(condition, { data: {} })).toBe(false);
  });

  test.each([undefined, null, 'text', 7, []])('data may be %j', (data) => {
    expect(holds({ 'data.total': { $gt: 1 } }, { data })).toBe(false);
    expect(holds({ data: { $exist: true } }, { data })).toBe(data !== undefined);
    expect(holds({ data: { total: { $exist: false } } }, { data })).toBe(true);
  });
});

test('data is read only when a condition comes to it', () => {
  let reads = 0;
  const event = {
    ...EVENT,
    get data() {
      reads++;
      return DATA;
    },
  };
  const compiled = compileFilter({ type: 'other', 'data.total': { $gt: 1 } });
  expect(compiled.kind === 'compiled' && compiled.filter(event)).toBe(false);
  expect(reads).toBe(0);
});

test('of a list the first thousand elements count', () => {
  const list = Array.from({ length: 2_000 }, (_, index) => index);
  expect(holds({ 'data.list': 999 }, { data: { list } })).toBe(true);
  expect(holds({ 'data.list': 1_000 }, { data: { list } })).toBe(false);
  expect(holds({ 'data.list.1500': 1_500 }, { data: { list } })).toBe(true);
});

const deep = (depth: number, key: string): unknown => (depth === 0 ? 1 : { [key]: deep(depth - 1, key) });

describe('is refused where it goes wrong', () => {
  test.each<[unknown, string[]]>([
    [null, ['/filter']],
    ['x', ['/filter']],
    [[], ['/filter']],
    [{}, ['/filter']],
    [{ id: 'x' }, ['/filter/id']],
    [{ Type: 'x' }, ['/filter/Type']],
    [{ 'type.x': 'x' }, ['/filter/type.x']],
    [{ type: { x: 'y' } }, ['/filter/type/x']],
    [{ type: {} }, ['/filter/type']],
    [{ type: ['a', 'b'] }, ['/filter/type']],
    [{ $eq: 1 }, ['/filter/$eq']],
    [{ $or: {} }, ['/filter/$or']],
    [{ $or: [] }, ['/filter/$or']],
    [{ $or: [{ type: 'a' }, {}, 'x'] }, ['/filter/$or/1', '/filter/$or/2']],
    [{ $not: 'x' }, ['/filter/$not']],
    [{ 'metadata.a': { b: 'c' } }, ['/filter/metadata.a/b']],
    [{ data: { total: { $gte: null } } }, ['/filter/data/total/$gte']],
    [{ data: { total: { $gte: true, $lt: {} } } }, ['/filter/data/total/$gte', '/filter/data/total/$lt']],
    [{ data: { total: { $between: [1, 2] } } }, ['/filter/data/total/$between']],
    [{ data: { total: { $regex: '(a+)+' } } }, ['/filter/data/total/$regex']],
    [{ data: { a: { $in: [] } } }, ['/filter/data/a/$in']],
    [{ data: { a: { $in: 'x' } } }, ['/filter/data/a/$in']],
    [{ data: { a: { $nin: [[1]] } } }, ['/filter/data/a/$nin']],
    [{ data: { a: { $in: Array.from({ length: FILTER_LIMITS.values + 1 }, () => 1) } } }, ['/filter/data/a/$in']],
    [{ data: { a: { $startsWith: '' } } }, ['/filter/data/a/$startsWith']],
    [{ data: { a: { $exist: 'true' } } }, ['/filter/data/a/$exist']],
    [{ data: { 'a/b~c': { $eq: [] } } }, ['/filter/data/a~1b~0c/$eq']],
    [{ data: { a: 'x'.repeat(FILTER_LIMITS.text + 1) } }, ['/filter/data/a']],
    [{ data: { a: '\0', b: { $in: ['\ud800'] } } }, ['/filter/data/a', '/filter/data/b/$in']],
    [{ 'data.a\0': 1 }, ['/filter/data.a\0']],
    [{ data: { a: { $gt: Infinity } } }, ['/filter/data/a/$gt']],
    [{ data: Object.fromEntries(Array.from({ length: 101 }, (_, i) => [`f${i}`, 1])) }, ['/filter']],
    [{ data: deep(FILTER_LIMITS.depth + 1, 'a') }, ['/filter']],
    [{ [`data.${'a.'.repeat(20)}b`]: 1 }, [`/filter/data.${'a.'.repeat(20)}b`]],
    [deep(2_000, '$not'), ['/filter']],
    [{ $or: Array.from({ length: 20 }, () => ({ type: 'x'.repeat(1_000) })) }, ['/filter']],
  ])('%.80j: %j', (condition, expected) => {
    expect(pointersOf(condition)).toEqual(expected);
  });
});

test('the largest that may be is cheap to ask', () => {
  const text = 'x'.repeat(100);
  const data = { list: Array.from({ length: 100_000 }, () => `${text}y`) };
  const $or = Array.from({ length: 24 }, (_, index) => ({ [`list`]: { $endsWith: `${text}${index}` } }));
  const started = performance.now();
  expect(holds({ data: { $or } }, { data })).toBe(false);
  expect(performance.now() - started).toBeLessThan(100);
});
