const UNSPECIFIED: Record<string, string> = { '0.0.0.0': '127.0.0.1', '::': '[::1]' };

/** Where, within a URL, a server that listens on `host` is reached from this machine. */
export function addressOf(host: string): string {
  return UNSPECIFIED[host] ?? (host.includes(':') ? `[${host}]` : host);
}

/** How a listener is spoken to. */
export function schemeOf({ tls_cert_file: certificate }: { tls_cert_file?: string | undefined }): 'http' | 'https' {
  return certificate === undefined ? 'http' : 'https';
}
