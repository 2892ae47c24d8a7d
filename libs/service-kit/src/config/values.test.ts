import { describe, expect, test } from '@jest/globals';
import {
  decimal,
  duration,
  flag,
  integer,
  list,
  optionalDuration,
  optionalText,
  optionalUrl,
  plainText,
  port,
} from './values.ts';

function problemOf(result: { success: boolean; error?: { issues: { message: string }[] } | undefined }): string {
  return result.error?.issues[0]?.message ?? 'accepted';
}

describe('duration', () => {
  test.each([
    ['0s', 0],
    ['500ms', 500],
    ['30s', 30_000],
    ['1.5s', 1_500],
    ['5m', 300_000],
    ['24h', 86_400_000],
    ['7d', 604_800_000],
  ])('%s is %i ms', (text, ms) => {
    expect(duration('1s').parse(text)).toBe(ms);
  });

  test('has its default in milliseconds too', () => {
    expect(duration('2m').parse(undefined)).toBe(120_000);
  });

  test.each(['', '30', 's', '-1s', '1 s', '1S', '1h30m', '1w', '.5s', '1e3s', '1s\n'])('%p is none', (text) => {
    expect(problemOf(duration('1s').safeParse(text))).toBe(`"${text}" is no time span`);
  });

  test('that is optional is none by default, and no less a time span', () => {
    expect(optionalDuration('2m').parse(undefined)).toBeUndefined();
    expect(optionalDuration('2m').parse('1s')).toBe(1_000);
    expect(problemOf(optionalDuration('2m').safeParse('soon'))).toBe('"soon" is no time span');
  });

  test('a bare number is none', () => {
    expect(duration('1s').safeParse(30).success).toBe(false);
  });
});

test('text is not empty, and an optional one is none by default', () => {
  expect([plainText('a').parse(undefined), plainText('a').parse('b')]).toEqual(['a', 'b']);
  expect([optionalText('a').parse(undefined), optionalText('a').parse('b')]).toEqual([undefined, 'b']);
  for (const text of [plainText('a'), optionalText('a')]) expect(text.safeParse('').success).toBe(false);
});

test('an address has one of the protocols', () => {
  const url = optionalUrl(/^rediss?$/, 'redis://a');
  expect([url.parse(undefined), url.parse('rediss://b')]).toEqual([undefined, 'rediss://b']);
  for (const given of ['http://b', 'b', ''])
    expect(problemOf(url.safeParse(given))).toBe('must be a URL such as redis://a');
});

describe('integer', () => {
  test.each([
    [1, 1],
    [10, 10],
    ['7', 7],
    [undefined, 5],
  ])('%p is %i', (given, value) => {
    expect(integer(5, 1, 10).parse(given)).toBe(value);
  });

  test.each([
    [0, 'must be at least 1'],
    ['0', 'must be at least 1'],
    [11, 'must be at most 10'],
    ['1e9', 'must be at most 10'],
    [1.5, 'must be a whole number'],
    ['ten', 'must be a number'],
    ['5s', 'must be a number'],
    [Number.NaN, 'must be a number'],
  ])('%p %s', (given, problem) => {
    expect(problemOf(integer(5, 1, 10).safeParse(given))).toBe(problem);
  });
});

test('a decimal may have a fraction, within its bounds', () => {
  const ratio = decimal(0.01, 0, 1);
  expect([ratio.parse(undefined), ratio.parse('0.5'), ratio.parse(1)]).toEqual([0.01, 0.5, 1]);
  expect(problemOf(ratio.safeParse(1.001))).toBe('must be at most 1');
  expect(problemOf(ratio.safeParse('-0.1'))).toBe('must be at least 0');
  expect(problemOf(ratio.safeParse('half'))).toBe('must be a number');
});

test('a port is 0 to 65535', () => {
  expect([port(80).parse(undefined), port(80).parse('0'), port(80).parse(65_535)]).toEqual([80, 0, 65_535]);
  expect(problemOf(port(80).safeParse(65_536))).toBe('must be at most 65535');
  expect(problemOf(port(80).safeParse(-1))).toBe('must be at least 0');
});

test.each([null, '', ' ', true, [], [7]])('%j is no number, neither 0 nor 1', (given) => {
  for (const value of [port(80), decimal(2, 0, 10)]) expect(problemOf(value.safeParse(given))).toBe('must be a number');
});

describe('flag', () => {
  test.each([
    [true, true],
    [false, false],
    ['true', true],
    ['false', false],
  ])('%p is %p', (given, value) => {
    expect(flag(!value).parse(given)).toBe(value);
  });

  test('has its default', () => {
    expect([flag(true).parse(undefined), flag(false).parse(undefined)]).toEqual([true, false]);
  });

  test.each(['yes', '1', '', 'TRUE', 1, 0, null])('%p is none', (given) => {
    expect(flag(true).safeParse(given).success).toBe(false);
  });
});

describe('list', () => {
  test.each<[unknown, string[]]>([
    [undefined, []],
    ['', []],
    ['a', ['a']],
    [' a , b ,,', ['a', 'b']],
    [
      ['a', ' b ', ''],
      ['a', 'b'],
    ],
  ])('%j is %j', (given, items) => {
    expect(list('x').parse(given)).toEqual(items);
  });

  test.each([7, [7], { a: 'b' }])('%j is none', (given) => {
    expect(list('x').safeParse(given).success).toBe(false);
  });
});
