import { describe, expect, test } from '@jest/globals';
import { firstValueAt, memberOfEach, memberSlice } from './json-slices.ts';

/** A name that JSON escapes can't be asked for. */
const isAskable = (name: string) => JSON.stringify(name) === `"${name}"`;

function members(text: string): Record<string, string | undefined> {
  // Every case must be valid JSON: the scanner relies on it.
  const names = Object.keys(JSON.parse(text) as object).filter(isAskable);
  return Object.fromEntries(names.map((name) => [name, memberSlice(text, name)]));
}

describe('memberSlice', () => {
  test.each<[string, string, Record<string, string>]>([
    ['nothing', '{}', {}],
    ['nothing but space', ' \t\r\n{ \n } ', {}],
    ['scalars', '{"a":1,"b":true,"c":null,"d":"x"}', { a: '1', b: 'true', c: 'null', d: '"x"' }],
    ['numbers as they were written', '{"a":1.0,"b":-0,"c":1E+400}', { a: '1.0', b: '-0', c: '1E+400' }],
    ['numbers that a double cannot hold', '{"a":12345678901234567890}', { a: '12345678901234567890' }],
    ['space around every token', '\n{ "a" : 1 ,\t"b"\r:\r[ 1 , 2 ] }\n', { a: '1', b: '[ 1 , 2 ]' }],
    ['space inside a value, none around it', '{"a":  { "x" : 1 }  }', { a: '{ "x" : 1 }' }],
    ['the order of keys', '{"a":{"z":1,"b":2,"1":3}}', { a: '{"z":1,"b":2,"1":3}' }],
    [
      'deep nesting',
      `{"a":${'[{"b":'.repeat(50)}1${'}]'.repeat(50)}}`,
      { a: `${'[{"b":'.repeat(50)}1${'}]'.repeat(50)}` },
    ],
    ['empty containers', '{"a":{},"b":[],"c":""}', { a: '{}', b: '[]', c: '""' }],
    ['brackets in strings', '{"a":["}",{"]":"{["}],"b":"}"}', { a: '["}",{"]":"{["}]', b: '"}"' }],
    ['an escaped quote', String.raw`{"a":"\"}","b":"\\"}`, { a: String.raw`"\"}"`, b: String.raw`"\\"` }],
    [
      'runs of backslashes',
      String.raw`{"a":"\\\"","b":["\\\\"],"c":1}`,
      { a: String.raw`"\\\""`, b: String.raw`["\\\\"]`, c: '1' },
    ],
    ['an escaped name', String.raw`{"d\u0061ta":1,"\"":2,"\\":3}`, { data: '1' }],
    [
      'escapes left as they are',
      String.raw`{"a":"\u00e9\/\ud83d\ude00\ud800"}`,
      { a: String.raw`"\u00e9\/\ud83d\ude00\ud800"` },
    ],
    [
      'unicode',
      '{"schlüssel":"Grüße 😀 \u2028","😀":{"😀":"ü"}}',
      { schlüssel: '"Grüße 😀 \u2028"', '😀': '{"😀":"ü"}' },
    ],
    ['an empty name', '{"":1}', { '': '1' }],
    ['the last of a name that occurs twice', '{"a":1,"b":2,"a":{"x":3}}', { a: '{"x":3}', b: '2' }],
    ['a name that objects have already', '{"constructor":1,"toString":2}', { constructor: '1', toString: '2' }],
    ['inner members of the same name', '{"a":{"data":1},"data":2}', { a: '{"data":1}', data: '2' }],
    ['a value that mentions a member', '{"a":"\\"data\\":1","data":2}', { a: '"\\"data\\":1"', data: '2' }],
  ])('gives %s', (_what, text, expected) => {
    expect(members(text)).toEqual(expected);
  });

  test('keeps `__proto__` a member like any other', () => {
    expect(memberSlice('{"__proto__":{"a":1}}', '__proto__')).toBe('{"a":1}');
    expect(memberSlice('{"a":1}', '__proto__')).toBeUndefined();
  });

  test('is as good for a large value as for a small one', () => {
    const large = JSON.stringify(Array.from({ length: 20_000 }, (_, index) => ({ index, text: `"${index}\\` })));
    expect(members(`{"data":${large},"id":"x"}`)).toEqual({ data: large, id: '"x"' });
  });

  test('time grows with the size, not with its square, for a value of backslashes and brackets', () => {
    const cases = [
      `"${'\\\\'.repeat(500_000)}"`,
      '['.repeat(300_000) + ']'.repeat(300_000),
      `["${'a","'.repeat(200_000)}"]`,
    ];
    for (const value of cases) {
      const startedAt = performance.now();
      expect(memberSlice(`{"data":${value}}`, 'data')?.length).toBe(value.length);
      expect(performance.now() - startedAt).toBeLessThan(1_500);
    }
  });
});

describe('memberOfEach', () => {
  test.each<[string, (string | undefined)[]]>([
    ['[]', []],
    [' [ ] ', []],
    ['[{"a":1.0} , {"b":{"a":2}},{"b":"a","a":[ 1 ]}, {} ]', ['1.0', undefined, '[ 1 ]', undefined]],
    ['["a,]",[{"a":1}],null,-1.5e3,true,{"a":"]"}]', [undefined, undefined, undefined, undefined, undefined, '"]"']],
    [String.raw`[{"\u0061":1,"a\\":2},{"x":"\"","a":"\\"}]`, ['1', String.raw`"\\"`]],
  ])('of %s', (text, expected) => {
    JSON.parse(text);
    const { members: found, end } = memberOfEach(text, text.indexOf('['), 'a');
    expect(found).toEqual(expected);
    expect(text.slice(end).trim()).toBe('');
  });

  test('of the first member of an object, with what comes behind it', () => {
    const text = ' { "events" : [ {"a":1} ] , "events":[] }';
    const { members: found, end } = memberOfEach(text, firstValueAt(text), 'a');
    expect(found).toEqual(['1']);
    expect(text.slice(end)).toBe(' , "events":[] }');
  });
});

describe('against JSON.parse', () => {
  test('the slices of 3,000 random objects parse to their members and are what stands in the text', () => {
    const random = mulberry32(20261122);
    for (let round = 0; round < 3_000; round++) {
      const names = new Map<string, string>();
      const parts: string[] = [];
      for (let count = Math.floor(random() * 6); count > 0; count--) {
        const value = randomValue(random, 0);
        const name = randomString(random);
        names.set(JSON.parse(name) as string, value);
        parts.push(`${space(random)}${name}${space(random)}:${space(random)}${value}${space(random)}`);
      }
      const text = `${space(random)}{${parts.length === 0 ? space(random) : parts.join(',')}}${space(random)}`;
      const parsed = JSON.parse(text) as Record<string, unknown>;
      const askable = [...names].filter(([name]) => isAskable(name));
      for (const [name, value] of askable) {
        expect(memberSlice(text, name)).toBe(value);
        expect(JSON.parse(value)).toEqual(parsed[name]);
      }

      const values = [text, ...names.values()];
      const list = `[${values.join(`${space(random)},${space(random)}`)}]`;
      const { members: found, end } = memberOfEach(list, 0, askable[0]?.[0] ?? 'a');
      expect([found.length, found[0], end]).toEqual([values.length, askable[0]?.[1], list.length]);
    }
  });
});

type Random = () => number;

/** A small seeded generator, so that a failure can be repeated. */
function mulberry32(seed: number): Random {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

function pick<T>(random: Random, choices: readonly T[]): T {
  return choices[Math.floor(random() * choices.length)] as T;
}

function space(random: Random): string {
  return random() < 0.6 ? '' : pick(random, [' ', '\n', '\t', '\r\n', '   ']);
}

function randomString(random: Random): string {
  const pieces = [
    'a',
    '"',
    '\\',
    '\\"',
    '{',
    '}',
    '[',
    ']',
    ',',
    ':',
    'ü',
    '😀',
    '\u2028',
    '\u0000',
    '\n',
    '/',
    'data',
    '\ud800',
  ];
  const text = Array.from({ length: Math.floor(random() * 6) }, () => pick(random, pieces)).join('');
  if (random() < 0.7) return JSON.stringify(text);
  // The same text with every UTF-16 unit escaped.
  return `"${Array.from({ length: text.length }, (_, at) => `\\u${text.charCodeAt(at).toString(16).padStart(4, '0')}`).join('')}"`;
}

function randomValue(random: Random, depth: number): string {
  const kind = random();
  if (depth < 5 && kind < 0.2) return container(random, '[', ']', () => randomValue(random, depth + 1));
  if (depth < 5 && kind < 0.4) {
    const member = () => `${randomString(random)}${space(random)}:${space(random)}${randomValue(random, depth + 1)}`;
    return container(random, '{', '}', member);
  }
  if (kind < 0.7) return randomString(random);
  return pick(random, ['0', '-0', '1.0', '1e5', '1E-7', '12345678901234567890', '-3.140', 'true', 'false', 'null']);
}

function container(random: Random, open: string, close: string, item: () => string): string {
  const items = Array.from({ length: Math.floor(random() * 4) }, item);
  return open + space(random) + items.join(`${space(random)},${space(random)}`) + space(random) + close;
}
