import { InvalidInput } from '@hookline/domain';
import { describe, expect, test } from '@jest/globals';
import { findRoute } from '../routes.ts';
import { eventAnswer } from './answers.ts';
import { decodeCursor, encodeCursor } from './cursor.ts';
import { readPageRequest } from './page-request.ts';

const KNOWN = ['limit', 'cursor', 'state'];
const read = (query: string) => readPageRequest(new URLSearchParams(query), KNOWN);

describe('readPageRequest', () => {
  test('has a page of 50 from the newest unless told otherwise', () => {
    expect(read('')).toEqual({ limit: 50, cursor: null, state: null });
    const cursor = { atMs: 1_795_000_000_123, id: 'dlv_1' };
    expect(read(`limit=200&state=dead&cursor=${encodeCursor(cursor)}`)).toEqual({ limit: 200, cursor, state: 'dead' });
  });

  test.each([
    ['limit=0', ['?limit']],
    ['limit=201', ['?limit']],
    ['limit=1e2', ['?limit']],
    ['limit=', ['?limit']],
    ['limit=-1&state=done&cursor=x', ['?limit', '?state', '?cursor']],
    ['cursor=', ['?cursor']],
    ['cursor=%00', ['?cursor']],
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

describe('findRoute', () => {
  const routes = ['/api/v1/events/{id}', '/api/v1/webhooks/{id}/deliveries', '/api/v1/dead-letters'].map((path) => ({
    path,
    answer: async () => Buffer.alloc(0),
  }));
  test.each([
    ['/api/v1/events/o-1', '/api/v1/events/{id}', 'o-1'],
    ['/api/v1/events/a%2Fb%20%C3%BC', '/api/v1/events/{id}', 'a/b ü'],
    ['/api/v1/events/%00', '/api/v1/events/{id}', '\ufffd'],
    ['/api/v1/webhooks/wh_1/deliveries', '/api/v1/webhooks/{id}/deliveries', 'wh_1'],
    ['/api/v1/dead-letters', '/api/v1/dead-letters', ''],
  ])('%s is %s', (path, route, id) => {
    const found = findRoute(routes, path);
    expect([found?.route.path, found?.id]).toEqual([route, id]);
  });
  test.each([
    '/',
    '/api/v1/events',
    '/api/v1/events/',
    '/api/v1/events/a/b',
    '/api/v1/events/%',
    '/api/v1/webhooks//deliveries',
    '/api/v1/dead-letters/',
  ])('%s is none', (path) => {
    expect(findRoute(routes, path)).toBeNull();
  });
});

function answerOf(contentType: string, data: string | Buffer): string {
  const accepted_at = new Date(0);
  const attributes = { id: 'o-1', type: 'a', source: 'b', time: 't', accepted_at, partition_key: null };
  return eventAnswer(
    { ...attributes, content_type: contentType, data: Buffer.from(data as string) },
    [],
    false,
  ).toString();
}

describe('the data of an event', () => {
  test.each(['{"b":1.0, "a":12345678901234567890}', '[ ]', '"\\u00e9"', 'null', '-0'])(
    'is in the answer as it was: %s',
    (data) => {
      const answer = answerOf('application/json', data);
      expect(answer).toContain(`"data":${data},"deliveries":[]`);
      expect(JSON.parse(answer)).toMatchObject({ id: 'o-1', deliveries_complete: true });
    },
  );

  test.each<[string, string | Buffer]>([
    ['application/json', '{"broken":'],
    ['application/json', ''],
    ['application/json', '1,"deliveries":2'],
    ['application/json', Buffer.from([0x22, 0xc3, 0x22])],
    ['text/plain', '1'],
    ['application/jsonish', '1'],
  ])('that is no JSON (%s, %j) is in base64', (contentType, data) => {
    const answer = JSON.parse(answerOf(contentType, data)) as Record<string, unknown>;
    expect(Buffer.from(String(answer['data_base64']), 'base64')).toEqual(Buffer.from(data as string));
    expect(Object.keys(answer)).not.toContain('data');
  });

  test('of a type that is JSON too is in the answer', () => {
    expect(answerOf('application/vnd.acme+json; charset=utf-8', '1')).toContain('"data":1');
  });
});
