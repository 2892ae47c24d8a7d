import { expect, jest, test } from '@jest/globals';
import type { WebhookChange } from '@hookline/contracts';
import type { Event, FilterCondition } from '@hookline/domain';
import { createLog } from '@hookline/service-kit';
import { createMatch } from './match.ts';
import { createWebhookTable, type KnownWebhook } from './webhook-table.ts';

const log = createLog('test', 'silent');

function webhook(id: string, filter?: FilterCondition): WebhookChange {
  return {
    id,
    tenant: 'default',
    url: 'https://user.example/hooks',
    eventTypes: ['order.*'],
    sealedHeaders: '',
    sealedSecrets: '',
    status: 'enabled',
    policy: 'quick',
    ...(filter === undefined ? {} : { delivery: { filter } }),
  };
}

function event(data: string, more: Partial<Event> = {}): Event {
  return {
    tenant: 'default',
    id: 'e1',
    type: 'order.created',
    source: 'shop',
    time: '2026-01-01T00:00:00Z',
    data: Buffer.from(data),
    contentType: 'application/json',
    acceptedAtMs: 0,
    ...more,
  };
}

function matchOf(...webhooks: WebhookChange[]) {
  const table = createWebhookTable();
  webhooks.forEach((each, index) => table.change(each.id, index, each));
  const match = createMatch(table, log);
  return (of: Event) => (match(of) as readonly KnownWebhook[]).map(({ id }) => id);
}

test('a filter lets through what it is true of', () => {
  const match = matchOf(
    webhook('all'),
    webhook('large', { 'data.total': { $gte: 100 } }),
    webhook('small', { 'data.total': { $lt: 100 } }),
    webhook('eu', { metadata: { region: 'eu' } }),
    webhook('shop', { source: 'shop' }),
    webhook('not large', { $not: { 'data.total': { $gte: 100 } } }),
  );
  expect(match(event('{"total":100}'))).toEqual(['all', 'large', 'shop']);
  expect(match(event('{"total":1}', { metadata: { region: 'eu' } }))).toEqual([
    'all',
    'small',
    'eu',
    'shop',
    'not large',
  ]);
});

test.each(['', 'not json', '{"total":', '\u0000'])('of data that is %j no condition on data holds', (data) => {
  const match = matchOf(
    webhook('large', { 'data.total': { $gte: 100 } }),
    webhook('none', { data: { $exist: false } }),
  );
  expect(match(event(data))).toEqual(['none']);
});

test('data behind a byte order mark is data', () => {
  const match = matchOf(
    webhook('large', { 'data.total': { $gte: 100 } }),
    webhook('none', { data: { $exist: false } }),
  );
  expect(match(event('\uFEFF{"total":100}'))).toEqual(['large']);
  expect(match(event('\uFEFF'))).toEqual(['none']);
});

test('numbers compare as doubles', () => {
  const match = matchOf(webhook('even', { 'data.n': 2 ** 53 }));
  expect([match(event('{"n":9007199254740993}')), match(event('{"n":9007199254740994}'))]).toEqual([['even'], []]);
});

test('the payload is parsed once, and not at all where no filter comes to it', () => {
  const parse = jest.spyOn(JSON, 'parse');
  try {
    const byType = matchOf(webhook('a'), webhook('b', { source: 'other', 'data.total': 1 }));
    expect(byType(event('{"total":1}'))).toEqual(['a']);
    expect(parse).not.toHaveBeenCalled();
    const byData = matchOf(...['a', 'b', 'c'].map((id) => webhook(id, { 'data.total': 1 })));
    expect(byData(event('{"total":1}'))).toEqual(['a', 'b', 'c']);
    expect(parse).toHaveBeenCalledTimes(1);
  } finally {
    parse.mockRestore();
  }
});

test('a changed webhook has its new filter; one that can’t be compiled lets everything through', () => {
  const table = createWebhookTable();
  const match = createMatch(table, log);
  table.change('a', 1, webhook('a', { source: 'x' }));
  expect(match(event('{}'))).toEqual([]);
  table.change('a', 2, webhook('a', { source: 'shop' }));
  expect(match(event('{}'))).toHaveLength(1);
  table.change('a', 3, webhook('a', { data: { total: { $tomorrow: 1 } } }));
  expect(match(event('{}'))).toHaveLength(1);
});

test('a paused webhook is matched, a disabled one isn’t', () => {
  const match = matchOf({ ...webhook('paused'), status: 'paused' }, { ...webhook('off'), status: 'disabled' });
  expect(match(event('{}'))).toEqual(['paused']);
});

test('an event in quarantine goes to nobody', () => {
  const match = matchOf(webhook('all'));
  expect(match(event('{}', { metadata: { 'hookline.schema': 'quarantined' } }))).toEqual([]);
  expect(match(event('{}', { metadata: { 'hookline.schema': 'mismatched' } }))).toEqual(['all']);
});

test('while many costly filters are asked, everybody else has a turn', async () => {
  const table = createWebhookTable();
  const hundred = (from: number) => Array.from({ length: 100 }, (_, n) => from + n);
  const misses = Array.from({ length: 30 }, (_, n) => ({ 'data.tags': { $in: hundred(100 * n) } }));
  const costly = { $or: [...misses, { 'data.tags': { $endsWith: 'st' } }] };
  for (let n = 0; n < 1_000; n++)
    table.change(`wh_${n}`, n, webhook(`wh_${n}`, n % 2 === 0 ? costly : { 'data.tags': 'none' }));
  const texts = Array.from({ length: 999 }, (_, n) => `text ${n}`);
  const of = event(JSON.stringify({ tags: [...texts, 'last'] }));
  const matched = createMatch(table, log)(of);
  expect(matched).toBeInstanceOf(Promise);
  let turns = 0;
  const counting = setInterval(() => turns++, 1);
  const found = await matched;
  clearInterval(counting);
  expect(found.map(({ id }) => id)).toEqual(Array.from({ length: 500 }, (_, n) => `wh_${2 * n}`));
  expect(turns).toBeGreaterThan(0);
});
