import { FILTERS } from '@hookline/contracts/api';
import { InvalidInput } from '@hookline/domain';
import { describe, expect, test } from '@jest/globals';
import { decodeCursor, encodeCursor } from './cursor.ts';
import { readPageRequest } from './page-request.ts';

const ALLOWED = { filters: FILTERS.deliveries, metadata: true };
const read = (query: string) => readPageRequest(new URLSearchParams(query), ALLOWED);
const DEFAULTS = { limit: 50, cursor: null, filters: {}, afterMs: null, beforeMs: null, metadata: {} };

describe('readPageRequest', () => {
  test('has a page of 50 from the newest unless told otherwise', () => {
    expect(read('')).toEqual(DEFAULTS);
    const cursor = { atMs: 1_795_000_000_123, id: 'dlv_1' };
    expect(read(`limit=200&state=dead&cursor=${encodeCursor(cursor)}`)).toEqual({
      ...DEFAULTS,
      limit: 200,
      cursor,
      filters: { state: 'dead' },
    });
  });

  test('takes times and metadata', () => {
    expect(read('after=2026-11-27&before=2026-11-27T10:00:00.5%2B01:00&metadata.region=eu&metadata.a.b=')).toEqual({
      ...DEFAULTS,
      afterMs: Date.UTC(2026, 10, 27),
      beforeMs: Date.UTC(2026, 10, 27, 9, 0, 0, 500),
      metadata: { region: 'eu', 'a.b': '' },
    });
  });

  test.each([
    ['limit=0', ['?limit']],
    ['limit=201', ['?limit']],
    ['limit=1e2', ['?limit']],
    ['limit=', ['?limit']],
    ['limit=-1&state=done&cursor=x', ['?state', '?limit', '?cursor']],
    ['after=yesterday&before=2026-13-01', ['?after', '?before']],
    ['after=5', ['?after']],
    ['type=', ['?type']],
    [`type=${'x'.repeat(3_000)}`, ['?type']],
    ['metadata.=x', ['?metadata.']],
    ['metadata.a=1&metadata.a=2', ['?metadata.a']],
    [Array.from({ length: 9 }, (_, n) => `metadata.k${n}=v`).join('&'), ['?metadata']],
    ['constructor=5', ['?constructor']],
    ['cursor=', ['?cursor']],
    ['cursor=%00', ['?cursor']],
    ['type=a%00', ['?type']],
    ['metadata.a=%00&metadata.%00=a', ['?metadata.a', '?metadata.\0']],
    ['limit=5&limit=6', ['?limit']],
    ['size=5', ['?size']],
    ['__proto__=5', ['?__proto__']],
  ])('refuses %s, naming what is wrong', (query, pointers) => {
    let error: unknown;
    try {
      read(query);
    } catch (caught) {
      error = caught;
    }
    expect(error).toBeInstanceOf(InvalidInput);
    expect((error as InvalidInput).problems.map(({ pointer }) => pointer)).toEqual(pointers);
  });
});

test('a cursor survives the way out and back', () => {
  for (const cursor of [
    { atMs: 0, id: 'x' },
    { atMs: 253_402_214_400_000, id: 'dlv_ü 😀' },
  ]) {
    expect(decodeCursor(encodeCursor(cursor))).toEqual(cursor);
  }
});
