import { isIP } from 'node:net';
import type { SecureContext } from 'node:tls';
import { Connection } from './connection.ts';
import type { Connector } from './connector.ts';
import type { Target } from './connecting.ts';
import { Fifo } from './fifo.ts';
import type { Names } from './names.ts';
import { openContext, type TlsIdentity } from './tls-identity.ts';

/**
 * Connections kept alive by origin and TLS identity, the one used last taken first. One that is idle for too long is closed by its client; beyond the
 * bound of all idle ones the longest idle is closed.
 */
export interface Pools {
  /** Lends a connection until `release`: at once, or when one of its origin's is given back. */
  take(origin: string, tls: TlsIdentity | undefined, borrower: Borrower): void;
  release(connection: Connection): void;
  counts(): ConnectionCounts;
  /** Breaks every connection. */
  close(): Promise<void>;
}

export interface ConnectionCounts {
  /** With those that are being made. */
  open: number;
  idle: number;
  /** Of an origin and a TLS identity. */
  pools: number;
}

export interface Borrower {
  /** It has no use for a connection any more. */
  readonly ended: boolean;
  lent(connection: Connection): void;
}

/** The connections to an origin. */
export interface OriginPool extends Target {
  readonly key: string;
  readonly origin: string;
  /** The one used last is at the end. */
  readonly free: Connection[];
  readonly all: Set<Connection>;
  readonly waiting: Fifo<Borrower>;
  /** When to see whether its name still means the addresses that it is connected to. */
  checkAtMs: number;
}

export interface PoolsOptions {
  connector: Connector;
  names: Names;
  maxPerOrigin: number;
  maxIdle: number;
  /** A name is asked for again so often while its connections are in use, the names' own cache permitting. */
  checkMs: number;
}

export function createPools({ connector, names, maxPerOrigin, maxIdle, checkMs }: PoolsOptions): Pools {
  const pools = new Map<string, OriginPool>();
  /** The longest idle first. */
  const idle = new Set<Connection>();
  const closing = new Set<Promise<void>>();
  let open = 0;
  let closed = false;

  function openPool(key: string, origin: string, tls: TlsIdentity | undefined): OriginPool {
    const { protocol, hostname, port } = new URL(origin);
    const secure = protocol === 'https:';
    let context: SecureContext | undefined;
    const pool: OriginPool = {
      key,
      origin,
      hostname: hostname.replace(/^\[(.*)\]$/, '$1'),
      port: Number(port) || (secure ? 443 : 80),
      context: secure ? () => (context ??= openContext(tls)) : null,
      session: undefined,
      free: [],
      all: new Set(),
      waiting: new Fifo(),
      checkAtMs: performance.now() + checkMs,
    };
    pools.set(key, pool);
    return pool;
  }

  function lendNew(pool: OriginPool, borrower: Borrower): void {
    const connection = new Connection(pool, connector, disconnected);
    pool.all.add(connection);
    open++;
    borrower.lent(connection);
  }

  /** One that is lent connects again or fails its request; either way it is released. */
  function disconnected(connection: Connection): void {
    if (idle.has(connection)) drop(connection);
  }

  function drop(connection: Connection): void {
    const { pool } = connection;
    if (idle.delete(connection)) pool.free.splice(pool.free.lastIndexOf(connection), 1);
    if (pool.all.delete(connection)) open--;
    if (pool.all.size === 0 && pool.waiting.length === 0) pools.delete(pool.key);
    const over = connection.close();
    closing.add(over);
    void over.then(() => closing.delete(over));
  }

  function nextBorrower({ waiting }: OriginPool): Borrower | undefined {
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) if (!next.ended) return next;
    return undefined;
  }

  /** Long-lived connections must not outlive a name's move to other addresses. */
  function check(pool: OriginPool): void {
    pool.checkAtMs = performance.now() + checkMs;
    if (isIP(pool.hostname) !== 0) return;
    names.resolve(pool.hostname).then(
      (addresses) => {
        const current = new Set(addresses.map(({ address }) => address));
        for (const connection of pool.all) {
          if (connection.address === null || current.has(connection.address)) continue;
          connection.retired = true;
          if (idle.has(connection)) drop(connection);
        }
      },
      () => {},
    );
  }

  return {
    take(origin, tls, borrower) {
      const key = tls === undefined ? origin : `${origin} ${tls.id}`;
      const pool = pools.get(key) ?? openPool(key, origin, tls);
      const connection = pool.free.pop();
      if (connection !== undefined) {
        idle.delete(connection);
        if (performance.now() > pool.checkAtMs) check(pool);
        borrower.lent(connection);
      } else if (pool.all.size < maxPerOrigin) lendNew(pool, borrower);
      else pool.waiting.push(borrower);
    },
    release(connection) {
      const { pool } = connection;
      const keep = connection.connected && !connection.retired && !closed;
      const next = nextBorrower(pool);
      if (!keep) drop(connection);
      if (next !== undefined) {
        if (keep) next.lent(connection);
        else lendNew(pool, next);
      } else if (keep) {
        pool.free.push(connection);
        idle.add(connection);
        if (idle.size > maxIdle) drop(idle.values().next().value as Connection);
      }
    },
    counts: () => ({ open, idle: idle.size, pools: pools.size }),
    async close() {
      closed = true;
      for (const pool of pools.values()) for (const connection of pool.all) drop(connection);
      await Promise.all(closing);
    },
  };
}
