const UNSPECIFIED: Record<string, string> = { '0.0.0.0': '127.0.0.1', '::': '[::1]' };

/** Where, within a URL, a server that listens on `host` is reached from this machine. */
export function addressOf(host: string): string {
  return UNSPECIFIED[host] ?? (host.includes(':') ? `[${host}]` : host);
}
