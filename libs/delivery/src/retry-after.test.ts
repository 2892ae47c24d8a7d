import { describe, expect, test } from '@jest/globals';
import { execFileSync } from 'node:child_process';
import { parseRetryAfter } from './retry-after.ts';

const NOW_MS = Date.parse('1994-11-06T08:49:00Z');

describe('Retry-After', () => {
  test.each([
    ['0', 0],
    [' 37 ', 37_000],
    ['9999999999', 1_000_000_000_000],
    ['9'.repeat(400), 1_000_000_000_000],
    ['Sun, 06 Nov 1994 08:49:37 GMT', 37_000],
    ['Sunday, 06-Nov-94 08:49:37 GMT', 37_000],
    ['Sun Nov  6 08:49:37 1994', 37_000],
    ['Sun, 06 Nov 1994 08:48:00 GMT', 0],
    ['-1', null],
    ['1.5', null],
    ['1e3', null],
    ['0x10', null],
    ['soon', null],
    ['1994-11-06T08:49:37Z', null],
    ['', null],
    ['Sunday', null],
  ])('%j is %p ms', (text, expected) => {
    expect(parseRetryAfter(text, NOW_MS)).toBe(expected);
  });

  test('a date is in UTC, wherever the machine is', () => {
    const script = `import { parseRetryAfter } from ${JSON.stringify(new URL('./retry-after.ts', import.meta.url).href)};
      console.log(parseRetryAfter('Sun Nov  6 08:49:37 1994', ${NOW_MS}));`;
    const env = { PATH: process.env['PATH'], TZ: 'America/New_York' };
    const printed = execFileSync(process.execPath, ['--input-type=module', '--eval', script], { env, timeout: 30_000 });
    expect(printed.toString().trim()).toBe('37000');
  });
});
