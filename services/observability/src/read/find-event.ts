import { NotFound, Unavailable } from '@hookline/domain';
import type { CatchUp } from '../catch-up.ts';
import type { ObservabilityMetrics } from '../metrics.ts';
import type { EventFound } from './found.ts';
import type { Queries } from './queries.ts';

const WAIT_MS = 5_000;

/**
 * Finds an event that has been accepted, also when it was a moment ago: what isn't in the table may still be on its way there.
 * @throws NotFound only when it isn't on its way either; Unavailable when that can't be told
 */
export function createFindEvent(queries: Queries, catchUp: CatchUp, metrics: ObservabilityMetrics) {
  return async (tenant: string, id: string): Promise<EventFound> => {
    const found = await queries.event(tenant, id);
    if (found !== null) return found;
    const reached = await catchUp.reached(WAIT_MS);
    const foundNow = await queries.event(tenant, id);
    metrics.awaited.inc({ outcome: outcomeOf(foundNow !== null, reached) });
    if (foundNow !== null) return foundNow;
    if (reached) throw new NotFound(`There is no event ${id.slice(0, 300)}.`);
    throw new Unavailable('The log is behind what has been accepted. Ask again.', {
      code: 'log_behind',
      retryAfterMs: 2_000,
    });
  };
}

function outcomeOf(found: boolean, reached: boolean): string {
  if (found) return 'found';
  return reached ? 'absent' : 'late';
}
