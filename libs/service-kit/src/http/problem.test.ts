import { Conflict, Forbidden, InvalidInput, NotFound, RateLimited, TooLarge } from '@hookline/domain';
import { PreconditionFailed, Unauthenticated, Unavailable, type HooklineError } from '@hookline/domain';
import { describe, expect, test } from '@jest/globals';
import { problemOf, sendProblem } from './problem.ts';
import { listen } from './server.ts';

describe('problemOf', () => {
  test.each<[HooklineError, number, Record<string, string>]>([
    [new InvalidInput('x'), 400, {}],
    [new Unauthenticated('x'), 401, { 'www-authenticate': 'Bearer' }],
    [new Forbidden('x'), 403, {}],
    [new NotFound('x'), 404, {}],
    [new Conflict('x'), 409, {}],
    [new PreconditionFailed('x'), 412, {}],
    [new TooLarge('x'), 413, {}],
    [new RateLimited('x'), 429, { 'retry-after': '1' }],
    [new Unavailable('x'), 503, { 'retry-after': '1' }],
  ])('%s is %i', (error, status, headers) => {
    const problem = problemOf(error);
    expect(problem.headers).toEqual(headers);
    expect(problem.body).toEqual({
      type: `https://hookline.dev/errors#${error.intent}`,
      title: expect.stringMatching(/^[A-Z]/),
      status,
      code: error.intent,
      detail: 'x',
    });
  });

  test.each([
    [1, '1'],
    [1_000, '1'],
    [1_001, '2'],
    [60_000, '60'],
  ])('asks for patience of %i ms in whole seconds, rather too many', (retryAfterMs, seconds) => {
    expect(problemOf(new RateLimited('x', { retryAfterMs })).headers['retry-after']).toBe(seconds);
  });

  test('has the special code, and the fields at fault', () => {
    const problems = [{ pointer: '/url', detail: 'no URL' }];
    expect(problemOf(new InvalidInput('x', { code: 'special', problems })).body).toMatchObject({
      type: 'https://hookline.dev/errors#special',
      code: 'special',
      errors: problems,
    });
  });

  test.each([new Error('password=hunter2'), 'hunter2', { message: 'hunter2', status: 400 }, null, undefined])(
    'tells nothing of %p',
    (error) => {
      const problem = problemOf(error);
      expect(problem.body).toMatchObject({ status: 500, code: 'internal_error' });
      expect(JSON.stringify(problem)).not.toContain('hunter2');
    },
  );

  test('tells nothing of the cause', () => {
    const error = new Unavailable('The store is away.', { cause: new Error('hunter2') });
    expect(JSON.stringify(problemOf(error))).not.toContain('hunter2');
  });
});

test('a problem is sent as one, or ends an answer that has begun', async () => {
  const server = await listen(
    (request, response) => {
      if (request.url === '/begun') response.write('half');
      sendProblem(response, new RateLimited('Slow down.', { retryAfterMs: 5_000 }));
    },
    { host: '127.0.0.1', port: 0, setting: 'gateway.port' },
  );
  try {
    const answer = await fetch(`http://127.0.0.1:${server.port}/`);
    expect(answer.status).toBe(429);
    expect(answer.headers.get('content-type')).toBe('application/problem+json');
    expect(answer.headers.get('retry-after')).toBe('5');
    expect(await answer.json()).toMatchObject({ status: 429, detail: 'Slow down.' });
    await expect(fetch(`http://127.0.0.1:${server.port}/begun`).then((begun) => begun.text())).rejects.toThrow();
  } finally {
    await server.close(0);
  }
});
