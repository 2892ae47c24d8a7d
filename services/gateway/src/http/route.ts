import type { Scope } from '@hookline/domain';
import type { Identity } from '@hookline/service-kit';
import type { Request, Response } from 'express';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Operation } from '../openapi/operation.ts';

/**
 * One method of one address. What a client may do there and how it is answered is in one place, and a document of the API is made of it.
 *
 * A new route wants a `doc` (openapi/operation.ts): its `id`, `tag`, `summary`, the schemas of `query` and `body` (those that check them) each with an
 * `example`, its good `answers` with their schemas, and the codes of its own `problems`; what every route has (401, 403, 429, 503, those of a body or an
 * id) follows by itself. Then `npm run openapi` writes docs/openapi.json anew, and tests/openapi runs the example against a running platform: what it
 * answers must be as the document says.
 */
export interface Route {
  method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** `/api/v1/webhooks/{id}` */
  path: string;
  /** The scope that the token must have; `token`: any valid one will do. */
  access: 'public' | 'token' | Scope;
  /** In the embedded local mode it may be used without a token (local-access.ts). */
  tokenless?: boolean;
  doc: Operation;
  /** Answers, or throws what the edge makes a problem of. */
  handle(call: Call): Promise<void>;
}

/** What the document says of a route. */
export type Described = Omit<Route, 'handle'>;

export interface Call {
  request: Request;
  response: Response;
  /** Of a public route: nobody's. */
  identity: Identity;
  /** What stands where the path has `{id}`. */
  id: string;
  /** What goes on to the services behind. */
  passed: Passed;
}

/** One that needs nothing of Express, and whose path has no `{id}`. */
export interface DirectRoute extends Omit<Route, 'handle'> {
  handle(call: DirectCall): Promise<void>;
}

export type DirectCall = Omit<Call, 'request' | 'response'> & { request: IncomingMessage; response: ServerResponse };

export interface Passed {
  authorization?: string;
  'x-request-id': string;
  /** Where the client is: who changes something is told with it. */
  'x-client-address'?: string;
  traceparent?: string;
  tracestate?: string;
}
