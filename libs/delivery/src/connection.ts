import { Client } from 'undici';
import type { Connecting } from './connecting.ts';
import type { Connector } from './connector.ts';
import type { OriginPool } from './pools.ts';

/** Idle connections are closed after this, or earlier where the receiver says so. Longer hints are not believed. */
const KEEP_ALIVE_MS = 4_000;
const MAX_KEEP_ALIVE_MS = 60_000;

/** undici's client of one connection. It carries one request at a time; a lost connection is made anew by the next request. */
export class Connection {
  readonly pool: OriginPool;
  readonly client: Client;
  /** How it is being made, or was made, until the request that it was made for has ended. */
  connecting: Connecting | null = null;
  connected = false;
  /** Not to be used again. */
  retired = false;
  #made: Connecting | null = null;
  constructor(pool: OriginPool, connector: Connector, disconnected: (connection: Connection) => void) {
    this.pool = pool;
    this.client = new Client(pool.origin, {
      connect: (_options, callback) => {
        this.connecting = this.#made = connector.connect(pool, (...outcome) => {
          this.connected = outcome[0] === null;
          callback(...outcome);
        });
      },
      pipelining: 1,
      allowH2: false,
      keepAliveTimeout: KEEP_ALIVE_MS,
      keepAliveMaxTimeout: MAX_KEEP_ALIVE_MS,
      // The sender has deadlines of its own.
      headersTimeout: 0,
      bodyTimeout: 0,
    });
    this.client.on('disconnect', () => {
      this.connected = false;
      disconnected(this);
    });
  }

  /** That it is connected to. */
  get address(): string | null {
    return this.#made?.address ?? null;
  }

  /** Breaks it off, a moment later: it is called from within undici's own calls, too. */
  async close(): Promise<void> {
    this.#made?.abort();
    await Promise.resolve();
    await this.client.destroy().catch(() => {});
  }
}
