import { NotFound } from '@hookline/domain';
import express, { type ErrorRequestHandler, type Express, type Request, type Response } from 'express';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Edge } from './http/edge.ts';
import { methodNotAllowed } from './http/http-problem.ts';
import type { Route } from './http/route.ts';

/** Something else that is served below a path of its own; it sees the whole path. */
export interface Extra {
  path: string;
  handler: (request: IncomingMessage, response: ServerResponse) => void;
}

export interface AppDependencies {
  routes: readonly Route[];
  edge: Edge;
  extra: Extra | undefined;
}

/** The public edge: who asks, whether they may, which route; everything that goes wrong is answered with a problem. */
export function createApp({ routes, edge, extra }: AppDependencies): Express {
  const app = express();
  app.disable('x-powered-by');
  app.disable('etag');
  app.enable('case sensitive routing');
  app.set('query parser', false);
  app.use((request, response, next) => {
    edge.observe(request, response, response.locals);
    next();
  });
  if (extra !== undefined) {
    app.use((request, response, next) => {
      if (request.path !== extra.path && !request.path.startsWith(`${extra.path}/`)) return next();
      response.locals['route'] = extra.path;
      extra.handler(request, response);
    });
  }

  for (const [path, methods] of Map.groupBy(routes, (route) => route.path)) {
    const address = app.route(path.replaceAll(':', '\\:').replace(/\{(\w+)\}/g, ':$1'));
    const allow = methods.flatMap(({ method }) => (method === 'GET' ? ['GET', 'HEAD'] : [method])).join(', ');
    for (const route of methods) {
      const name = route.method.toLowerCase() as Lowercase<Route['method']>;
      address[name](async (request: Request, response: Response) => {
        response.locals['route'] = path;
        edge.lend(request, route);
        const identity = await edge.admit(request, response, route.access);
        const id = String(request.params['id'] ?? '');
        const passed = { ...edge.passedOn(request, response.locals), 'x-client-address': edge.addressOf(request) };
        await route.handle({ request, response, identity, id, passed });
      });
    }
    address.all((request: Request, response: Response) => {
      response.locals['route'] = path;
      if (request.method !== 'OPTIONS') throw methodNotAllowed(allow);
      response.writeHead(204, { allow }).end();
    });
  }

  app.use(() => {
    throw new NotFound('There is nothing here.', { code: 'unknown_route' });
  });
  app.use(createErrorHandler(edge));
  return app;
}

function createErrorHandler(edge: Edge): ErrorRequestHandler {
  // Express knows an error handler by its four parameters.
  return (error: unknown, request, response, _next) => edge.answerError(request, response, response.locals, error);
}
