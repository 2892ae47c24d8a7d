import { expect, describe, test } from '@jest/globals';
import { randomBytes } from 'node:crypto';
import { decodeEntry, encodeEntry } from './entry-codec.ts';

const others = {
  webhookId: 'wh ü',
  tenant: 'é t',
  offset: 9_007_199_254_740_991,
  attempt: 3,
  dueAtMs: 1_795_350_000_123,
};

function sizeOf(entry: Buffer): number {
  return encodeEntry({ kind: 'wait', deliveryId: 'dlv_1', ...others, entry }).length;
}

describe('entries in Redis', () => {
  test.each([
    ['nothing', Buffer.alloc(0)],
    ['spaces and zeros', Buffer.from(' \0 z r 1 \0')],
    ['every byte', Buffer.from(Array.from({ length: 256 }, (_, byte) => byte))],
    ['what compresses', Buffer.alloc(5_000, 'abc')],
    ['what does not compress', randomBytes(5_000)],
  ])('come back as they were: %s', (_, entry) => {
    const value = encodeEntry({ kind: 'wait', deliveryId: 'dlv_1', ...others, entry });
    expect(decodeEntry('dlv_1', value)).toEqual({ deliveryId: 'dlv_1', ...others, excess: false, entry });
  });

  test('take less room where they compress, and hardly more where they do not', () => {
    expect(sizeOf(Buffer.alloc(5_000, 'abc'))).toBeLessThan(150);
    expect(sizeOf(randomBytes(5_000))).toBeLessThan(5_100);
    expect(sizeOf(Buffer.alloc(4_096, 'abc'))).toBeGreaterThan(4_096);
  });
});
