import type { IncomingMessage, ServerResponse } from 'node:http';
import type { About, Edge } from './http/edge.ts';
import type { DirectRoute } from './http/route.ts';

/**
 * The routes that take nearly all of the traffic, without Express, which costs as much as everything else that a request for them does.
 * Says whether the request was for one of them.
 */
export function createDirect(routes: readonly DirectRoute[], edge: Edge) {
  const byTarget = new Map(routes.map((route) => [`${route.method} ${route.path}`, route]));

  async function answer(request: IncomingMessage, response: ServerResponse, route: DirectRoute): Promise<void> {
    const about: About = { route: route.path };
    edge.observe(request, response, about);
    try {
      edge.lend(request, route);
      const identity = await edge.admit(request, response, route.access);
      await route.handle({ request, response, identity, id: '', passed: edge.passedOn(request, about) });
    } catch (error) {
      edge.answerError(request, response, about, error);
    }
  }

  return (request: IncomingMessage, response: ServerResponse): boolean => {
    const { method = '', url = '' } = request;
    const query = url.indexOf('?');
    const route = byTarget.get(`${method} ${query < 0 ? url : url.slice(0, query)}`);
    if (route === undefined) return false;
    void answer(request, response, route);
    return true;
  };
}
