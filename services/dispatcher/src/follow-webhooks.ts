import { setTimeout as sleep } from 'node:timers/promises';
import { decodeChange, integerHeader, TOPIC, type DecodedChange } from '@hookline/contracts';
import type { EventLog, Following, LogRecord } from '@hookline/event-log';
import type { Stop } from '@hookline/delivery';
import type { Log } from '@hookline/service-kit';
import type { DispatcherMetrics } from './metrics.ts';
import type { WebhookTable } from './webhook-table.ts';

/** Keeps the table at the end of `webhook.changes`. */
export interface WebhookFeed {
  /** Resolves when it follows; `current` says when it is there. */
  start(): Promise<void>;
  /**
   * Read your writes: resolves true when the table holds every change that was in the log when this was called, false when stopped before.
   * Where that can't be had it is waited for, and `problem` says so.
   */
  current(stop: Stop): Promise<boolean>;
  problem(): string | null;
  close(): Promise<void>;
}

export interface WebhookFeedDeps {
  eventLog: Pick<EventLog, 'follow' | 'endOffsets'>;
  table: WebhookTable;
  /** A webhook that was paused is no more. */
  resumed: (webhookId: string) => void;
  log: Log;
  metrics: DispatcherMetrics;
  fail: (error: Error) => void;
}

const POLL_MS = 3;
const RETRY_MS = 250;
/** Longer than this behind the end of the topic is a problem to be seen. */
const LATE_MS = 5_000;

export function createWebhookFeed({ eventLog, table, resumed, log, metrics, fail }: WebhookFeedDeps): WebhookFeed {
  let following: Following | undefined;
  let problem: string | null = null;
  let running: Promise<unknown> = Promise.resolve();
  let next: Promise<number[]> | null = null;

  function received(records: LogRecord[]): Promise<void> {
    for (const record of records) {
      const decoded = decodeChange(record);
      if (decoded.kind === 'changed') changed(decoded);
      else if (decoded.kind === 'deleted') table.change(decoded.webhookId, decoded.revision, null);
      else skip(record, decoded.reason);
    }
    metrics.webhooks.set(table.count());
    metrics.webhooksUnreadable.set(table.unreadableCount());
    return Promise.resolve();
  }

  function changed({ webhook, revision, unknownPolicy }: Extract<DecodedChange, { kind: 'changed' }>): void {
    const wasPaused = table.get(webhook.id)?.status === 'paused';
    table.change(webhook.id, revision, webhook);
    if (wasPaused && table.get(webhook.id)?.status !== 'paused') resumed(webhook.id);
    if (unknownPolicy === undefined) return;
    log.error({ webhookId: webhook.id, policy: unknownPolicy, used: webhook.policy }, 'webhook.policy-unknown');
  }

  /** It stays in the topic, where every start of every copy meets it: to `webhook.rejected` it would go again and again. */
  function skip({ topic, partition, offset, key, headers }: LogRecord, reason: string): void {
    metrics.rejected.inc({ topic });
    log.error({ topic, partition, offset, webhookId: key, reason }, 'change.unreadable');
    if (key !== null) table.unreadable(key, integerHeader(headers, 'hl_revision'));
  }

  /** One request serves all who asked before it started. */
  function endOffsets(): Promise<number[]> {
    next ??= running
      .catch(() => {})
      .then(() => {
        const asked = eventLog.endOffsets(TOPIC.changes);
        running = asked;
        next = null;
        return asked;
      });
    return next;
  }

  async function knownEnd(stop: Stop): Promise<number[] | null> {
    for (;;) {
      try {
        return await endOffsets();
      } catch (error) {
        problem = `webhook.changes can't be asked for: ${(error as Error).message}`;
      }
      if (stop.aborted) return null;
      await sleep(RETRY_MS);
    }
  }

  function isAt(ends: number[]): boolean {
    const position = following?.position() ?? [];
    return ends.every((end, partition) => (position[partition] ?? 0) >= end);
  }

  return {
    async start() {
      following = await eventLog.follow({ topic: TOPIC.changes, received, onFailure: fail });
    },
    async current(stop) {
      const ends = await knownEnd(stop);
      if (ends === null) return false;
      const lateAt = performance.now() + LATE_MS;
      while (!isAt(ends)) {
        if (stop.aborted) return false;
        if (performance.now() > lateAt) problem = 'the webhooks are behind the end of webhook.changes';
        await sleep(POLL_MS);
      }
      problem = null;
      return true;
    },
    problem: () => problem,
    close: async () => following?.close(),
  };
}
