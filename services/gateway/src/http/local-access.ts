import { isLoopbackHost } from '@hookline/service-kit';
import type { IncomingMessage } from 'node:http';

/**
 * What requests from this machine may go without, on the routes of other systems: commands that were written for those carry no token. Only the
 * embedded local mode has it (apps/standalone); no setting of the service gives it.
 */
export interface LocalAccess {
  /** The header of whoever works on this machine. */
  authorization(): string;
  /** Where the gateway listens besides. */
  port: number;
}

/**
 * Whether nobody but a program on this machine can have sent it. The connection alone doesn't say so: a proxy may be in between, and a page that
 * somebody looks at here can send requests to this machine, under a name of its own or from its own origin.
 */
export function isFromThisMachine(request: Pick<IncomingMessage, 'socket' | 'headers' | 'httpVersion'>): boolean {
  const { socket, headers, httpVersion } = request;
  const { host = '', origin, forwarded, via } = headers;
  // Nobody's command speaks it, but some proxies do, which name themselves nowhere and say that they want this machine.
  if (httpVersion === '1.0') return false;
  if (forwarded !== undefined || via !== undefined || headers['x-forwarded-for'] !== undefined) return false;
  if (!isLoopbackHost(plain(socket.remoteAddress ?? '')) || !isLoopbackHost(nameOf(host))) return false;
  const site = headers['sec-fetch-site'] ?? 'none';
  return (origin === undefined || origin === `http://${host}`) && (site === 'none' || site === 'same-origin');
}

function plain(address: string): string {
  return address.replace(/^::ffff:/, '');
}

/** Of `name:port`, `[::1]:port`. */
function nameOf(host: string): string {
  return host.replace(/:\d+$/, '').replace(/^\[(.*)\]$/, '$1');
}
