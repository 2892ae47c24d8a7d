import type { Queryable } from '@hookline/database';
import { UNWATCHED, type WebhookHealth } from '@hookline/domain';

/** To be called with the webhook's row locked. */
export async function readHealth(tx: Queryable, webhookId: string): Promise<WebhookHealth> {
  const { rows } = await tx.query<WebhookHealth>(
    `SELECT last_success_at_ms AS "lastSuccessAtMs", failing_since_ms AS "failingSinceMs",
       last_failure_at_ms AS "lastFailureAtMs", warned_percent AS "warnedPercent"
     FROM webhook_health WHERE webhook_id = $1`,
    [webhookId],
  );
  return rows[0] ?? UNWATCHED;
}

export async function writeHealth(tx: Queryable, webhookId: string, health: WebhookHealth): Promise<void> {
  await tx.query(
    `INSERT INTO webhook_health (webhook_id, last_success_at_ms, failing_since_ms, last_failure_at_ms, warned_percent)
     VALUES ($1, $2, $3, $4, $5)
     ON CONFLICT (webhook_id) DO UPDATE SET
       last_success_at_ms = excluded.last_success_at_ms, failing_since_ms = excluded.failing_since_ms,
       last_failure_at_ms = excluded.last_failure_at_ms, warned_percent = excluded.warned_percent`,
    [webhookId, health.lastSuccessAtMs, health.failingSinceMs, health.lastFailureAtMs, health.warnedPercent],
  );
}

/** As afterSuccess of the domain, of webhooks that are watched; the others have nothing to end. */
export async function noteSuccess(database: Queryable, webhookId: string, atMs: number): Promise<void> {
  await database.query(
    `UPDATE webhook_health SET
       last_success_at_ms = GREATEST(last_success_at_ms, $2),
       warned_percent = CASE WHEN failing_since_ms <= $2 THEN 0 ELSE warned_percent END,
       failing_since_ms = CASE WHEN failing_since_ms <= $2 THEN NULL ELSE failing_since_ms END
     WHERE webhook_id = $1 AND (last_success_at_ms < $2 OR failing_since_ms <= $2)`,
    [webhookId, atMs],
  );
}
