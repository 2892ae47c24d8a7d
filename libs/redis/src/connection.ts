import { Unavailable } from '@hookline/domain';
import { Cluster, type Redis } from 'ioredis';
import { setMaxListeners } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';
import { types } from 'node:util';
import type { RedisAddress } from './address.ts';
import { createClient, type RedisClient } from './client.ts';

export interface RedisConnectionOptions extends RedisAddress {
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
 * One connection to a Redis, or one to each node of a cluster. It connects by itself, for ever; a command given while Redis is away waits for the
 * connection no longer than its deadline. Nothing is sent twice, nor after its caller was told that it failed (unless it had been sent already, or a
 * cluster's node was just being connected to).
 */
export interface RedisConnection {
  readonly client: RedisClient;
  /** A script's keys must all lie in one hash slot. */
  readonly isCluster: boolean;
  /** Rejects with Unavailable when Redis is away or too slow; what Redis itself says about the command passes through as ReplyError. */
  run<T>(command: (client: RedisClient) => Promise<T>, deadlineMs?: number): Promise<T>;
  /** The same of each server that holds keys: the one, or every master of a cluster. */
  runOnEach<T>(command: (server: Redis) => Promise<T>, deadlineMs?: number): Promise<T[]>;
  /** Idempotent. */
  close(): Promise<void>;
}

const COMMAND_TIMEOUT_MS = 2_000;
const CLOSE_TIMEOUT_MS = 1_000;

/** Conditions that pass: loading its data, a busy script, a replica without master, a failover under way, no memory. Before 7.0 what a script met comes at its error's end. */
const TRANSIENT =
  /^(?:ERR Error running script .* -)?(?:LOADING|BUSY|MASTERDOWN|READONLY|CLUSTERDOWN|TRYAGAIN|NOREPLICAS|MISCONF|OOM|UNBLOCKED)\b/;

export function connectRedis(options: RedisConnectionOptions): RedisConnection {
  const { log, commandTimeoutMs = COMMAND_TIMEOUT_MS, ...address } = options;
  const client = createClient(address, commandTimeoutMs);
  const closing = new AbortController();
  // One listener for each command that waits for the connection.
  setMaxListeners(0, client, closing.signal);
  let away = false;
  let lastFailure: unknown;
  for (const event of ['error', 'node error', 'sentinelError']) {
    client.on(event, (error: unknown) => {
      lastFailure = withoutCommand(error);
    });
  }
  client.on('close', () => {
    if (!closing.signal.aborted && !away) log.warn({ err: lastFailure }, 'redis.lost');
    away = true;
  });
  client.on('ready', () => {
    if (away) log.info({}, 'redis.reconnected');
    away = false;
  });

  async function run<T>(command: (client: RedisClient) => Promise<T>, deadlineMs = commandTimeoutMs): Promise<T> {
    if (closing.signal.aborted) throw closed();
    if (client.status !== 'ready') await untilReady(client, deadlineMs, closing.signal, () => unavailable(lastFailure));
    try {
      // A cluster's client also asks again, where a node is another's by now: each time with a deadline of its own.
      return await (client instanceof Cluster ? within(deadlineMs, command(client)) : command(client));
    } catch (error) {
      throw toDomainError(withoutCommand(error));
    }
  }

  async function close(): Promise<void> {
    if (closing.signal.aborted) return;
    closing.abort();
    // Between two attempts to connect there is nothing that would end.
    const hasSocket = client.status !== 'reconnecting' && client.status !== 'end';
    const ended = new Promise<void>((resolve) => client.once('end', () => resolve()));
    client.disconnect();
    if (hasSocket) await Promise.race([ended, delay(CLOSE_TIMEOUT_MS, undefined, { ref: false })]);
  }

  return {
    client,
    isCluster: client instanceof Cluster,
    run,
    runOnEach: (command, deadlineMs) =>
      run((each) => Promise.all((each instanceof Cluster ? each.nodes('master') : [each]).map(command)), deadlineMs),
    close,
  };
}

async function within<T>(deadlineMs: number, answer: Promise<T>): Promise<T> {
  const { promise: late, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(() => reject(new Error(`no answer within ${deadlineMs} ms`)), deadlineMs);
  try {
    return await Promise.race([answer, late]);
  } finally {
    clearTimeout(timer);
  }
}

function untilReady(
  client: RedisClient,
  deadlineMs: number,
  closing: AbortSignal,
  tooLate: () => Error,
): Promise<void> {
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

/** ioredis puts the whole command beside the error, with the password or the payload in it: errors are logged. */
function withoutCommand(error: unknown): unknown {
  if (!types.isNativeError(error)) return error;
  Reflect.deleteProperty(error, 'command');
  withoutCommand(Reflect.get(error, 'lastNodeError'));
  return error;
}

function toDomainError(error: unknown): unknown {
  const isReply = types.isNativeError(error) && error.name === 'ReplyError';
  return isReply && !TRANSIENT.test(error.message) ? error : unavailable(error);
}

function unavailable(cause: unknown): Unavailable {
  const reason = types.isNativeError(cause) && cause.message !== '' ? cause.message : 'no answer';
  return new Unavailable(`Redis is away: ${reason}`, { cause });
}

function closed(): Unavailable {
  return new Unavailable('the connection to Redis is closed');
}
