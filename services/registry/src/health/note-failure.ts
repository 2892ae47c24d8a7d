import type { HealthReport } from '@hookline/contracts';
import type { Database, Queryable } from '@hookline/database';
import { afterFailure, stepOf, type Clock, type WebhookHealth } from '@hookline/domain';
import { disable } from '../webhooks/disable.ts';
import { lockWebhook, type StoredWebhook } from '../webhooks/store.ts';
import { addPlatformEvent } from './platform-events.ts';
import { readHealth, writeHealth } from './store.ts';

export interface NoteFailureDeps {
  database: Database;
  clock: Clock;
  /** 0: nothing is ever disabled. */
  periodMs: number;
}

/** Takes a report of failure in; warns the webhook's owner, or disables it, where that is due. Says whether it was disabled. */
export async function noteFailure(
  { database, clock, periodMs }: NoteFailureDeps,
  { tenant, webhookId, sinceMs, atMs }: Extract<HealthReport, { kind: 'failing' }>,
): Promise<boolean> {
  if (periodMs === 0) return false;
  return database.transaction(async (tx) => {
    const webhook = await lockWebhook(tx, tenant, { by: 'id', name: webhookId });
    if (webhook === null || webhook.status === 'disabled') return false;
    const before = await readHealth(tx, webhookId);
    const changedAtMs = webhook.updatedAt.getTime();
    const health = afterFailure(before, { sinceMs, atMs }, { changedAtMs, periodMs });
    const step = stepOf(health, periodMs);
    if (step.kind === 'warn') await warn(tx, webhook, health, step.percent, periodMs, new Date(clock.now()));
    const warnedPercent = step.kind === 'warn' ? step.percent : health.warnedPercent;
    await writeHealth(tx, webhookId, { ...health, warnedPercent });
    if (step.kind !== 'disable') return false;
    await disable(tx, clock, webhook, 'failing', { failing_since: new Date(step.failingSinceMs).toISOString() });
    return true;
  });
}

async function warn(
  tx: Queryable,
  { id, uid, tenant }: StoredWebhook,
  { failingSinceMs }: WebhookHealth,
  percent: number,
  periodMs: number,
  at: Date,
): Promise<void> {
  const sinceMs = failingSinceMs as number;
  const data = {
    webhook_id: id,
    uid,
    percent,
    failing_since: new Date(sinceMs).toISOString(),
    disabled_at: new Date(sinceMs + periodMs).toISOString(),
  };
  await addPlatformEvent(tx, { tenant, type: 'webhook.failing', data }, at);
}
