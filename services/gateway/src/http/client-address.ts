import type { IncomingMessage } from 'node:http';

/** Who asks: behind proxies that append to `X-Forwarded-For`, what the outermost of those that are trusted saw. */
export function clientAddress(request: IncomingMessage, trustedProxies: number): string {
  const peer = request.socket.remoteAddress ?? '';
  const forwarded = request.headers['x-forwarded-for'];
  if (trustedProxies === 0 || typeof forwarded !== 'string') return peer;
  const hops = forwarded.split(',').map((address) => address.trim());
  // What stands further left anybody may have written.
  return hops.at(-Math.min(trustedProxies, hops.length)) ?? peer;
}
