import { Pool, type buildConnector } from 'undici';

/** Connections kept alive by origin. Pools are capped in number; those that nobody uses are closed, the longest unused first. */
export interface Pools {
  /** The pool of an origin, until `release`. */
  take(origin: string): OriginPool;
  release(pool: OriginPool): void;
  count(): number;
  /** Breaks every connection. */
  close(): Promise<void>;
}

export interface OriginPool {
  readonly pool: Pool;
  readonly origin: string;
  active: number;
  idleSinceMs: number;
}

export interface PoolsOptions {
  connect: buildConnector.connector;
  /** Pools in use always stay, so this is exceeded while more origins than that have requests under way. */
  maxPools: number;
  idleMs: number;
}

export function createPools({ connect, maxPools, idleMs }: PoolsOptions): Pools {
  // In the order in which they were last taken into use.
  const pools = new Map<string, OriginPool>();
  const closing = new Set<Promise<void>>();
  const sweep = setInterval(closeIdle, Math.max(100, idleMs / 4));
  sweep.unref();

  function open(origin: string): OriginPool {
    // As many connections as requests under way: whoever limits those limits these, and no request waits unseen in a pool's queue.
    const pool = new Pool(origin, {
      connect,
      connections: null,
      pipelining: 1,
      allowH2: false,
      keepAliveMaxTimeout: 60_000,
      // The sender has deadlines of its own.
      headersTimeout: 0,
      bodyTimeout: 0,
    });
    return { pool, origin, active: 0, idleSinceMs: 0 };
  }

  function drop(entry: OriginPool): void {
    pools.delete(entry.origin);
    const closed = entry.pool.destroy().catch(() => {});
    closing.add(closed);
    void closed.then(() => closing.delete(closed));
  }

  function closeIdle(): void {
    const before = performance.now() - idleMs;
    for (const entry of pools.values()) if (entry.active === 0 && entry.idleSinceMs < before) drop(entry);
  }

  function makeRoom(): void {
    for (const entry of pools.values()) {
      if (pools.size < maxPools) return;
      if (entry.active === 0) drop(entry);
    }
  }

  return {
    take(origin) {
      let entry = pools.get(origin);
      if (entry === undefined) {
        if (pools.size >= maxPools) makeRoom();
        entry = open(origin);
        pools.set(origin, entry);
      } else if (entry.active === 0) {
        pools.delete(origin);
        pools.set(origin, entry);
      }
      entry.active++;
      return entry;
    },
    release(entry) {
      if (--entry.active === 0) entry.idleSinceMs = performance.now();
    },
    count: () => pools.size,
    async close() {
      clearInterval(sweep);
      for (const entry of pools.values()) drop(entry);
      await Promise.all(closing);
    },
  };
}
