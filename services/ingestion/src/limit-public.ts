import { isIPv6 } from 'node:net';
import { RateLimited, type Clock } from '@hookline/domain';
import type { RateWindows } from '@hookline/limits';
import { within, type Log } from '@hookline/service-kit';
import type { IngestionMetrics } from './metrics.ts';

export interface PublicLimit {
  /** Takes one request of this address. @throws RateLimited */
  take(address: string): Promise<void>;
}

export interface PublicLimitDeps {
  rates: RateWindows;
  perMinute: number;
  clock: Clock;
  log: Log;
  metrics: IngestionMetrics;
}

const WINDOW_MS = 60_000;
const CALL_DEADLINE_MS = 250;
const PAUSE_MS = 1_000;
/** Addresses counted here while the shared store is away. */
const MAX_ADDRESSES = 10_000;

/** So many requests per minute and address over all copies of ingestion; while the shared store is away, over this one. */
export function createPublicLimit({ rates, perMinute, clock, log, metrics }: PublicLimitDeps): PublicLimit {
  let pausedUntilMs = 0;
  const local = createLocalWindow(perMinute);

  return {
    async take(address) {
      const key = networkOf(address);
      const nowMs = clock.now();
      let retryAfterMs = 0;
      if (performance.now() < pausedUntilMs) {
        retryAfterMs = local(key, nowMs);
      } else {
        try {
          const window = { key: `ingestion:public:${key}`, limit: perMinute, windowMs: WINDOW_MS, count: 1 };
          const [taken] = await within(CALL_DEADLINE_MS, 'the store of rates', rates.take([window], nowMs));
          retryAfterMs = taken?.retryAfterMs ?? 0;
        } catch (error) {
          pausedUntilMs = performance.now() + PAUSE_MS;
          metrics.limitsFailures.inc({ call: 'rate' });
          log.warn({ error: (error as Error).message }, 'rate-limit.unavailable');
          retryAfterMs = local(key, nowMs);
        }
      }
      if (retryAfterMs > 0) {
        throw new RateLimited(`More than ${perMinute} requests a minute from one address.`, { retryAfterMs });
      }
    },
  };
}

/** Counts per minute, from nothing each minute. Answers how long until there is room. */
function createLocalWindow(limit: number): (key: string, nowMs: number) => number {
  let startedAtMs = 0;
  const counts = new Map<string, number>();
  return (key, nowMs) => {
    if (nowMs - startedAtMs >= WINDOW_MS || counts.size >= MAX_ADDRESSES) {
      startedAtMs = nowMs;
      counts.clear();
    }
    const count = (counts.get(key) ?? 0) + 1;
    counts.set(key, count);
    return count > limit ? startedAtMs + WINDOW_MS - nowMs : 0;
  };
}

/** An IPv4 address, or the /64 of an IPv6 one: whoever has one of its addresses has them all. */
export function networkOf(address: string): string {
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address)?.[1];
  if (mapped !== undefined) return mapped;
  const bare = address.replace(/%.*$/, '');
  if (!isIPv6(bare)) return address;
  const [head, tail] = bare.toLowerCase().split('::') as [string, string?];
  const left = head === '' ? [] : head.split(':');
  const right = tail === undefined || tail === '' ? [] : tail.split(':');
  const zeros =
    tail === undefined ? [] : Array.from({ length: Math.max(0, 8 - left.length - right.length) }, () => '0');
  const groups = [...left, ...zeros, ...right].map((group) => Number.parseInt(group, 16).toString(16));
  return `${groups.slice(0, 4).join(':')}::/64`;
}
