import type { Limits, RateLimiter, RateVerdict } from '@hookline/limits';
import { createRateLimiter } from '@hookline/limits';
import {
  applyRateLimit,
  clientAddress,
  isStricter,
  networkOf,
  within,
  type AnswerHeaders,
  type Identity,
  type Log,
} from '@hookline/service-kit';
import { createHash } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { GatewayMetrics } from '../metrics.ts';

/** How often one may ask. The answer shows how the limit stands. While the store of the limits is away each gateway counts by itself. */
export interface EdgeLimits {
  /** A request of somebody without a valid token, by its client's address. @throws RateLimited */
  anonymous(request: IncomingMessage, answer: AnswerHeaders): void;
  /** The same, by the address of its connection. @throws RateLimited */
  anonymousAt(address: string, answer: AnswerHeaders): void;
  /** Before somebody's key is looked up: whether anything is left of that, by the address of its connection. @throws RateLimited */
  strangerAt(address: string, answer: AnswerHeaders): void;
  /** The same, by its client's address. @throws RateLimited */
  stranger(request: IncomingMessage, answer: AnswerHeaders): void;
  /** A request of a tenant, and of an API key that has a limit of its own. @throws RateLimited */
  tenant(identity: Pick<Identity, 'tenant' | 'subject' | 'rateLimit'>, answer: AnswerHeaders): void;
  /** An attempt to log in, or to change a password, as a user; exact over all gateways. @throws RateLimited */
  login(user: string, answer: AnswerHeaders): Promise<void>;
  close(): void;
}

type Limit = 'anonymous' | 'key' | 'login' | 'tenant';

export interface EdgeLimitsSettings {
  anonymousPerMinute: number;
  tenantPerMinute: number;
  trustedProxies: number;
}

const MINUTE_MS = 60_000;
const SECOND_MS = 1_000;
const LOGINS_PER_MINUTE = 10;
const ANSWER_WITHIN_MS = 500;
const LOG_EVERY_MS = 10_000;

export function createEdgeLimits(
  { limits, log, metrics, now }: { limits: Limits; log: Log; metrics: GatewayMetrics; now: () => number },
  { anonymousPerMinute, tenantPerMinute, trustedProxies }: EdgeLimitsSettings,
): EdgeLimits {
  let loggedAtMs = -LOG_EVERY_MS;

  function onAway(error: unknown): void {
    metrics.limitsAway.inc();
    if (now() - loggedAtMs < LOG_EVERY_MS) return;
    loggedAtMs = now();
    log.warn({ err: error }, 'limits.unavailable');
  }

  function limiterOf(limit: Limit, windowMs = MINUTE_MS): RateLimiter {
    return createRateLimiter({
      take: (takes, nowMs) => within(ANSWER_WITHIN_MS, 'the rate limits', limits.rates.take(takes, nowMs)),
      prefix: `gateway:${limit}:`,
      windowMs,
      now,
      onAway,
    });
  }

  const limiters = {
    anonymous: limiterOf('anonymous'),
    key: limiterOf('key', SECOND_MS),
    login: limiterOf('login'),
    tenant: limiterOf('tenant'),
  };

  function apply(limit: Limit, verdict: RateVerdict, answer: AnswerHeaders): void {
    if (!verdict.allowed) metrics.rateLimited.inc({ limit });
    applyRateLimit(answer, limit, verdict, 'Too many requests: wait a little.');
  }

  function anonymousAt(address: string, answer: AnswerHeaders): void {
    apply('anonymous', limiters.anonymous.take(networkOf(address), anonymousPerMinute), answer);
  }

  /** What is left shows in no answer: the answer's own limit does. */
  function strangerAt(address: string, answer: AnswerHeaders): void {
    const verdict = limiters.anonymous.look(networkOf(address), anonymousPerMinute);
    if (!verdict.allowed) apply('anonymous', verdict, answer);
  }

  return {
    stranger: (request, answer) => strangerAt(clientAddress(request, trustedProxies), answer),
    strangerAt,
    anonymous: (request, answer) => anonymousAt(clientAddress(request, trustedProxies), answer),
    anonymousAt,
    tenant({ tenant, subject, rateLimit }, answer) {
      const key = rateLimit === undefined ? null : limiters.key.take(subject, rateLimit);
      if (key !== null) apply('key', key, answer);
      const verdict = limiters.tenant.take(tenant, tenantPerMinute);
      if (key === null || !isStricter(key, verdict)) apply('tenant', verdict, answer);
    },
    async login(user, answer) {
      // A name can be anything, of any length.
      const key = createHash('sha256').update(user).digest('base64url');
      apply('login', await limiters.login.takeExactly(key, LOGINS_PER_MINUTE), answer);
    },
    close() {
      for (const limiter of Object.values(limiters)) limiter.close();
    },
  };
}
