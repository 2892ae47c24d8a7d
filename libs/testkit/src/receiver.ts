import {
  createServer,
  type IncomingHttpHeaders,
  type IncomingMessage,
  type Server,
  type ServerResponse,
} from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import { TLSSocket, type TlsOptions } from 'node:tls';
import { onPort } from './parts/port.ts';
import { eventually } from './wait.ts';

export interface ReceivedRequest {
  method: string;
  path: string;
  headers: IncomingHttpHeaders;
  body: Buffer;
  /** The name in the client's certificate, where it was asked for one. */
  client: string | null;
  /** When its body was complete, in milliseconds since 1970. */
  atMs: number;
}

export interface ReceiverAnswer {
  status: number;
  headers?: Record<string, string>;
  body?: string;
  delayMs?: number;
}

/** An answer; `hang` never answers, `reset` breaks the connection. */
export type ReceiverResponse = ReceiverAnswer | 'hang' | 'reset';

export interface ReceiverOptions {
  /** Without it a free one below 32768. */
  port?: number;
  /** Makes it an HTTPS receiver. */
  tls?: TlsOptions;
  /** What to answer to a request, the `count`-th (from 1) to arrive; 200 without it. */
  respond?: (request: ReceivedRequest, count: number) => ReceiverResponse | Promise<ReceiverResponse>;
}

export interface Receiver {
  url: string;
  port: number;
  /** All requests so far, in the order in which they were complete. */
  requests: ReceivedRequest[];
  /** Resolves with all requests as soon as there are `count` or more; rejects after `timeoutMs` (10 s), saying how many came. */
  waitFor: (count: number, timeoutMs?: number) => Promise<ReceivedRequest[]>;
  /** Closes it with every connection, those that hang too. May be called again. */
  close: () => Promise<void>;
}

/** An HTTP receiver on 127.0.0.1 that records what it gets. */
export async function createReceiver(options: ReceiverOptions = {}): Promise<Receiver> {
  const { respond = () => ({ status: 200 }) } = options;
  const requests: ReceivedRequest[] = [];
  const closing = new AbortController();

  async function receive(incoming: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of incoming) chunks.push(chunk);
    const { method = '', url: path = '', headers } = incoming;
    const client = clientOf(incoming);
    const request = { method, path, headers, body: Buffer.concat(chunks), client, atMs: Date.now() };
    await answer(response, await respond(request, requests.push(request)), closing.signal);
  }

  const listener = (incoming: IncomingMessage, response: ServerResponse) => {
    receive(incoming, response).catch(() => response.destroy());
  };
  const server = options.tls === undefined ? createServer(listener) : createTlsServer(options.tls, listener);
  const port = await onPort('receiver', options.port, 1, (candidate) => listen(server, candidate));

  async function close(): Promise<void> {
    closing.abort();
    await new Promise<void>((resolve) => {
      server.close(() => resolve());
      server.closeAllConnections();
    });
  }

  return {
    url: `${options.tls === undefined ? 'http' : 'https'}://127.0.0.1:${port}`,
    port,
    requests,
    waitFor: (count, timeoutMs = 10_000) =>
      eventually(
        () => {
          if (requests.length >= count) return requests;
          throw new Error(`${requests.length} of ${count} requests arrived within ${timeoutMs} ms`);
        },
        { timeoutMs, everyMs: 5 },
      ),
    close,
  };
}

function clientOf({ socket }: IncomingMessage): string | null {
  const name = socket instanceof TLSSocket ? socket.getPeerCertificate()?.subject?.CN : undefined;
  return typeof name === 'string' ? name : null;
}

async function answer(response: ServerResponse, wanted: ReceiverResponse, closing: AbortSignal): Promise<void> {
  if (wanted === 'hang') return;
  if (wanted === 'reset') {
    response.socket?.resetAndDestroy();
    return;
  }
  if (wanted.delayMs !== undefined) await pause(wanted.delayMs, closing);
  response.writeHead(wanted.status, wanted.headers).end(wanted.body);
}

/** Ends early when the receiver is closed. */
function pause(ms: number, closing: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const finish = () => {
      clearTimeout(timer);
      closing.removeEventListener('abort', finish);
      resolve();
    };
    const timer = setTimeout(finish, ms);
    closing.addEventListener('abort', finish);
  });
}

function listen(server: Server, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', () => {
      server.off('error', reject);
      resolve(port);
    });
  });
}
