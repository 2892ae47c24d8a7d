import { createRoutes, type RoutesDependencies } from '../routes/all.ts';
import { OPERATIONS } from '../routes/operations-docs.ts';
import { documentOf, type ApiDocument } from './document.ts';

/** The document of the whole API, without anything that runs: the routes are only described, so that nothing is asked of what they would call. */
export function apiDocument(): ApiDocument {
  return documentOf([...createRoutes({} as RoutesDependencies).all, ...OPERATIONS]);
}
