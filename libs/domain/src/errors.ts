/**
 * One class per intent. The edge (HTTP, gRPC) maps them to a status; nobody else does.
 * `code` is stable and documented in docs/errors.md; `pointer` is the JSON pointer (RFC 6901) of the field at fault.
 */
export interface Problem {
  /** JSON pointer into the request's body, e.g. `/event_types/0`. */
  pointer: string;
  detail: string;
}

const LONGEST_NAME = 128;

/** The pointer to a member or an element. Behind an overlong name nobody would find the field by it, so it is cut. */
export function pointerBelow(pointer: string, name: string | number): string {
  const part = String(name).slice(0, LONGEST_NAME).toWellFormed();
  return `${pointer}/${part.replaceAll('~', '~0').replaceAll('/', '~1')}`;
}

interface Details {
  code?: string;
  problems?: Problem[];
  retryAfterMs?: number;
  cause?: unknown;
}

export abstract class HooklineError extends Error {
  abstract readonly intent: Intent;
  abstract readonly retryable: boolean;
  readonly code: string;
  readonly problems: readonly Problem[];
  readonly retryAfterMs: number | undefined;

  constructor(defaultCode: string, message: string, details: Details = {}) {
    super(message, details.cause === undefined ? undefined : { cause: details.cause });
    this.name = new.target.name;
    this.code = details.code ?? defaultCode;
    this.problems = details.problems ?? [];
    this.retryAfterMs = details.retryAfterMs;
  }
}

export type Intent =
  | 'invalid_input'
  | 'too_large'
  | 'unauthenticated'
  | 'forbidden'
  | 'not_found'
  | 'conflict'
  | 'precondition_failed'
  | 'rate_limited'
  | 'unavailable';

/** What was sent is wrong; sending it again changes nothing. */
export class InvalidInput extends HooklineError {
  readonly intent = 'invalid_input';
  readonly retryable = false;
  constructor(message: string, details?: Details) {
    super('invalid_input', message, details);
  }
}

export class TooLarge extends HooklineError {
  readonly intent = 'too_large';
  readonly retryable = false;
  constructor(message: string, details?: Details) {
    super('too_large', message, details);
  }
}

export class Unauthenticated extends HooklineError {
  readonly intent = 'unauthenticated';
  readonly retryable = false;
  constructor(message: string, details?: Details) {
    super('unauthenticated', message, details);
  }
}

export class Forbidden extends HooklineError {
  readonly intent = 'forbidden';
  readonly retryable = false;
  constructor(message: string, details?: Details) {
    super('forbidden', message, details);
  }
}

export class NotFound extends HooklineError {
  readonly intent = 'not_found';
  readonly retryable = false;
  constructor(message: string, details?: Details) {
    super('not_found', message, details);
  }
}

export class Conflict extends HooklineError {
  readonly intent = 'conflict';
  readonly retryable = false;
  constructor(message: string, details?: Details) {
    super('conflict', message, details);
  }
}

/** What was to be changed is not as the caller takes it to be. */
export class PreconditionFailed extends HooklineError {
  readonly intent = 'precondition_failed';
  readonly retryable = false;
  constructor(message: string, details?: Details) {
    super('precondition_failed', message, details);
  }
}

export class RateLimited extends HooklineError {
  readonly intent = 'rate_limited';
  readonly retryable = true;
  constructor(message: string, details?: Details) {
    super('rate_limited', message, details);
  }
}

/** Something that Hookline needs is away or too slow; the same request may succeed later. */
export class Unavailable extends HooklineError {
  readonly intent = 'unavailable';
  readonly retryable = true;
  constructor(message: string, details?: Details) {
    super('unavailable', message, details);
  }
}
