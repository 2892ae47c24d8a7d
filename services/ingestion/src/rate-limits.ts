import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Clock } from '@hookline/domain';
import { createRateLimiter, type RateLimiter, type RateWindows } from '@hookline/limits';
import { applyRateLimit, clientAddress, networkOf, within, type Log } from '@hookline/service-kit';
import type { IngestionMetrics } from './metrics.ts';

/**
 * How often one may publish, over all copies of ingestion; nobody waits for the shared store, and while it is away each copy counts by itself. The answer shows
 * how the limit stands.
 */
export interface RateLimits {
  /** A request to publish without a token, by its address. @throws RateLimited */
  public(request: IncomingMessage, response: ServerResponse): void;
  /** A request whose token is not valid, by its address. @throws RateLimited */
  anonymous(request: IncomingMessage, response: ServerResponse): void;
  /** One event of a tenant, whose limit may be its own. @throws RateLimited */
  event(tenant: string, response: ServerResponse): void;
  /** Further events of the same request: one is let through as a whole. */
  further(tenant: string, events: number): void;
  close(): void;
}

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

const WINDOW_MS = 60_000;
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

  const limiterOf = (name: string): RateLimiter =>
    createRateLimiter({
      take: (takes, nowMs) => within(CALL_DEADLINE_MS, 'the store of rates', rates.take(takes, nowMs)),
      prefix: `ingestion:${name}:`,
      windowMs: WINDOW_MS,
      now: () => clock.now(),
      onAway,
    });
  const limiters = { public: limiterOf('public'), anonymous: limiterOf('anonymous'), events: limiterOf('events') };

  function byAddress(
    name: 'public' | 'anonymous',
    limit: number,
    request: IncomingMessage,
    response: ServerResponse,
  ): void {
    const state = limiters[name].take(networkOf(clientAddress(request, trustedProxies)), limit);
    applyRateLimit(response, name, state, `More than ${limit} requests a minute from one address.`);
  }

  return {
    public: (request, response) => byAddress('public', publicPerMinute, request, response),
    anonymous: (request, response) => byAddress('anonymous', anonymousPerMinute, request, response),
    event(tenant, response) {
      const state = limiters.events.take(tenant, eventsPerMinute);
      applyRateLimit(response, 'events', state, `More than ${eventsPerMinute} events a minute.`);
    },
    further: (tenant, events) => limiters.events.add(tenant, eventsPerMinute, events),
    close() {
      for (const limiter of Object.values(limiters)) limiter.close();
    },
  };
}
