import { isIP, isIPv6, type Socket } from 'node:net';
import { dial, event, secured, type Steps } from './connecting.ts';
import type { Address, Names } from './names.ts';
import { openContext } from './tls-identity.ts';

/** The proxy that all requests go out through. */
export interface Proxy {
  readonly secure: boolean;
  readonly hostname: string;
  readonly port: number;
  /** The value of `proxy-authorization`. */
  readonly authorization: string | null;
}

/** Our own proxy's fault: no receiver had a part in it. */
export class ProxyFault extends Error {
  readonly code = 'HL_PROXY';
}

/** @param url `http://user:password@proxy:3128`, or `https://...` where the proxy itself speaks TLS */
export function createProxy(url: string): Proxy {
  const { protocol, hostname, port, username, password } = new URL(url);
  const secure = protocol === 'https:';
  const credentials = `${decodeURIComponent(username)}:${decodeURIComponent(password)}`;
  return {
    secure,
    hostname: hostname.replace(/^\[(.*)\]$/, '$1'),
    port: Number(port) || (secure ? 443 : 80),
    authorization: username === '' ? null : `Basic ${Buffer.from(credentials).toString('base64')}`,
  };
}

export interface Tunnelled {
  proxy: Proxy;
  names: Names;
  /** Where to. All of the addresses are let through by the guard. */
  addresses: readonly Address[];
  port: number;
  steps: Steps;
}

/** Addresses that the proxy is asked for, one after the other, while it can't connect to them. */
const MOST_ADDRESSES = 3;

/**
 * A connection to one of the addresses through the proxy, by CONNECT, also for what is not encrypted: the proxy sees where to, and never gets to
 * choose. It is told an address, since a name could mean another one to it than to the guard.
 * @throws ProxyFault
 */
export async function openTunnel(tunnelled: Tunnelled): Promise<Socket> {
  const addresses = tunnelled.addresses.slice(0, MOST_ADDRESSES);
  for (const [index, { address }] of addresses.entries()) {
    const socket = await reach(tunnelled);
    const host = `${isIPv6(address) ? `[${address}]` : address}:${tunnelled.port}`;
    const status = await tunnelled.steps.until(ask(socket, host, tunnelled.proxy));
    tunnelled.steps.address = address;
    if (status >= 200 && status < 300) return socket;
    socket.destroy();
    const answer = `the proxy answered ${status} to CONNECT ${host}`;
    if (!(status in TARGETS_FAULT)) throw new ProxyFault(answer);
    if (index === addresses.length - 1) throw Object.assign(new Error(answer), { code: TARGETS_FAULT[status] });
  }
  throw new Error('there is no address');
}

/** What a proxy answers when the other side is to blame; anything else says that it won't or can't do its own part. */
const TARGETS_FAULT: Record<number, string> = { 502: 'ECONNREFUSED', 503: 'ECONNREFUSED', 504: 'ETIMEDOUT' };

/** A connection to the proxy itself. */
async function reach({ proxy, names, steps }: Tunnelled): Promise<Socket> {
  const { hostname, port, secure } = proxy;
  steps.atProxy = true;
  try {
    const socket = steps.own(dial(hostname, port, await steps.until(addressesOf(proxy, names))));
    await steps.until(event(socket, 'connect'));
    if (!secure) return socket;
    const tls = steps.own(secured(socket, { hostname, session: undefined }, openContext(undefined)));
    await steps.until(event(tls, 'secureConnect'));
    return tls;
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'HL_SHUTDOWN') throw cause;
    throw new ProxyFault(`the proxy can’t be reached: ${(cause as Error).message}`, { cause });
  } finally {
    steps.atProxy = false;
  }
}

async function addressesOf({ hostname }: Proxy, names: Names): Promise<Address[]> {
  const literal = isIP(hostname);
  return literal === 0 ? names.resolve(hostname) : [{ address: hostname, family: literal as 4 | 6 }];
}

const MOST_ANSWER_BYTES = 16 * 1024;

/** The status of the proxy's answer to CONNECT. The other side of a tunnel doesn't speak first, so nothing may follow the answer. */
function ask(socket: Socket, host: string, { authorization }: Proxy): Promise<number> {
  const { promise, resolve, reject } = Promise.withResolvers<number>();
  let answer = '';

  function read(): void {
    for (let chunk = socket.read() as Buffer | null; chunk !== null; chunk = socket.read() as Buffer | null) {
      answer += chunk.toString('latin1');
    }
    const end = answer.indexOf('\r\n\r\n');
    const status = /^HTTP\/1\.[01] (\d{3})/.exec(answer)?.[1];
    if (end >= 0 && status !== undefined && (end + 4 === answer.length || !status.startsWith('2')))
      settle(resolve, Number(status));
    else if (end >= 0 || answer.length > MOST_ANSWER_BYTES)
      settle(reject, new ProxyFault("the proxy's answer is no HTTP"));
  }

  function ended(): void {
    settle(reject, new ProxyFault('the proxy closed the connection'));
  }

  function settle<T>(by: (value: T) => void, value: T): void {
    socket.off('readable', read).off('close', ended);
    by(value);
  }

  socket.on('readable', read).once('close', ended);
  const proof = authorization === null ? '' : `proxy-authorization: ${authorization}\r\n`;
  socket.write(`CONNECT ${host} HTTP/1.1\r\nhost: ${host}\r\n${proof}\r\n`);
  return promise;
}
