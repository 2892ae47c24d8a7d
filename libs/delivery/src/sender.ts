import type { AddressGuard, AttemptResult } from '@hookline/domain';
import { createConnector } from './connector.ts';
import { createDeadlines } from './deadlines.ts';
import { Exchange, type ExchangePhase } from './exchange.ts';
import { createNames, type NamesOptions } from './names.ts';
import { createPools } from './pools.ts';

/** Makes HTTP requests, each once: no redirects, no retries; connections are kept alive by origin. */
export interface Sender {
  /**
   * Starts a POST. `settled` is called exactly once, maybe before this returns, at the latest shortly after `timeoutMs`. What goes
   * wrong is in the result; this throws nothing.
   */
  send(request: OutgoingRequest, settled: (result: AttemptResult) => void): Sending;
  /** Origins with a pool of connections. */
  pools(): number;
  /** Aborts what is under way and closes every connection. Idempotent. */
  close(): Promise<void>;
}

export interface OutgoingRequest {
  /** `https://example.com:8443`. */
  origin: string;
  /** Path and query. */
  path: string;
  /** Names and values in turn. */
  headers: string[];
  /** A promise where it is still being compressed. */
  body: Buffer | Promise<Buffer>;
  /** From now to the end of the answer. */
  timeoutMs: number;
}

export interface Sending {
  /** Breaks it off; its result is `failed: shutdown`. Does nothing once it has settled. */
  abort(): void;
}

export interface SenderOptions {
  guard: AddressGuard;
  /** Deadlines inside that of the whole request. */
  connectTimeoutMs?: number;
  bodyTimeoutMs?: number;
  maxPools?: number;
  poolIdleMs?: number;
  names?: NamesOptions;
}

export function createSender({
  guard,
  connectTimeoutMs = 10_000,
  bodyTimeoutMs = 10_000,
  maxPools = 2_048,
  poolIdleMs = 30_000,
  names: namesOptions = {},
}: SenderOptions): Sender {
  const names = createNames(namesOptions);
  const connector = createConnector({ guard, names, connectTimeoutMs });
  const pools = createPools({ connect: connector.connect, maxPools, idleMs: poolIdleMs });
  const deadlines = createDeadlines<Exchange>((exchange) => exchange.abort(lateError(exchange.phase)));
  const underWay = new Set<Exchange>();
  let closed: Promise<void> | undefined;

  const owner = {
    ended(exchange: Exchange, result: AttemptResult) {
      underWay.delete(exchange);
      deadlines.clear(exchange, exchange.deadlineSlot);
      pools.release(exchange.pool);
      exchange.settled(result);
    },
    answering(exchange: Exchange) {
      if (exchange.totalAtMs - performance.now() < bodyTimeoutMs) return;
      deadlines.clear(exchange, exchange.deadlineSlot);
      exchange.deadlineSlot = deadlines.set(exchange, bodyTimeoutMs);
    },
  };

  return {
    send(request, settled) {
      const pool = pools.take(request.origin);
      const exchange = new Exchange(owner, pool, request.timeoutMs, settled);
      underWay.add(exchange);
      exchange.deadlineSlot = deadlines.set(exchange, request.timeoutMs);
      const { path, headers, body } = request;
      const post = (ready: Buffer) => pool.pool.dispatch({ method: 'POST', path, headers, body: ready }, exchange);
      if (closed !== undefined) exchange.abort(shutdownError());
      else if (body instanceof Promise) body.then(post, (error: Error) => exchange.abort(error));
      else post(body);
      return { abort: () => exchange.abort(shutdownError()) };
    },
    pools: () => pools.count(),
    close() {
      closed ??= (async () => {
        for (const exchange of underWay) exchange.abort(shutdownError());
        deadlines.close();
        names.close();
        const pooled = pools.close();
        connector.close();
        await pooled;
      })();
      return closed;
    },
  };
}

const LATE: Record<ExchangePhase, string> = {
  connect: 'no connection in time',
  headers: 'no answer in time',
  body: 'the answer did not end in time',
};

function lateError(phase: ExchangePhase): Error {
  return Object.assign(new Error(LATE[phase]), { code: 'HL_TIMEOUT' });
}

function shutdownError(): Error {
  return Object.assign(new Error('broken off at shutdown'), { code: 'HL_SHUTDOWN' });
}
