import { RateLimited } from '@hookline/domain';
import type { Limits, Taken } from '@hookline/limits';
import { within, type Log } from '@hookline/service-kit';
import { createHash } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { GatewayMetrics } from '../metrics.ts';
import { clientAddress } from './client-address.ts';

/** How often strangers may ask. While the store of the limits is away everybody may: it is logged and counted. */
export interface EdgeLimits {
  /** A request of somebody without a valid token, by its client's address. @throws RateLimited */
  anonymous(request: IncomingMessage): Promise<void>;
  /** An attempt to log in, or to change a password, as a user. @throws RateLimited */
  login(user: string): Promise<void>;
}

const MINUTE_MS = 60_000;
const LOGINS_PER_MINUTE = 10;
const ANSWER_WITHIN_MS = 500;
const LOG_EVERY_MS = 10_000;

export function createEdgeLimits(
  { limits, log, metrics, now }: { limits: Limits; log: Log; metrics: GatewayMetrics; now: () => number },
  { anonymousPerMinute, trustedProxies }: { anonymousPerMinute: number; trustedProxies: number },
): EdgeLimits {
  let loggedAtMs = -LOG_EVERY_MS;

  async function take(limit: 'anonymous' | 'login', key: string, perMinute: number): Promise<void> {
    let taken: Taken | undefined;
    try {
      const window = { key: `gateway:${limit}:${key}`, limit: perMinute, windowMs: MINUTE_MS, count: 1 };
      const answer = limits.rates.take([window], now());
      [taken] = await within(ANSWER_WITHIN_MS, 'the rate limits', answer);
    } catch (error) {
      metrics.limitsAway.inc();
      if (now() - loggedAtMs >= LOG_EVERY_MS) {
        loggedAtMs = now();
        log.warn({ err: error }, 'limits.unavailable');
      }
      return;
    }
    if (taken === undefined || taken.granted === 1) return;
    metrics.rateLimited.inc({ limit });
    throw new RateLimited('Too many requests: wait a little.', { retryAfterMs: taken.retryAfterMs });
  }

  return {
    anonymous: (request) => take('anonymous', networkOf(clientAddress(request, trustedProxies)), anonymousPerMinute),
    // A name can be anything, of any length.
    login: (user) => take('login', createHash('sha256').update(user).digest('base64url'), LOGINS_PER_MINUTE),
  };
}

/** One customer has a whole /64 of IPv6. */
export function networkOf(address: string): string {
  const plain = address.startsWith('::ffff:') ? address.slice('::ffff:'.length) : address;
  if (!plain.includes(':')) return plain;
  const [head = '', tail = ''] = plain.split('%', 1)[0]?.split('::') ?? [];
  const front = head === '' ? [] : head.split(':');
  const back = tail === '' ? [] : tail.split(':');
  const zeros = Array.from({ length: Math.max(0, 8 - front.length - back.length) }, () => '0');
  return `${[...front, ...zeros, ...back].slice(0, 4).join(':')}::/64`;
}
