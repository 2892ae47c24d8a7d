import { expect, test } from '@jest/globals';
import type { PageRequest } from './page-request.ts';
import { Unavailable } from '@hookline/domain';
import { rarestFilter } from './rarest.ts';
import type { Reader } from './reader.ts';

const REQUEST: PageRequest = { limit: 50, cursor: null, filters: {}, afterMs: null, beforeMs: null, metadata: {} };
const REGION = { filter: 'metadata', pair: ['region', 'eu'] };
const CUSTOMER = { filter: 'metadata', pair: ['customer', 'c-1'] };
const TYPE = { filter: 'type', type: 'order.paid' };

let asked = 0;

function readerOf(counts: number[] | null): Reader {
  const one = async <Row>() => {
    asked++;
    return (counts === null ? null : { counts }) as Row;
  };
  return { one, all: async <Row>() => [await one<Row>()] };
}

test.each([
  ['no filter', {}, {}, [], null],
  ['one', {}, { region: 'eu' }, [], REGION],
  ['the type alone', { type: 'order.paid' }, {}, [], TYPE],
  ['the rarer of two', {}, { region: 'eu', customer: 'c-1' }, [1_000, 3], CUSTOMER],
  ['the type, where it is rarer', { type: 'order.paid' }, { region: 'eu' }, [1_000, 0], TYPE],
  ['the first of those that are alike', { type: 'order.paid' }, { region: 'eu' }, [1_000, 1_000], REGION],
  ['the first where nothing is known', { type: 'order.paid' }, { region: 'eu' }, null, REGION],
])('of %s', async (_case, filters, metadata, counts, along) => {
  asked = 0;
  const request: PageRequest = { ...REQUEST, filters, metadata };
  expect(await rarestFilter(readerOf(counts), 'acme', request)).toEqual(along);
  // One that has no choice asks nothing.
  expect(asked).toBe(Object.keys({ ...filters, ...metadata }).length > 1 ? 1 : 0);
});

test('of the time that is asked for', async () => {
  const asked: unknown[][] = [];
  const one: Reader['one'] = async (sql, parameters, deadlineMs) => {
    asked.push([sql.match(/accepted_at [<>=]+ \$\d/g), parameters.slice(1, 4), deadlineMs]);
    return null;
  };
  const time = { afterMs: 1_000, beforeMs: 9_000, cursor: { atMs: 5_000, id: 'e-1' } };
  await rarestFilter({ one, all: async () => [] }, 'acme', {
    ...REQUEST,
    ...time,
    metadata: { region: 'eu', team: 'a' },
  });
  const conditions = ['accepted_at >= $2', 'accepted_at < $3', 'accepted_at <= $4'];
  const times = [1_000, 9_000, 5_000].map((ms) => new Date(ms));
  expect(asked).toEqual([[[...conditions, ...conditions], times, 300]]);
});

test('the first where they can’t be counted in time; what else is wrong is told', async () => {
  const request = { ...REQUEST, metadata: { region: 'eu', customer: 'c-1' } };
  const failing = (error: Error): Reader => {
    const all = async () => {
      throw error;
    };
    return { all, one: all };
  };
  expect(await rarestFilter(failing(new Unavailable('too slow')), 'acme', request)).toEqual(REGION);
  await expect(rarestFilter(failing(new Error('syntax')), 'acme', request)).rejects.toThrow('syntax');
});
