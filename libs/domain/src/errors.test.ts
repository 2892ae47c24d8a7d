import { describe, expect, test } from '@jest/globals';
import {
  Conflict,
  Forbidden,
  HooklineError,
  InvalidInput,
  NotFound,
  PreconditionFailed,
  RateLimited,
  TooLarge,
  Unauthenticated,
  Unavailable,
} from './errors.ts';

describe.each([
  { Class: InvalidInput, name: 'InvalidInput', code: 'invalid_input', retryable: false },
  { Class: TooLarge, name: 'TooLarge', code: 'too_large', retryable: false },
  { Class: Unauthenticated, name: 'Unauthenticated', code: 'unauthenticated', retryable: false },
  { Class: Forbidden, name: 'Forbidden', code: 'forbidden', retryable: false },
  { Class: NotFound, name: 'NotFound', code: 'not_found', retryable: false },
  { Class: Conflict, name: 'Conflict', code: 'conflict', retryable: false },
  { Class: PreconditionFailed, name: 'PreconditionFailed', code: 'precondition_failed', retryable: false },
  { Class: RateLimited, name: 'RateLimited', code: 'rate_limited', retryable: true },
  { Class: Unavailable, name: 'Unavailable', code: 'unavailable', retryable: true },
])('$name', ({ Class, name, code, retryable }) => {
  test('has its name, intent and code, and says whether trying again may help', () => {
    const error = new Class('what is wrong');
    expect(error).toBeInstanceOf(HooklineError);
    expect(error).toMatchObject({ name, intent: code, code, retryable, message: 'what is wrong' });
    expect(error.problems).toEqual([]);
    expect(error.retryAfterMs).toBeUndefined();
    expect('cause' in error).toBe(false);
  });

  test('keeps what it is given, and its intent under another code', () => {
    const cause = new Error('why');
    const problems = [{ pointer: '/url', detail: 'no URL' }];
    const error = new Class('x', { code: 'special', problems, retryAfterMs: 5, cause });
    expect(error).toMatchObject({ intent: code, code: 'special', problems, retryAfterMs: 5, retryable });
    expect(error.cause).toBe(cause);
  });
});
