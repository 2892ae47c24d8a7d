import { describe, expect, test } from '@jest/globals';
import { EVENT_LIMITS, isEventType } from './event.ts';

describe('isEventType', () => {
  test.each(['order', 'order.created', 'a.b.c.d', 'Order_2.line-item', '0', '-', 'x'.repeat(EVENT_LIMITS.type)])(
    '%p is one',
    (type) => {
      expect(isEventType(type)).toBe(true);
    },
  );

  test.each([
    '',
    '.',
    '.order',
    'order.',
    'order..created',
    'order created',
    'order.*',
    '*',
    'order/created',
    'bestellung.größe',
    'order.created\n',
    '\norder',
    'order\0',
    'x'.repeat(EVENT_LIMITS.type + 1),
  ])('%p is none', (type) => {
    expect(isEventType(type)).toBe(false);
  });

  test('is told in time that grows with the length', () => {
    const startedAt = performance.now();
    for (let round = 0; round < 1_000; round++) expect(isEventType(`${'a.'.repeat(127)}a!`)).toBe(false);
    expect(performance.now() - startedAt).toBeLessThan(2_000);
  });
});
