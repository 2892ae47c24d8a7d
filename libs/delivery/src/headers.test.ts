import { describe, expect, test } from '@jest/globals';
import { keptHeaders, shownHeaders } from './headers.ts';

describe("an answer's headers", () => {
  test('are shown without those of the connection, and without what is secret', () => {
    const received = {
      'content-type': 'text/plain',
      via: ['a', 'b'],
      connection: 'close',
      'keep-alive': 'timeout=5',
      'transfer-encoding': 'chunked',
      'set-cookie': ['session=1', 'b=2'],
      'x-api-key': 'mine',
      'x-nul': 'a\0b',
    };
    expect(keptHeaders(received)).toEqual({
      'content-type': 'text/plain',
      via: 'a, b',
      'set-cookie': '***',
      'x-api-key': '***',
      'x-nul': 'a\ufffdb',
    });
  });

  test('are at most 32', () => {
    const received = Object.fromEntries(Array.from({ length: 50 }, (_, index) => [`x-${index}`, '1']));
    expect(Object.keys(keptHeaders(received))).toHaveLength(32);
  });

  test('are at most 4 KiB', () => {
    const received = Object.fromEntries(Array.from({ length: 30 }, (_, index) => [`x-${index}`, 'v'.repeat(500)]));
    const kept = keptHeaders(received);
    expect(JSON.stringify(kept).length).toBeLessThan(4_500);
    expect(Object.keys(kept)).toHaveLength(8);
  });

  test('whose name is a trap are kept as any other', () => {
    expect(Object.keys(keptHeaders(JSON.parse('{"__proto__":"x","a":"1"}') as Record<string, string>))).toEqual([
      '__proto__',
      'a',
    ]);
  });
});

test("a request's headers are shown with its signatures, without what proves who we are", () => {
  const sent = ['Webhook-Signature', 'v1,abc', 'Authorization', 'Bearer secret', 'x-token', 't', 'x-shop', '1'];
  expect(shownHeaders(sent)).toEqual({
    'webhook-signature': 'v1,abc',
    authorization: '***',
    'x-token': '***',
    'x-shop': '1',
  });
});
