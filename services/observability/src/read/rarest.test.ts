import { expect, test } from '@jest/globals';
import type { PageRequest } from './page-request.ts';
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
