import type { AddressGuard, AttemptPhase, AttemptResult } from '@hookline/domain';
import { createConnector } from './connector.ts';
import { createDeadlines } from './deadlines.ts';
import { Exchange, type ExchangeOwner } from './exchange.ts';
import { shutdownError } from './failure.ts';
import { createNames, type NamesOptions } from './names.ts';
import { createPools, type ConnectionCounts } from './pools.ts';
import { sendWhenReady } from './prepared-send.ts';
import { createProxy, ProxyFault } from './proxy.ts';
import type { TlsIdentity } from './tls-identity.ts';
import { createTokens, type OauthClient } from './tokens.ts';

/** Makes HTTP requests, each once: no redirects, no retries; connections are kept alive by origin and TLS identity. */
export interface Sender {
  /**
   * Starts a POST. `settled` is called exactly once, maybe before this returns, at the latest shortly after `timeoutMs`. What goes
   * wrong is in the result; this throws nothing.
   */
  send(request: OutgoingRequest, settled: (result: AttemptResult) => void): Sending;
  counts(): ConnectionCounts;
  /** Aborts what is under way and closes every connection. Idempotent. */
  close(): Promise<void>;
}

/** A request with everything that it needs. */
export interface PlainRequest {
  /** Without it POST. */
  method?: 'POST' | 'OPTIONS';
  /** `https://example.com:8443`. */
  origin: string;
  /** Path and query. */
  path: string;
  /** Names and values in turn. */
  headers: string[];
  body: Buffer;
  /** From now to the end of the answer. */
  timeoutMs: number;
  /** undefined: the system's certificates, and none of our own. */
  tls?: TlsIdentity | undefined;
  /** Of the answer's body; KEPT_BYTES without it. */
  keepBytes?: number | undefined;
  /** The result has headers of a success, too. */
  keepHeaders?: boolean;
}

export interface OutgoingRequest extends Omit<PlainRequest, 'body' | 'keepBytes'> {
  /** A promise where it is still being compressed. */
  body: Buffer | Promise<Buffer>;
  /** Whose token goes with it. */
  oauth?: OauthClient | undefined;
}

export interface Sending {
  /** Breaks it off; its result is `failed: shutdown`. Does nothing once it has settled. */
  abort(): void;
}

export interface SenderOptions {
  guard: AddressGuard;
  /** URL of the proxy that everything goes out through. */
  proxy?: string | undefined;
  /** Deadlines inside that of the whole request: of connecting, and then of the TLS handshake; of the answer's headers, by default none; of its body. */
  connectTimeoutMs?: number;
  headersTimeoutMs?: number | undefined;
  bodyTimeoutMs?: number;
  /** Beyond it requests wait for a connection, within their deadlines. */
  maxPerOrigin?: number;
  /** Over all origins. */
  maxIdle?: number;
  /** Connections in use are given up so long after their name has come to mean other addresses (and up to a minute more). */
  checkMs?: number;
  names?: NamesOptions;
}

export function createSender({
  guard,
  proxy,
  connectTimeoutMs = 10_000,
  headersTimeoutMs = Infinity,
  bodyTimeoutMs = 10_000,
  maxPerOrigin = 1_024,
  maxIdle = 4_096,
  checkMs = 30_000,
  names: namesOptions = {},
}: SenderOptions): Sender {
  const names = createNames(namesOptions);
  const connector = createConnector({
    guard,
    names,
    timeoutMs: connectTimeoutMs,
    proxy: proxy === undefined ? undefined : createProxy(proxy),
  });
  const pools = createPools({ connector, names, maxPerOrigin, maxIdle, checkMs });
  const deadlines = createDeadlines<Exchange>((exchange) => exchange.abort(lateError(exchange)));
  const tokens = createTokens(post);
  let closed: Promise<void> | undefined;

  const owner: ExchangeOwner = {
    ended(exchange, result) {
      deadlines.clear(exchange);
      exchange.settled(result);
    },
    sending(exchange) {
      const headersAtMs = exchange.sentAtMs + headersTimeoutMs;
      if (headersAtMs < exchange.totalAtMs) deadlines.set(exchange, headersAtMs);
    },
    answering(exchange) {
      deadlines.set(exchange, Math.min(performance.now() + bodyTimeoutMs, exchange.totalAtMs));
    },
    release: (connection) => pools.release(connection),
  };

  function post(request: PlainRequest, settled: (result: AttemptResult) => void): Sending {
    const exchange = new Exchange(owner, request, settled);
    if (closed !== undefined) exchange.abort(shutdownError());
    else {
      deadlines.set(exchange, exchange.totalAtMs);
      pools.take(request.origin, request.tls, exchange);
    }
    return exchange;
  }

  return {
    send(request, settled) {
      if (request.oauth === undefined && Buffer.isBuffer(request.body)) return post(request as PlainRequest, settled);
      return sendWhenReady({ request, post, tokens }, settled);
    },
    counts: () => pools.counts(),
    close() {
      closed ??= (async () => {
        for (const exchange of deadlines.all()) exchange.abort(shutdownError());
        deadlines.close();
        names.close();
        connector.close();
        await pools.close();
      })();
      return closed;
    },
  };
}

const LATE: Record<AttemptPhase, string> = {
  name: 'no address in time',
  connect: 'no connection in time',
  tls: 'no TLS handshake in time',
  headers: 'no answer in time',
  body: 'the answer did not end in time',
};

function lateError({ phase, waitsForProxy }: Exchange): Error {
  if (waitsForProxy) return new ProxyFault('the proxy can’t be reached in time');
  return Object.assign(new Error(LATE[phase]), { code: 'HL_TIMEOUT' });
}
