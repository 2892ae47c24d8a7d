import { encodeHealth } from '@hookline/contracts';
import { isOurs, type AttemptResult } from '@hookline/domain';
import type { NewRecord } from '@hookline/event-log';
import type { KnownWebhook } from './webhook-table.ts';

/**
 * What the registry is told of how a webhook's requests go, so that it can disable one that does nothing but fail: when that changes, and from
 * time to time while it doesn't. A success that nobody waits for costs two comparisons.
 */
export interface WebhookReports {
  /** What is to be told after an attempt; null: nothing. */
  attempted(webhook: KnownWebhook, result: AttemptResult, nowMs: number): NewRecord | null;
}

/** Of one version of a webhook, as this copy sees it. */
export interface Reported {
  failingSinceMs: number | null;
  /** That it fails has been told. */
  failing: boolean;
  failureDueAtMs: number;
  successDueAtMs: number;
}

/** A webhook that fails and succeeds in turn is not told of at each turn. */
const SHORTEST_TURN_MS = 60_000;
const LONGEST_MS = 3_600_000;
/** Of the period after which a webhook that only fails is disabled. */
const SHARE = 0.01;

/** @param periodMs 0: nothing is ever disabled, so nothing is told */
export function createWebhookReports(periodMs: number): WebhookReports {
  const everyMs = Math.min(LONGEST_MS, periodMs * SHARE);
  const turnMs = Math.min(SHORTEST_TURN_MS, everyMs);

  function succeeded(reported: Reported, nowMs: number): boolean {
    reported.failingSinceMs = null;
    if (!reported.failing && nowMs < reported.successDueAtMs) return false;
    if (reported.failing) reported.failureDueAtMs = nowMs + turnMs;
    reported.failing = false;
    reported.successDueAtMs = nowMs + everyMs;
    return true;
  }

  function failed(reported: Reported, startedAtMs: number, nowMs: number): boolean {
    reported.failingSinceMs ??= startedAtMs;
    if (nowMs < reported.failureDueAtMs) return false;
    reported.failing = true;
    reported.failureDueAtMs = nowMs + everyMs;
    return true;
  }

  return {
    attempted(webhook, { failure, control, startedAtMs }, nowMs) {
      const { id: webhookId, tenant } = webhook;
      if (failure === null && control === 'disable') {
        return encodeHealth({ tenant, webhookId, kind: 'disable', atMs: nowMs });
      }
      // What is our own fault is no failure of the receiver's.
      if (periodMs === 0 || isOurs(failure)) return null;
      const reported = (webhook.reported ??= {
        failingSinceMs: null,
        failing: false,
        failureDueAtMs: 0,
        successDueAtMs: 0,
      });
      if (failure === null) {
        return succeeded(reported, nowMs) ? encodeHealth({ tenant, webhookId, kind: 'succeeded', atMs: nowMs }) : null;
      }
      if (!failed(reported, startedAtMs, nowMs)) return null;
      const sinceMs = reported.failingSinceMs as number;
      return encodeHealth({ tenant, webhookId, kind: 'failing', sinceMs, atMs: nowMs });
    },
  };
}
