import { Unavailable } from '@hookline/domain';
import {
  Agent as HttpAgent,
  request as httpRequest,
  type IncomingHttpHeaders,
  type IncomingMessage,
  type ServerResponse,
} from 'node:http';
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https';
import type { Passed } from './http/route.ts';
import type { GatewayMetrics } from './metrics.ts';

/** A service behind the gateway, spoken to in HTTP over connections that are kept. */
export interface Upstream {
  /**
   * Answers the client with what the service answers. @throws Unavailable if it can't be reached or doesn't begin to answer in time; past the
   * beginning of an answer the client's connection is cut instead.
   */
  forward(request: IncomingMessage, response: ServerResponse, what: Forwarded): Promise<void>;
  /** Answers with what the service answers. @throws Unavailable if it can't be reached or doesn't answer in time */
  ask(what: Asked): Promise<Answered>;
  close(): void;
}

export interface Forwarded {
  /** With the query. */
  path: string;
  body?: Buffer;
  passed: Passed;
}

/** A request of the gateway's own. */
export interface Asked extends Forwarded {
  method: 'GET' | 'POST' | 'DELETE';
  /** Of the client's own headers those that concern what is asked. */
  headers?: Readonly<Record<string, string>>;
}

export interface Answered {
  status: number;
  headers: IncomingHttpHeaders;
  body: Buffer;
}

export interface UpstreamOptions {
  name: 'ingestion' | 'observability';
  url: string;
  /** To the end of the answer. */
  deadlineMs: number;
  metrics: GatewayMetrics;
  /** More than so many at once are refused. */
  maxUnderWay?: number;
  /** It is a part of this process, so that its certificate tells nothing that isn't known. */
  own?: boolean;
}

/** Bounds of what one gateway holds for one service. */
const MAX_UNDER_WAY = 1_000;
const MAX_SOCKETS = 256;
/** Of an answer that is asked for: an event's data and its deliveries, or a page of a list, have less. */
const MAX_ANSWER_BYTES = 8 * 1024 * 1024;

/** RFC 9110, 7.6.1: these are about one connection. */
const HOP_BY_HOP = new Set([
  'connection',
  'expect',
  'keep-alive',
  'proxy-authenticate',
  'proxy-authorization',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
]);
const OURS = new Set(['host', 'content-length', 'x-request-id', 'date']);
const OURS_TO_ANSWER = new Set(['x-request-id', 'date']);

export function createUpstream({
  name,
  url,
  deadlineMs,
  metrics,
  maxUnderWay = MAX_UNDER_WAY,
  own = false,
}: UpstreamOptions): Upstream {
  const { protocol, hostname: written, port, pathname } = new URL(url);
  const hostname = written.startsWith('[') ? written.slice(1, -1) : written;
  const prefix = pathname.replace(/\/$/, '');
  const secure = protocol === 'https:';
  const connections = { keepAlive: true, maxSockets: MAX_SOCKETS, scheduling: 'lifo' } as const;
  const agent = secure ? new HttpsAgent({ ...connections, rejectUnauthorized: !own }) : new HttpAgent(connections);
  const send = secure ? httpsRequest : httpRequest;
  let underWay = 0;

  function away(cause: unknown): Unavailable {
    metrics.upstreamFailures.inc({ upstream: name });
    return new Unavailable(`The ${name} service is away at the moment: send the request again, an event with its id.`, {
      code: 'upstream_unavailable',
      cause,
    });
  }

  function exchange(
    request: IncomingMessage,
    response: ServerResponse,
    { path, body, passed }: Forwarded,
  ): Promise<void> {
    return new Promise((resolve, reject) => {
      const upstream = send({
        agent,
        hostname,
        port,
        method: request.method === 'HEAD' ? 'GET' : (request.method ?? 'GET'),
        path: prefix + path,
        headers: {
          ...endToEnd(request, OURS),
          ...passed,
          ...(body === undefined ? {} : { 'content-length': body.length }),
        },
      });
      const deadline = setTimeout(() => upstream.destroy(new Error(`no answer within ${deadlineMs} ms`)), deadlineMs);
      const settle = (error?: Error) => {
        clearTimeout(deadline);
        if (error === undefined) resolve();
        else reject(error);
      };
      // A client that has gone needs no answer; the service may finish by itself.
      response.once('close', () => {
        if (!response.writableFinished) upstream.destroy();
        settle();
      });
      upstream.on('error', (error) => {
        if (!response.headersSent) settle(away(error));
        else response.destroy();
      });
      upstream.once('response', (answer) => {
        response.writeHead(answer.statusCode ?? 502, endToEnd(answer, OURS_TO_ANSWER));
        answer.on('error', () => response.destroy());
        answer.pipe(response);
      });
      upstream.end(body);
    });
  }

  function ask({ method, path, body, passed, headers: further = {} }: Asked): Promise<Answered> {
    return new Promise((resolve, reject) => {
      const type = body === undefined ? {} : { 'content-type': 'application/json', 'content-length': body.length };
      const headers = { ...passed, ...type, ...further };
      const upstream = send({ agent, hostname, port, method, path: prefix + path, headers });
      const deadline = setTimeout(() => upstream.destroy(new Error(`no answer within ${deadlineMs} ms`)), deadlineMs);
      const fail = (error: Error) => {
        clearTimeout(deadline);
        reject(away(error));
      };
      upstream.on('error', fail);
      upstream.once('response', (answer) => {
        const chunks: Buffer[] = [];
        let size = 0;
        answer.on('data', (chunk: Buffer) => {
          size += chunk.length;
          if (size > MAX_ANSWER_BYTES) upstream.destroy(new Error(`an answer of more than ${MAX_ANSWER_BYTES} bytes`));
          else chunks.push(chunk);
        });
        answer.on('error', fail);
        answer.on('end', () => {
          clearTimeout(deadline);
          resolve({ status: answer.statusCode ?? 502, headers: answer.headers, body: Buffer.concat(chunks) });
        });
      });
      upstream.end(body);
    });
  }

  async function counted<T>(work: () => Promise<T>): Promise<T> {
    if (underWay >= maxUnderWay) throw new Unavailable('Too many requests are under way.', { code: 'overloaded' });
    underWay++;
    metrics.forwarding.inc({ upstream: name });
    try {
      return await work();
    } finally {
      underWay--;
      metrics.forwarding.dec({ upstream: name });
    }
  }

  return {
    forward: (request, response, what) => counted(() => exchange(request, response, what)),
    ask: (what) => counted(() => ask(what)),
    close: () => agent.destroy(),
  };
}

function endToEnd(message: IncomingMessage, without: ReadonlySet<string>): Record<string, string | string[]> {
  const { connection } = message.headers;
  const named = connection === undefined || connection === 'keep-alive' ? NONE : namesIn(connection);
  const headers: Record<string, string | string[]> = {};
  for (const [name, value] of Object.entries(message.headers)) {
    if (value === undefined || HOP_BY_HOP.has(name) || named.has(name) || without.has(name)) continue;
    headers[name] = value;
  }
  return headers;
}

const NONE: ReadonlySet<string> = new Set();

function namesIn(connection: string): ReadonlySet<string> {
  return new Set(connection.toLowerCase().split(/\s*,\s*/));
}
