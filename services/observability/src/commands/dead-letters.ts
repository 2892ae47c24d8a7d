import type { Database, Queryable } from '@hookline/database';
import { NotFound } from '@hookline/domain';
import type { Note } from '../audit.ts';
import type { DeliveryCommands } from './deliveries.ts';

export interface DeadLetterCommands {
  /** Sends it again, its schedule from the beginning. Resolves with the attempt's number. @throws NotFound, Conflict */
  replay(tenant: string, id: string, by: string, audited: Note): Promise<number>;
  /** @throws NotFound */
  resolve(tenant: string, id: string, by: string, resolution: string, audited: Note): Promise<void>;
  /** Deletes those that died before a time, the oldest first, as many as can be within a moment. */
  purge(tenant: string, before: Date, webhookId: string | null): Promise<{ purged: number; complete: boolean }>;
}

export const REPLAYED = 'replayed';
const PURGE_STEP = 1_000;
const PURGE_MS = 3_000;

export function createDeadLetterCommands(
  database: Database,
  deliveries: DeliveryCommands,
  now: () => number,
): DeadLetterCommands {
  /** What was resolved stays as it was resolved first. */
  async function resolve(
    tx: Queryable,
    tenant: string,
    { id, by, resolution }: { id: string; by: string; resolution: string },
  ): Promise<void> {
    const { rowCount } = await tx.query(
      `UPDATE dead_letters SET resolved_at = coalesce(resolved_at, $3), resolved_by = coalesce(resolved_by, $4), resolution = coalesce(resolution, $5)
       WHERE tenant = $1 AND id = $2`,
      [tenant, id, new Date(now()), by, resolution],
    );
    if (rowCount === 0) throw new NotFound(`There is no dead letter ${id.slice(0, 300)}.`);
  }

  return {
    async replay(tenant, id, by, audited) {
      const { rowCount } = await database.query('SELECT 1 FROM dead_letters WHERE tenant = $1 AND id = $2', [
        tenant,
        id,
      ]);
      if (rowCount === 0) throw new NotFound(`There is no dead letter ${id.slice(0, 300)}.`);
      const attempt = await deliveries.retry(tenant, id, 'replay', audited);
      await resolve(database, tenant, { id, by, resolution: REPLAYED });
      return attempt;
    },

    resolve: (tenant, id, by, resolution, audited) =>
      database.transaction(async (tx) => {
        await resolve(tx, tenant, { id, by, resolution });
        await audited(tx);
      }),

    async purge(tenant, before, webhookId) {
      const endsAtMs = performance.now() + PURGE_MS;
      let purged = 0;
      for (;;) {
        const { rowCount } = await database.query(
          `DELETE FROM dead_letters WHERE id IN (
             SELECT id FROM dead_letters WHERE tenant = $1 AND dead_at < $2 AND ($3::text IS NULL OR webhook_id = $3)
             ORDER BY dead_at LIMIT ${PURGE_STEP}
           )`,
          [tenant, before, webhookId],
        );
        purged += rowCount;
        if (rowCount < PURGE_STEP) return { purged, complete: true };
        if (performance.now() > endsAtMs) return { purged, complete: false };
      }
    },
  };
}
