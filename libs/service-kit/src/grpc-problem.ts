import { Metadata, status, type ServiceError } from '@grpc/grpc-js';
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
  type Intent,
} from '@hookline/domain';
import { problemOf, type ProblemBody } from './http/problem.ts';

/** The trailer that carries the problem: binary, since a detail may name what a client sent. */
const TRAILER = 'problem-bin';
/** Trailers have a bound (64 KiB here); who sees this many problems will not look for the next one. */
const MAX_PROBLEMS = 50;

const STATUS: Record<Intent, status> = {
  invalid_input: status.INVALID_ARGUMENT,
  too_large: status.OUT_OF_RANGE,
  unauthenticated: status.UNAUTHENTICATED,
  forbidden: status.PERMISSION_DENIED,
  not_found: status.NOT_FOUND,
  conflict: status.FAILED_PRECONDITION,
  precondition_failed: status.ABORTED,
  rate_limited: status.RESOURCE_EXHAUSTED,
  unavailable: status.UNAVAILABLE,
};

const STATUS_BY_HTTP = new Map<number, status>();
const CLASS_BY_STATUS = new Map<status, new (message: string, details: object) => HooklineError>();
for (const [Class, http] of [
  [InvalidInput, 400],
  [Unauthenticated, 401],
  [Forbidden, 403],
  [NotFound, 404],
  [Conflict, 409],
  [PreconditionFailed, 412],
  [TooLarge, 413],
  [RateLimited, 429],
  [Unavailable, 503],
] as const) {
  const code = STATUS[new Class('').intent];
  STATUS_BY_HTTP.set(http, code);
  CLASS_BY_STATUS.set(code, Class);
}

/** What a gRPC server answers an error with. Anything but our own errors tells nothing of its cause. */
export function grpcErrorOf(error: unknown): { code: status; details: string; metadata: Metadata } {
  const { body, headers } = problemOf(error);
  if (body.errors !== undefined) body.errors = body.errors.slice(0, MAX_PROBLEMS);
  const metadata = new Metadata();
  metadata.set(TRAILER, Buffer.from(JSON.stringify({ ...body, retry_after: headers['retry-after'] }), 'utf8'));
  return { code: STATUS_BY_HTTP.get(body.status) ?? status.INTERNAL, details: body.detail, metadata };
}

/**
 * The error that the server meant; Unavailable where it could not be reached or did not answer in time.
 * @param server its name, for the message
 */
export function errorOfGrpc(error: ServiceError, server: string): Error {
  const problem = problemOfTrailer(error);
  const Class = CLASS_BY_STATUS.get(error.code);
  if (problem !== null && Class !== undefined) {
    return new Class(problem.detail, {
      code: problem.code,
      problems: problem.errors ?? [],
      cause: error,
      ...(problem.retry_after === undefined ? {} : { retryAfterMs: Number(problem.retry_after) * 1000 }),
    });
  }
  switch (error.code) {
    case status.DEADLINE_EXCEEDED:
      return new Unavailable(`The ${server} did not answer in time; what was asked for may still happen.`, {
        cause: error,
      });
    // Ours tell their problem: this is gRPC's bound of a message.
    case status.RESOURCE_EXHAUSTED:
      return new TooLarge(`That is more than the ${server} takes or gives at once.`, { cause: error });
    case status.UNAVAILABLE:
    case status.CANCELLED:
      return new Unavailable(`The ${server} is away at the moment.`, { cause: error });
    default:
      return new Error(`the ${server} failed: ${error.message}`, { cause: error });
  }
}

function problemOfTrailer({ metadata }: ServiceError): (ProblemBody & { retry_after?: string }) | null {
  const [trailer] = metadata?.get(TRAILER) ?? [];
  if (!Buffer.isBuffer(trailer)) return null;
  try {
    return JSON.parse(trailer.toString('utf8')) as ProblemBody & { retry_after?: string };
  } catch {
    return null;
  }
}
