import { describe, expect, test } from '@jest/globals';
import { findRoutes } from './route.ts';

describe('findRoutes', () => {
  const routes = ['/api/v1/events/{id}', '/api/v1/webhooks/{id}/deliveries', '/api/v1/dead-letters'].map((path) => ({
    method: 'GET' as const,
    scope: 'deliveries:read' as const,
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
    const found = findRoutes(routes, path);
    expect([found?.routes[0]?.path, found?.id]).toEqual([route, id]);
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
    expect(findRoutes(routes, path)).toBeNull();
  });
});
