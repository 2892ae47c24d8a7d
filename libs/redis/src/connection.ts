import { Unavailable } from '@hookline/domain';
import { Redis } from 'ioredis';
import { setMaxListeners } from 'node:events';

export interface RedisConnectionOptions {
  url: string;
  log: RedisLog;
  /** How long a command may take, waiting for the connection included. 2 s by default. */
  commandTimeoutMs?: number;
}

/** What is used of a pino logger. */
export interface RedisLog {
  info(fields: object, event: string): void;
  warn(fields: object, event: string): void;
}

/**
 * One connection to a Redis. It connects by itself, for ever; a command given while Redis is away waits for the connection no longer
 * than its deadline. Nothing is queued beyond its deadline or sent twice, so a command never runs after its caller was told it failed
 * (unless it had been sent already).
 */
export interface RedisConnection {
  readonly client: Redis;
  /** Rejects with Unavailable when Redis is away or too slow; what Redis itself says about the command passes through as ReplyError. */
  run<T>(command: (client: Redis) => Promise<T>, deadlineMs?: number): Promise<T>;
  /** Idempotent. */
  close(): Promise<void>;
}

const COMMAND_TIMEOUT_MS = 2_000;
const LONGEST_RETRY_DELAY_MS = 500;

/** Conditions that pass: loading its data, a busy script, a replica without master, a failover under way, no memory. */
const TRANSIENT = /^(LOADING|BUSY|MASTERDOWN|READONLY|CLUSTERDOWN|TRYAGAIN|NOREPLICAS|MISCONF|OOM|UNBLOCKED)\b/;

export function connectRedis({
  url,
  log,
  commandTimeoutMs = COMMAND_TIMEOUT_MS,
}: RedisConnectionOptions): RedisConnection {
  const client = new Redis(url, {
    commandTimeout: commandTimeoutMs,
    connectTimeout: commandTimeoutMs,
    // A connection that takes commands and never answers is dropped, and another one made.
    socketTimeout: 2 * commandTimeoutMs,
    // Also how long ioredis keeps a timer after it was closed while it was between two attempts to connect.
    disconnectTimeout: 200,
    enableOfflineQueue: false,
    autoResendUnfulfilledCommands: false,
    maxRetriesPerRequest: 0,
    retryStrategy: (attempt) => Math.min(20 * 2 ** attempt, LONGEST_RETRY_DELAY_MS),
  });
  const closing = new AbortController();
  // One listener for each command that waits for the connection.
  setMaxListeners(0, client, closing.signal);
  let away = false;
  let lastFailure: unknown;
  client.on('error', (error: unknown) => {
    lastFailure = error;
  });
  client.on('close', () => {
    if (!closing.signal.aborted && !away) log.warn({ err: lastFailure }, 'redis.lost');
    away = true;
  });
  client.on('ready', () => {
    if (away) log.info({}, 'redis.reconnected');
    away = false;
  });

  async function run<T>(command: (client: Redis) => Promise<T>, deadlineMs = commandTimeoutMs): Promise<T> {
    if (closing.signal.aborted) throw closed();
    if (client.status !== 'ready') await untilReady(client, deadlineMs, closing.signal, () => unavailable(lastFailure));
    try {
      return await command(client);
    } catch (error) {
      throw toDomainError(error);
    }
  }

  async function close(): Promise<void> {
    if (closing.signal.aborted) return;
    closing.abort();
    // Between two attempts to connect there is nothing that would end.
    const hasSocket = client.status !== 'reconnecting' && client.status !== 'end';
    const ended = new Promise<void>((resolve) => client.once('end', () => resolve()));
    client.disconnect();
    if (hasSocket) await ended;
  }

  return { client, run, close };
}

function untilReady(client: Redis, deadlineMs: number, closing: AbortSignal, tooLate: () => Error): Promise<void> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => finish(tooLate()), deadlineMs);
    const onReady = () => finish();
    const onClosing = () => finish(closed());
    function finish(error?: Error): void {
      clearTimeout(timer);
      client.off('ready', onReady);
      closing.removeEventListener('abort', onClosing);
      if (error === undefined) resolve();
      else reject(error);
    }
    client.once('ready', onReady);
    closing.addEventListener('abort', onClosing);
  });
}

function toDomainError(error: unknown): unknown {
  const isReply = error instanceof Error && error.name === 'ReplyError';
  return isReply && !TRANSIENT.test(error.message) ? error : unavailable(error);
}

function unavailable(cause: unknown): Unavailable {
  const reason = cause instanceof Error && cause.message !== '' ? cause.message : 'no answer';
  return new Unavailable(`Redis is away: ${reason}`, { cause });
}

function closed(): Unavailable {
  return new Unavailable('the connection to Redis is closed');
}
