import { describe, expect, test } from '@jest/globals';
import { createSealing } from './sealing.ts';

const sealing = createSealing(Buffer.alloc(32, 1).toString('base64'));
const other = createSealing(Buffer.alloc(32, 2).toString('base64'));

const bytesOf = (sealed: string) => sealed.split(':')[2] ?? '';

describe('sealing', () => {
  test.each(['', 'secret', 'größe 😀\n', 'x'.repeat(100_000)])('opens what it sealed', (text) => {
    expect(sealing.open(sealing.seal(text, 'wh_1'), 'wh_1')).toBe(text);
  });

  test('never makes the same twice, and shows nothing of the text', () => {
    const [one, two] = [sealing.seal('a secret', 'wh_1'), sealing.seal('a secret', 'wh_1')];
    expect(one).not.toBe(two);
    expect(Buffer.from(bytesOf(one), 'base64').includes('a secret')).toBe(false);
  });

  test('does not open with another key, or as of another context', () => {
    const sealed = sealing.seal('a secret', 'wh_1');
    expect(() => other.open(sealed, 'wh_1')).toThrow();
    expect(() => sealing.open(sealed, 'wh_2')).toThrow();
  });

  test('does not open if any byte was changed, or the end cut off', () => {
    const bytes = Buffer.from(bytesOf(sealing.seal('a secret', 'wh_1')), 'base64');
    for (let at = 0; at < bytes.length; at++) {
      const changed = Buffer.from(bytes);
      changed[at] = (changed[at] as number) ^ 1;
      expect(() => sealing.open(`s1:${changed.toString('base64')}`, 'wh_1')).toThrow();
    }
    for (const length of [0, 5, 13, 27, bytes.length - 1]) {
      expect(() => sealing.open(`s1:${bytes.subarray(0, length).toString('base64')}`, 'wh_1')).toThrow();
    }
  });

  test.each(['', 'plain text', 's0:AAAA', 's1', ':AAAA'])('does not know the form of %p', (sealed) => {
    expect(() => sealing.open(sealed, 'wh_1')).toThrow('unknown form');
  });

  test('opens by a key of before what names it, or names none, and seals with the current one', () => {
    const [old, next] = [Buffer.alloc(32, 1).toString('base64'), Buffer.alloc(32, 2).toString('base64')];
    const rotating = createSealing(next, [old]);
    const sealed = sealing.seal('a secret', 'wh_1');
    const nameless = `s1:${bytesOf(sealed)}`;
    for (const text of [sealed, nameless]) {
      expect(rotating.open(text, 'wh_1')).toBe('a secret');
      expect(rotating.isCurrent(text)).toBe(false);
    }
    const anew = rotating.seal('a secret', 'wh_1');
    expect(rotating.isCurrent(anew)).toBe(true);
    expect(other.open(anew, 'wh_1')).toBe('a secret');
    expect(() => sealing.open(anew, 'wh_1')).toThrow('not configured');
  });
});
