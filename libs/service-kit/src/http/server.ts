import { createServer, type IncomingMessage, type Server, type ServerOptions, type ServerResponse } from 'node:http';
import { createServer as createSecureServer, type Server as SecureServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { Conflict, InvalidInput } from '@hookline/domain';
import { environmentName } from '../config/load.ts';
import type { Log } from '../log.ts';
import { answerClientErrors } from './client-errors.ts';
import { sendHttpProblem } from './problem.ts';
import { readTlsIdentity, watchTlsFiles, type TlsFiles } from './tls-files.ts';

export interface HttpServer {
  readonly port: number;
  /** The underlying server, e.g. for `upgrade`. */
  readonly server: Server | SecureServer;
  /** Takes no new connections, lets requests under way finish until the deadline, then cuts them off. Idempotent. */
  close(deadlineAtMs: number): Promise<void>;
}

export interface ListenOptions {
  host: string;
  /** 0: any free one. */
  port: number;
  /** The config key of the port, for the message when it is taken. */
  setting: string;
  /** HTTPS with these; a certificate that is replaced is used within 5 s, for new connections. */
  tls?: TlsFiles | undefined;
  log?: Log | undefined;
}

type Handler = (request: IncomingMessage, response: ServerResponse) => void;

/** How long a client may take to send its headers, and a whole request. */
const HEADERS_TIMEOUT_MS = 15_000;
const REQUEST_TIMEOUT_MS = 60_000;
/** And a TLS client for its handshake. */
const HANDSHAKE_TIMEOUT_MS = 10_000;
/** How often it is looked for those that take longer. */
const LOOK_EVERY_MS = 5_000;
const MAX_HEADERS = 100;
const MAX_CONNECTIONS = 20_000;

const OPTIONS: ServerOptions = {
  headersTimeout: HEADERS_TIMEOUT_MS,
  requestTimeout: REQUEST_TIMEOUT_MS,
  connectionsCheckingInterval: LOOK_EVERY_MS,
  keepAliveTimeout: 65_000,
};

/**
 * @throws Conflict if the port is taken, InvalidInput if the address or the certificate can't be used
 */
export async function listen(handler: Handler, { host, port, setting, tls, log }: ListenOptions): Promise<HttpServer> {
  const { server, forget } = createOwnServer(bounded(handler), tls, log);
  server.maxConnections = MAX_CONNECTIONS;
  answerClientErrors(server);
  await new Promise<void>((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => reject(describeListenError(error, host, port, setting)));
    server.listen(port, host, resolve);
  });
  let closing: Promise<void> | undefined;
  return {
    port: (server.address() as AddressInfo).port,
    server,
    close(deadlineAtMs) {
      forget();
      closing ??= closeServer(server, deadlineAtMs);
      return closing;
    },
  };
}

function createOwnServer(
  handler: Handler,
  tls: TlsFiles | undefined,
  log: Log | undefined,
): { server: Server | SecureServer; forget: () => void } {
  if (tls === undefined || log === undefined) return { server: createServer(OPTIONS, handler), forget: () => {} };
  const identity = readTlsIdentity(tls);
  const server = createSecureServer({ ...OPTIONS, ...identity, handshakeTimeout: HANDSHAKE_TIMEOUT_MS }, handler);
  const forget = watchTlsFiles(tls, identity, { log, replaced: (newer) => server.setSecureContext(newer) });
  return { server, forget };
}

/** Node's parser bounds the headers' size; of too many it would leave some out without a word. */
function bounded(handler: Handler): Handler {
  return (request, response) => {
    if (request.rawHeaders.length <= 2 * MAX_HEADERS) return handler(request, response);
    const detail = `The request has more than ${MAX_HEADERS} headers.`;
    const title = 'Request header fields too large';
    sendHttpProblem(response, { status: 431, title, code: 'headers_too_large', detail }, { connection: 'close' });
  };
}

export function describeListenError(error: NodeJS.ErrnoException, host: string, port: number, setting: string): Error {
  if (error.code === 'EADDRINUSE') {
    return new Conflict(
      `port ${port} on ${host} is taken by another program: stop it or choose another port with ${environmentOf(setting)}`,
    );
  }
  return new InvalidInput(
    `cannot listen on ${host}:${port} (${error.code ?? error.message}): check HOOKLINE_HOST and ${environmentOf(setting)}`,
  );
}

function environmentOf(setting: string): string {
  const [section = '', key = ''] = setting.split('.');
  return `${environmentName(section, key)} (${setting})`;
}

async function closeServer(server: Server | SecureServer, deadlineAtMs: number): Promise<void> {
  const closed = new Promise<void>((resolve) => server.close(() => resolve()));
  server.closeIdleConnections();
  const cutOff = setTimeout(() => server.closeAllConnections(), Math.max(0, deadlineAtMs - Date.now()));
  // Connections kept alive turn idle as their last request ends.
  const sweep = setInterval(() => server.closeIdleConnections(), 50);
  await closed;
  clearTimeout(cutOff);
  clearInterval(sweep);
}
