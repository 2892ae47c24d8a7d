import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Clock } from '@hookline/domain';
import { createRateLimiter, type RateLimiter, type RateVerdict, type RateWindows } from '@hookline/limits';
import {
  applyRateLimit,
  clientAddress,
  isStricter,
  networkOf,
  within,
  type Identity,
  type Log,
} from '@hookline/service-kit';
import type { IngestionMetrics } from './metrics.ts';

/**
 * How often one may publish, over all copies of ingestion; nobody waits for the shared store, and while it is away each copy counts by itself. The answer shows
 * how the limit stands.
 */
export interface RateLimits {
  /** One event without a token, by the address that sends it. @throws RateLimited */
  public(request: IncomingMessage, response: ServerResponse): void;
  /** A request whose token is not valid, by its address. @throws RateLimited */
  anonymous(request: IncomingMessage, response: ServerResponse): void;
  /** Before somebody's key is looked up: whether anything is left of that. @throws RateLimited */
  stranger(request: IncomingMessage, response: ServerResponse): void;
  /** One event of a tenant, and of an API key that has a limit of its own. @throws RateLimited */
  event(identity: Publishing, response: ServerResponse): void;
  /** Further events of the same request: one is let through as a whole. */
  further(identity: Publishing, events: number): void;
  /** The same without a token. */
  furtherPublic(request: IncomingMessage, events: number): void;
  close(): void;
}

type Publishing = Pick<Identity, 'tenant' | 'subject' | 'rateLimit'>;

export interface RateLimitsDeps {
  rates: RateWindows;
  publicPerMinute: number;
  anonymousPerMinute: number;
  eventsPerMinute: number;
  trustedProxies: number;
  clock: Clock;
  log: Log;
  metrics: IngestionMetrics;
}

const MINUTE_MS = 60_000;
const SECOND_MS = 1_000;
const CALL_DEADLINE_MS = 500;
const LOG_EVERY_MS = 10_000;

export function createRateLimits(deps: RateLimitsDeps): RateLimits {
  const { rates, publicPerMinute, anonymousPerMinute, eventsPerMinute, trustedProxies, clock, log, metrics } = deps;
  let loggedAtMs = -Infinity;

  function onAway(error: unknown): void {
    metrics.limitsFailures.inc({ call: 'rate' });
    if (performance.now() - loggedAtMs < LOG_EVERY_MS) return;
    loggedAtMs = performance.now();
    log.warn({ error: (error as Error).message }, 'rate-limit.unavailable');
  }

  const limiterOf = (name: string, windowMs = MINUTE_MS): RateLimiter =>
    createRateLimiter({
      take: (takes, nowMs) => within(CALL_DEADLINE_MS, 'the store of rates', rates.take(takes, nowMs)),
      prefix: `ingestion:${name}:`,
      windowMs,
      now: () => clock.now(),
      onAway,
    });
  const limiters = {
    public: limiterOf('public'),
    anonymous: limiterOf('anonymous'),
    events: limiterOf('events'),
    key: limiterOf('key', SECOND_MS),
  };

  const addressOf = (request: IncomingMessage) => networkOf(clientAddress(request, trustedProxies));
  const tooMany = `More than ${anonymousPerMinute} requests a minute from one address.`;

  function ofKey(id: string, perSecond: number, response: ServerResponse): RateVerdict {
    const state = limiters.key.take(id, perSecond);
    applyRateLimit(response, 'key', state, `More than ${perSecond} events a second with this key.`);
    return state;
  }

  return {
    public(request, response) {
      const state = limiters.public.take(addressOf(request), publicPerMinute);
      applyRateLimit(response, 'public', state, `More than ${publicPerMinute} events a minute from one address.`);
    },
    anonymous(request, response) {
      const state = limiters.anonymous.take(addressOf(request), anonymousPerMinute);
      applyRateLimit(response, 'anonymous', state, tooMany);
    },
    stranger(request, response) {
      const state = limiters.anonymous.look(addressOf(request), anonymousPerMinute);
      if (!state.allowed) applyRateLimit(response, 'anonymous', state, tooMany);
    },
    event({ tenant, subject, rateLimit }, response) {
      const key = rateLimit === undefined ? null : ofKey(subject, rateLimit, response);
      const state = limiters.events.take(tenant, eventsPerMinute);
      if (key !== null && isStricter(key, state)) return;
      applyRateLimit(response, 'events', state, `More than ${eventsPerMinute} events a minute.`);
    },
    further({ tenant, subject, rateLimit }, events) {
      limiters.events.add(tenant, eventsPerMinute, events);
      if (rateLimit !== undefined) limiters.key.add(subject, rateLimit, events);
    },
    furtherPublic: (request, events) => limiters.public.add(addressOf(request), publicPerMinute, events),
    close() {
      for (const limiter of Object.values(limiters)) limiter.close();
    },
  };
}
