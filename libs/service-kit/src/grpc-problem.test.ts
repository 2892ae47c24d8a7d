import { Metadata, status } from '@grpc/grpc-js';
import {
  Conflict,
  Forbidden,
  InvalidInput,
  NotFound,
  PreconditionFailed,
  RateLimited,
  TooLarge,
  Unauthenticated,
  Unavailable,
} from '@hookline/domain';
import { expect, test } from '@jest/globals';
import { errorOfGrpc, grpcErrorOf } from './grpc-problem.ts';
import { problemOf } from './http/problem.ts';

function overTheWire(error: unknown): Error {
  return errorOfGrpc(Object.assign(new Error('rpc'), grpcErrorOf(error)), 'registry');
}

test.each([
  new InvalidInput('ü is wrong', { code: 'invalid_webhook', problems: [{ pointer: '/url', detail: 'no “URL”' }] }),
  new TooLarge('big'),
  new Unauthenticated('who?', { code: 'token_expired' }),
  new Forbidden('no'),
  new NotFound('where?'),
  new Conflict('full', { code: 'too_many_webhooks' }),
  new PreconditionFailed('changed'),
  new RateLimited('slow', { retryAfterMs: 7_000 }),
  new Unavailable('away', { retryAfterMs: 3_000 }),
])('$name gives the same HTTP problem behind gRPC', (error) => {
  expect(problemOf(overTheWire(error))).toEqual(problemOf(error));
});

test('a fault tells nothing of itself', () => {
  const { code, details, metadata } = grpcErrorOf(new Error('password=hunter2'));
  expect(code).toBe(status.INTERNAL);
  expect(details + metadata.get('problem-bin').join('')).not.toContain('hunter2');
  expect(problemOf(overTheWire(new Error('x'))).body.status).toBe(500);
});

test.each([
  [status.UNAVAILABLE, 503],
  [status.DEADLINE_EXCEEDED, 503],
  [status.RESOURCE_EXHAUSTED, 413],
  [status.INTERNAL, 500],
  [status.UNIMPLEMENTED, 500],
])('status %i without a problem is %i', (code, http) => {
  const error = Object.assign(new Error('x'), { code, details: 'x', metadata: new Metadata() });
  expect(problemOf(errorOfGrpc(error, 'registry')).body.status).toBe(http);
});
