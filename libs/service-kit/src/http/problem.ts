import type { ServerResponse } from 'node:http';
import { HooklineError, type Intent, type Problem } from '@hookline/domain';

/** RFC 9457. `errors` name the fields at fault by JSON pointer. */
export interface ProblemBody {
  type: string;
  title: string;
  status: number;
  code: string;
  detail: string;
  errors?: readonly Problem[];
}

const STATUS: Record<Intent, { status: number; title: string }> = {
  invalid_input: { status: 400, title: 'Invalid input' },
  too_large: { status: 413, title: 'Too large' },
  unauthenticated: { status: 401, title: 'Unauthenticated' },
  forbidden: { status: 403, title: 'Forbidden' },
  not_found: { status: 404, title: 'Not found' },
  conflict: { status: 409, title: 'Conflict' },
  precondition_failed: { status: 412, title: 'Precondition failed' },
  rate_limited: { status: 429, title: 'Too many requests' },
  unavailable: { status: 503, title: 'Temporarily unavailable' },
};

const DEFAULT_RETRY_AFTER_MS = 1_000;

/** What an error tells a client. Anything but our own errors tells nothing of its cause. */
export function problemOf(error: unknown): { body: ProblemBody; headers: Record<string, string> } {
  if (!(error instanceof HooklineError)) {
    const body = problem(500, 'Internal error', 'internal_error', 'Something went wrong here; it has been logged.');
    return { body, headers: {} };
  }
  const { status, title } = STATUS[error.intent];
  const body = problem(status, title, error.code, error.message);
  if (error.problems.length > 0) body.errors = error.problems;
  const headers: Record<string, string> = {};
  if (error.retryable)
    headers['retry-after'] = String(Math.ceil((error.retryAfterMs ?? DEFAULT_RETRY_AFTER_MS) / 1000));
  if (error.intent === 'unauthenticated') headers['www-authenticate'] = 'Bearer';
  return { body, headers };
}

export function sendProblem(response: ServerResponse, error: unknown): void {
  const { body, headers } = problemOf(error);
  sendJson(response, body.status, body, { ...headers, 'content-type': 'application/problem+json' });
}

/** An answer of HTTP itself, which no intent of the domain stands for: 405, 415, ... */
export function sendHttpProblem(
  response: ServerResponse,
  { status, title, code, detail }: Pick<ProblemBody, 'status' | 'title' | 'code' | 'detail'>,
  headers: Record<string, string> = {},
): void {
  sendJson(response, status, problem(status, title, code, detail), {
    ...headers,
    'content-type': 'application/problem+json',
  });
}

/** For a client that sent something that ended the request early, the rest is not read. */
export function sendJson(
  response: ServerResponse,
  status: number,
  body: unknown,
  headers: Record<string, string> = {},
): void {
  if (response.headersSent) {
    response.destroy();
    return;
  }
  const bytes = Buffer.from(JSON.stringify(body), 'utf8');
  response.writeHead(status, { 'content-type': 'application/json', 'content-length': bytes.length, ...headers });
  response.end(bytes);
}

function problem(status: number, title: string, code: string, detail: string): ProblemBody {
  return { type: `https://hookline.dev/errors#${code}`, title, status, code, detail };
}
