import { describe, expect, test } from '@jest/globals';
import { createId, deliveryId, type IdPrefix } from './ids.ts';

describe('createId', () => {
  test.each<IdPrefix>(['evt', 'wh', 'att', 'usr'])('%s_ and a UUIDv7 without dashes', (prefix) => {
    const [before, uuid = ''] = createId(prefix).split('_');
    expect(before).toBe(prefix);
    expect(uuid).toMatch(/^[0-9a-f]{12}7[0-9a-f]{3}[89ab][0-9a-f]{15}$/);
  });

  test('begins with the time of its creation, so that later ids sort behind', async () => {
    const ids: string[] = [];
    for (let round = 0; round < 5; round++) {
      const beforeMs = Date.now();
      const id = createId('evt');
      const createdAtMs = Number.parseInt(id.slice(4, 16), 16);
      expect(createdAtMs).toBeGreaterThanOrEqual(beforeMs);
      expect(createdAtMs).toBeLessThanOrEqual(Date.now());
      ids.push(id);
      while (Date.now() <= createdAtMs) await new Promise((resolve) => setTimeout(resolve, 1));
    }
    expect(ids.toSorted()).toEqual(ids);
  });

  test('never gives the same twice', () => {
    expect(new Set(Array.from({ length: 10_000 }, () => createId('evt'))).size).toBe(10_000);
  });
});

describe('deliveryId', () => {
  const of = deliveryId('default', 'evt_1', 'wh_1');

  test('is the same whenever the same pair is met, also in the next release', () => {
    expect(deliveryId('default', 'evt_1', 'wh_1')).toBe(of);
    // The first 128 bits of `printf 'default\0evt_1\0wh_1' | sha256sum`.
    expect(of).toBe('dlv_4f9467fc59d26e8ee916ce2c7b73225d');
  });

  test.each([
    ['tenant', deliveryId('other', 'evt_1', 'wh_1')],
    ['event', deliveryId('default', 'evt_2', 'wh_1')],
    ['webhook', deliveryId('default', 'evt_1', 'wh_2')],
  ])('is another for another %s', (_what, other) => {
    expect(other).not.toBe(of);
  });

  test.each([
    [deliveryId('ab', 'c', 'w'), deliveryId('a', 'bc', 'w')],
    [deliveryId('t', 'ab', 'c'), deliveryId('t', 'a', 'bc')],
    [deliveryId('t', 'a_b', 'c'), deliveryId('t', 'a', 'b_c')],
    [deliveryId('t', 'a.b', 'c'), deliveryId('t', 'a', 'b.c')],
  ])('does not depend on the joined text alone: %s, %s', (one, other) => {
    expect(one).not.toBe(other);
  });

  test('has no dot, whatever the event id has', () => {
    expect(deliveryId('a.b', '../..', 'wh.1')).toMatch(/^dlv_[0-9a-f]{32}$/);
  });
});
