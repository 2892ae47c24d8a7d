import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Conflict, InvalidInput } from '@hookline/domain';
import { environmentName } from '../config/load.ts';

export interface HttpServer {
  readonly port: number;
  /** The underlying server, e.g. for `upgrade`. */
  readonly server: Server;
  /** Takes no new connections, lets requests under way finish until the deadline, then cuts them off. Idempotent. */
  close(deadlineAtMs: number): Promise<void>;
}

export interface ListenOptions {
  host: string;
  /** 0: any free one. */
  port: number;
  /** The config key of the port, for the message when it is taken. */
  setting: string;
}

/** How long a client may take to send its headers, and a whole request. */
const HEADERS_TIMEOUT_MS = 15_000;
const REQUEST_TIMEOUT_MS = 60_000;

/**
 * @throws Conflict if the port is taken, InvalidInput if the address can't be used
 */
export async function listen(
  handler: (request: IncomingMessage, response: ServerResponse) => void,
  { host, port, setting }: ListenOptions,
): Promise<HttpServer> {
  const server = createServer(
    { headersTimeout: HEADERS_TIMEOUT_MS, requestTimeout: REQUEST_TIMEOUT_MS, keepAliveTimeout: 65_000 },
    handler,
  );
  await new Promise<void>((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => reject(describeListenError(error, host, port, setting)));
    server.listen(port, host, resolve);
  });
  let closing: Promise<void> | undefined;
  return {
    port: (server.address() as AddressInfo).port,
    server,
    close(deadlineAtMs) {
      closing ??= closeServer(server, deadlineAtMs);
      return closing;
    },
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

async function closeServer(server: Server, deadlineAtMs: number): Promise<void> {
  const closed = new Promise<void>((resolve) => server.close(() => resolve()));
  server.closeIdleConnections();
  const cutOff = setTimeout(() => server.closeAllConnections(), Math.max(0, deadlineAtMs - Date.now()));
  // Connections kept alive turn idle as their last request ends.
  const sweep = setInterval(() => server.closeIdleConnections(), 50);
  await closed;
  clearTimeout(cutOff);
  clearInterval(sweep);
}
