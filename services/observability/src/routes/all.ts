import { auditRoutes } from './audit.ts';
import { commandRoutes } from './commands.ts';
import { readRoutes } from './reads.ts';
import { recoveryRoutes } from './recoveries.ts';
import type { Route } from './route.ts';
import { statsRoutes } from './stats.ts';

export type RoutesDependencies = Parameters<typeof readRoutes>[0] &
  Parameters<typeof commandRoutes>[0] &
  Parameters<typeof recoveryRoutes>[0] &
  Parameters<typeof statsRoutes>[0] & { reader: Parameters<typeof auditRoutes>[0] };

/** Everything that is answered to a tenant. */
export function createRoutes(dependencies: RoutesDependencies): Route[] {
  return [
    ...readRoutes(dependencies),
    ...commandRoutes(dependencies),
    ...recoveryRoutes(dependencies),
    ...auditRoutes(dependencies.reader),
    ...statsRoutes(dependencies),
  ];
}
