import type { IncomingMessage, ServerResponse } from 'node:http';

/** Lets pages of other origins ask, as far as they are named; nothing is said to the others, and so their browsers keep the answer from them. */
export type Cors = (request: IncomingMessage, response: ServerResponse) => void;

const METHODS = 'GET, HEAD, POST, PUT, PATCH, DELETE';
const HEADERS = 'authorization, content-type, idempotency-key, if-match, if-none-match, traceparent, x-request-id';
const SHOWN =
  'etag, location, retry-after, ratelimit, ratelimit-policy, x-request-id, hookline-duplicate, hookline-deduplication, hookline-quota-warning';
const PREFLIGHT_SECONDS = 600;

/** @param origins such as `https://app.example.com`, or `*` for all. Tokens are in a header, so credentials (cookies) are never asked for. */
export function createCors(origins: readonly string[]): Cors {
  const allowed = new Set(origins.map((origin) => origin.toLowerCase()));
  const any = allowed.has('*');
  if (allowed.size === 0) return () => {};
  return ({ method, headers }, response) => {
    // Caches must not give one origin the answer for another.
    if (!any) response.setHeader('vary', 'origin');
    const { origin } = headers;
    if (origin === undefined || !(any || allowed.has(origin.toLowerCase()))) return;
    response.setHeader('access-control-allow-origin', any ? '*' : origin);
    response.setHeader('access-control-expose-headers', SHOWN);
    if (method !== 'OPTIONS' || headers['access-control-request-method'] === undefined) return;
    response.setHeader('access-control-allow-methods', METHODS);
    response.setHeader('access-control-allow-headers', HEADERS);
    response.setHeader('access-control-max-age', PREFLIGHT_SECONDS);
  };
}
