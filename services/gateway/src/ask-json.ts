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
  type HooklineError,
} from '@hookline/domain';
import type { ProblemBody } from '@hookline/service-kit';
import type { Answered, Asked, Upstream } from './forward.ts';

const CLASS_BY_STATUS = new Map<number, new (message: string, details: object) => HooklineError>([
  [400, InvalidInput],
  [401, Unauthenticated],
  [403, Forbidden],
  [404, NotFound],
  [409, Conflict],
  [412, PreconditionFailed],
  [413, TooLarge],
  [429, RateLimited],
  [503, Unavailable],
]);

/** What a service behind the gateway answers, read. @throws the error that it meant */
export async function askJson<T>(
  upstream: Pick<Upstream, 'ask'>,
  what: Asked,
): Promise<{ headers: Answered['headers']; json: T }> {
  const answered = await upstream.ask(what);
  const json: unknown = JSON.parse(answered.body.toString('utf8'));
  if (answered.status < 300) return { headers: answered.headers, json: json as T };
  throw errorOfProblem(json as ProblemBody, answered.headers['retry-after']);
}

/** The error that a problem is of. */
export function errorOfProblem(problem: ProblemBody, retryAfter?: string): Error {
  const Class = CLASS_BY_STATUS.get(problem.status);
  if (Class === undefined) return new Error(`a service answered ${problem.status}: ${problem.detail}`);
  return new Class(problem.detail, {
    code: problem.code,
    problems: problem.errors ?? [],
    ...(retryAfter === undefined ? {} : { retryAfterMs: Number(retryAfter) * 1000 }),
  });
}
