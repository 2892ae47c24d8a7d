import type { Scope } from '@hookline/domain';
import type { Identity } from '@hookline/service-kit';
import type { Request, Response } from 'express';
import type { IncomingMessage, ServerResponse } from 'node:http';

/** One method of one address. What a client may do there and how it is answered is in one place, so that a document of the API can be made of it. */
export interface Route {
  method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** `/api/v1/webhooks/{id}` */
  path: string;
  /** The scope that the token must have; `token`: any valid one will do. */
  access: 'public' | 'token' | Scope;
  /** Answers, or throws what the edge makes a problem of. */
  handle(call: Call): Promise<void>;
}

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
  traceparent?: string;
  tracestate?: string;
}
