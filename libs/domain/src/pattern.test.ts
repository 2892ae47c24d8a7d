import { describe, expect, test } from '@jest/globals';
import { EVENT_LIMITS, isEventType } from './event.ts';
import { isPattern, matches, patternsOf } from './pattern.ts';

const WORDS = ['order', 'orders', 'o', 'order_x', 'orderAx', 'or-der', '7'];
const TYPES = [WORDS, WORDS, WORDS].reduce<string[]>(
  (types, words) => [...words, ...types.flatMap((type) => words.map((word) => `${type}.${word}`))],
  [],
);
const PATTERNS = ['*', ...TYPES, ...TYPES.map((type) => `${type}.*`)];

describe('isPattern', () => {
  test.each(['*', 'order', 'order.created', 'order.*', 'order.line.*', 'a_b.c-d', 'x'.repeat(EVENT_LIMITS.type)])(
    '%p is one',
    (pattern) => {
      expect(isPattern(pattern)).toBe(true);
    },
  );

  test.each([
    '',
    '.',
    '**',
    '.*',
    '*.*',
    '*.created',
    'order*',
    'ord*r',
    'order.',
    'order..*',
    '.order',
    'order.*.created',
    'order.**',
    'order %',
    'order.*\n',
    'größe',
    'x'.repeat(EVENT_LIMITS.type + 1),
    `${'x'.repeat(EVENT_LIMITS.type - 1)}.*`,
  ])('%p is none', (pattern) => {
    expect(isPattern(pattern)).toBe(false);
  });
});

describe('matches', () => {
  test.each([
    ['order.created', 'order.created'],
    ['order.*', 'order.created'],
    ['order.*', 'order.line.added.twice'],
    ['order.line.*', 'order.line.added'],
    ['*', 'order'],
    ['*', 'order.line.added'],
  ])('%p takes %p', (pattern, type) => {
    expect(matches(pattern, type)).toBe(true);
  });

  test.each([
    ['order.created', 'order.created.now'],
    ['order.created', 'order'],
    ['order.created', 'Order.created'],
    ['order', 'order.created'],
    ['order.*', 'order'],
    ['order.*', 'order.'],
    ['order.*', 'orders.created'],
    ['order.*', 'my.order.created'],
    ['order.line.*', 'order.created'],
    // In LIKE and in regular expressions these would match.
    ['order_x', 'orderAx'],
    ['order_x.*', 'orderAx.created'],
    ['order.created', 'orderXcreated'],
    ['order.*', 'orderXcreated'],
  ])('%p does not take %p', (pattern, type) => {
    expect(matches(pattern, type)).toBe(false);
  });
});

describe('patternsOf', () => {
  test.each([
    ['a', ['a', '*']],
    ['a.b', ['a.b', 'a.*', '*']],
    ['a.b.c', ['a.b.c', 'a.b.*', 'a.*', '*']],
  ])('of %p, most specific first', (type, patterns) => {
    expect(patternsOf(type)).toEqual(patterns);
  });

  test('holds a pattern exactly if the pattern matches, over every type and pattern of up to three words', () => {
    expect(TYPES).toHaveLength(7 + 7 ** 2 + 7 ** 3);
    const disagreements: string[] = [];
    let matching = 0;
    for (const type of TYPES) {
      const patterns = new Set(patternsOf(type));
      for (const pattern of PATTERNS) {
        if (matches(pattern, type)) matching++;
        if (matches(pattern, type) !== patterns.has(pattern)) disagreements.push(`${pattern} and ${type}`);
      }
    }
    expect(disagreements).toEqual([]);
    // Its own type, `*`, and a prefix for every word but the last.
    expect(matching).toBe(7 * 2 + 7 ** 2 * 3 + 7 ** 3 * 4);
  });

  test('are patterns, without repetition', () => {
    const longest = `${'a.'.repeat(EVENT_LIMITS.type / 2 - 1)}bc`;
    expect(isEventType(longest)).toBe(true);
    for (const type of [...TYPES, longest]) {
      const patterns = patternsOf(type);
      expect(patterns.filter((pattern) => !isPattern(pattern))).toEqual([]);
      expect(new Set(patterns).size).toBe(patterns.length);
    }
  });
});
