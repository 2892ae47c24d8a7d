/** Where a Redis is, and how it is spoken to. */
export interface RedisAddress {
  /** `redis://user:password@host:port/database`; `rediss://` with TLS. */
  url: string;
  /** Used by `rediss://`. */
  tls?: RedisTls;
  /** `url` is a node of a cluster, and these are more of them, asked for the others while that one is away. */
  cluster?: { nodes: readonly HostPort[] };
  /** The host in `url` is a name, and these know which server is the master of that name. */
  sentinel?: { nodes: readonly HostPort[]; username?: string; password?: string };
}

export interface HostPort {
  host: string;
  port: number;
}

/** PEM. */
export interface RedisTls {
  /** Authorities of the server's certificate; without them the system's. */
  ca?: string[];
  cert?: string;
  key?: string;
  /** The name in the server's certificate, where it isn't the host. */
  servername?: string;
}
