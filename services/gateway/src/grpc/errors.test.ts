import { status } from '@grpc/grpc-js';
import { InvalidInput, NotFound, RateLimited, Unavailable } from '@hookline/domain';
import { expect, test } from '@jest/globals';
import { callErrorOf, fieldOf, invalidField } from './errors.ts';

test.each([
  ['/url', 'url'],
  ['/event_types/0', 'event'],
  ['/headers/x~1y', 'headers.x/y'],
  ['/events/7/ttl', 'ttl_seconds'],
  ['/timeout', 'timeout_seconds'],
  ['?limit', 'limit'],
  ['', ''],
])('%j is the field %j', (pointer, field) => {
  expect(fieldOf(pointer)).toBe(field);
});

test('the message names the fields at fault', () => {
  const problems = [
    { pointer: '/url', detail: 'is required' },
    { pointer: '', detail: 'too large' },
  ];
  const { code, details } = callErrorOf(new InvalidInput('The webhook is not valid.', { problems }));
  expect({ code, details }).toEqual({
    code: status.INVALID_ARGUMENT,
    details: 'The webhook is not valid. url: is required',
  });
  expect(callErrorOf(invalidField('payload', 'is no JSON')).details).toContain('payload: is no JSON');
});

test.each([
  [new NotFound('There is none.'), status.NOT_FOUND],
  [new RateLimited('Too many.'), status.RESOURCE_EXHAUSTED],
  [new Unavailable('Away.'), status.UNAVAILABLE],
  [new Error('secret of ours'), status.INTERNAL],
])('%s', (error, code) => {
  const answer = callErrorOf(error);
  expect(answer.code).toBe(code);
  expect(answer.details).not.toContain('secret');
  expect(answer.metadata.get('grpc-status-details-bin')).toEqual([expect.any(Buffer)]);
});
