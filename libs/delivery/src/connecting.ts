import { connect as connectTcp, isIP, type LookupFunction, type Socket } from 'node:net';
import { connect as connectTls, type SecureContext } from 'node:tls';
import type { AttemptTimings } from '@hookline/domain';
import type { Address } from './names.ts';

/** Later addresses of a name are tried when an earlier one has not answered for so long. */
const NEXT_ADDRESS_AFTER_MS = 1_000;
const TCP_KEEP_ALIVE_MS = 60_000;

/** Where a connection goes. */
export interface Target {
  /** A name or an address, without brackets. */
  readonly hostname: string;
  readonly port: number;
  /** null: no TLS. Throws if its certificates can't be used. */
  readonly context: (() => SecureContext) | null;
  /** Of the latest connection, for the next one to resume. */
  session: Buffer | undefined;
}

/** A connection that is being made. */
export interface Connecting {
  /** Stays where it was when it fails. */
  readonly phase: ConnectPhase | 'connected';
  /** Of the phases that are over. */
  readonly timings: AttemptTimings;
  /** It is our own proxy that is waited for. */
  readonly atProxy: boolean;
  /** That it leads to, once that is known. */
  readonly address: string | null;
  abort(): void;
}

export type ConnectPhase = 'name' | 'connect' | 'tls';

/** One way to a connection: its phases with their deadlines, and the sockets to be destroyed if it leads nowhere. */
export class Steps implements Connecting {
  phase: ConnectPhase | 'connected' = 'name';
  readonly timings: AttemptTimings = {};
  atProxy = false;
  address: string | null = null;
  readonly #sockets: Socket[] = [];
  readonly #given = Promise.withResolvers<never>();
  #since = performance.now();
  #timer: NodeJS.Timeout | undefined;

  constructor() {
    this.#given.promise.catch(() => {});
  }

  /** Rejects when the phase's deadline comes or it is aborted before `step` is done. */
  until<T>(step: Promise<T>): Promise<T> {
    return Promise.race([step, this.#given.promise]);
  }

  own<S extends Socket>(socket: S): S {
    // Whoever waits for it hears of its errors; those that come later are of no interest.
    socket.on('error', () => {});
    this.#sockets.push(socket);
    return socket;
  }

  enter(phase: 'connect' | 'tls', timeoutMs: number): void {
    this.#ended();
    this.phase = phase;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#given.reject(late(phase)), timeoutMs);
  }

  finish(): void {
    this.#ended();
    this.phase = 'connected';
    clearTimeout(this.#timer);
  }

  fail(): void {
    clearTimeout(this.#timer);
    for (const socket of this.#sockets) socket.destroy();
  }

  abort(): void {
    this.#given.reject(Object.assign(new Error('closed'), { code: 'HL_SHUTDOWN' }));
  }

  #ended(): void {
    const now = performance.now();
    const tookMs = Math.round((now - this.#since) * 10) / 10;
    if (this.phase === 'name') this.timings.dnsMs = tookMs;
    else if (this.phase === 'connect') this.timings.connectMs = tookMs;
    else this.timings.tlsMs = tookMs;
    this.#since = now;
  }
}

const LATE: Record<'connect' | 'tls', string> = { connect: 'no connection in time', tls: 'no TLS handshake in time' };

function late(phase: 'connect' | 'tls'): Error {
  return Object.assign(new Error(LATE[phase]), { code: 'HL_TIMEOUT' });
}

/** A TCP connection to one of the addresses, the first that answers. */
export function dial(hostname: string, port: number, addresses: readonly Address[]): Socket {
  const lookup: LookupFunction = (_hostname, { all }, answer) => {
    if (all === true) answer(null, [...addresses]);
    else answer(null, addresses[0]?.address ?? '', addresses[0]?.family);
  };
  return connectTcp({
    host: addresses.length === 1 ? (addresses[0]?.address ?? '') : hostname,
    port,
    lookup,
    autoSelectFamily: true,
    autoSelectFamilyAttemptTimeout: NEXT_ADDRESS_AFTER_MS,
    noDelay: true,
    keepAlive: true,
    keepAliveInitialDelay: TCP_KEEP_ALIVE_MS,
  });
}

/** TLS over a connection. */
export function secured(socket: Socket, target: Pick<Target, 'hostname' | 'session'>, context: SecureContext): Socket {
  const { hostname } = target;
  const secure = connectTls({
    socket,
    host: hostname,
    servername: isIP(hostname) === 0 ? hostname : '',
    // Whatever the environment says (NODE_TLS_REJECT_UNAUTHORIZED).
    rejectUnauthorized: true,
    secureContext: context,
    session: target.session,
    ALPNProtocols: ['http/1.1'],
  });
  secure.on('session', (session) => (target.session = session));
  return secure;
}

/** Resolves at the event, and rejects at an error or an end before it. */
export function event(socket: Socket, name: 'connect' | 'secureConnect'): Promise<void> {
  return new Promise((resolve, reject) => {
    const ended = () => reject(Object.assign(new Error('the connection was closed'), { code: 'ECONNRESET' }));
    socket.once('error', reject).once('close', ended);
    socket.once(name, () => {
      socket.off('error', reject).off('close', ended);
      resolve();
    });
  });
}
