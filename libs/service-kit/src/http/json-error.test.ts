import { describe, expect, test } from '@jest/globals';
import { jsonErrorAt } from './json-error.ts';

describe('jsonErrorAt', () => {
  test.each<[string, number]>([
    ['', 0],
    ['  ', 2],
    ['hello', 0],
    ['nul', 3],
    ['tru}', 3],
    ['-', 1],
    ['{', 1],
    ['{"a"', 4],
    ['{"a" 1}', 5],
    ['{"a":1,}', 7],
    ['{"a":1,,}', 7],
    ['{a:1}', 1],
    ["{'a':1}", 1],
    ['{"a":01}', 6],
    ['{"a":1.}', 6],
    ['{"a":.5}', 5],
    ['{"a":+1}', 5],
    ['{"a":1} x', 8],
    ['{"a":1}}', 7],
    ['[1,2', 4],
    ['[1,]', 3],
    ['[,1]', 1],
    ['[1}', 2],
    ['{"a":1]', 6],
    ['{"a":"x\ny"}', 7],
    [String.raw`{"a":"\x"}`, 6],
    [String.raw`{"a":"\u00g0"}`, 6],
    ['{"a":"open}', 11],
    ['\ufeff{}', 0],
    ['{"a":NaN}', 5],
    ['{"a":1 /* why */}', 7],
    ['\u00a0{}', 0],
  ])('of %j is %i', (text, at) => {
    expect(() => JSON.parse(text) as unknown).toThrow();
    expect(jsonErrorAt(text)).toBe(at);
  });

  test.each(['{}', '[]', ' { "a" : [ 1.0e-5 , -0 , true , null , "\\u00e9\\"" , {} , [ ] ] } ', '"x"', '0'])(
    'is null for %j',
    (text) => {
      expect(JSON.parse(text)).toBeDefined();
      expect(jsonErrorAt(text)).toBeNull();
    },
  );

  test('agrees with JSON.parse about every text made by cutting and changing one', () => {
    const good = String.raw`{"a":[1.5e3,-0,"x\n\u00e9",{"b":null}],"c":true ,"":{}}`;
    const marks = '{}[],:"\\ntf019.-+eEu \t'.split('');
    for (let at = 0; at <= good.length; at++) {
      const variants = [good.slice(0, at), good.slice(0, at) + good.slice(at + 1)];
      for (const mark of marks)
        variants.push(good.slice(0, at) + mark + good.slice(at + 1), good.slice(0, at) + mark + good.slice(at));
      for (const text of variants) expect([text, jsonErrorAt(text) === null]).toEqual([text, isJson(text)]);
    }
  });

  test('takes a text of the greatest size, and one nested as deeply, in its stride', () => {
    expect(jsonErrorAt(`{"a":"${'x'.repeat(1_000_000)}`)).toBe(1_000_006);
    expect(jsonErrorAt('['.repeat(1_000_000))).toBe(1_000_000);
  });
});

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
