import type { ServerResponse } from 'node:http';

/** What tells a browser to make as little as possible of an answer that is data; `docs` and the console say otherwise where they need it. */
const HEADERS: readonly (readonly [string, string])[] = [
  ['content-security-policy', "default-src 'none'; frame-ancestors 'none'"],
  ['cross-origin-opener-policy', 'same-origin'],
  ['cross-origin-resource-policy', 'same-origin'],
  ['origin-agent-cluster', '?1'],
  ['referrer-policy', 'no-referrer'],
  ['x-content-type-options', 'nosniff'],
  ['x-dns-prefetch-control', 'off'],
  ['x-download-options', 'noopen'],
  ['x-frame-options', 'DENY'],
  ['x-permitted-cross-domain-policies', 'none'],
  // The filter that it switches off made holes of its own.
  ['x-xss-protection', '0'],
];
/** For a year. */
const STRICT_TRANSPORT = 'max-age=31536000; includeSubDomains';

/** @param secure whether this server itself speaks TLS: only then may browsers be told never to do without */
export function setSecurityHeaders(response: ServerResponse, secure: boolean): void {
  for (const [name, value] of HEADERS) response.setHeader(name, value);
  if (secure) response.setHeader('strict-transport-security', STRICT_TRANSPORT);
}

/** Of these what counts for an answer that no browser shows, where each header is felt: all together cost 2 µs. */
export function setLeastSecurityHeaders(response: ServerResponse, secure: boolean): void {
  response.setHeader('x-content-type-options', 'nosniff');
  if (secure) response.setHeader('strict-transport-security', STRICT_TRANSPORT);
}
