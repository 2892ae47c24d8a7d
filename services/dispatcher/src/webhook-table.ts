import type { WebhookChange } from '@hookline/contracts';
import { patternsOf, type Filter, type Policy } from '@hookline/domain';
import type { Destination } from '@hookline/delivery';
import type { Reported } from './webhook-reports.ts';

/** Every webhook as of the latest change read, indexed so that matching costs nothing for those that don't match. */
export interface WebhookTable {
  /** An older revision never replaces a newer one, also not after the newer one was a deletion. */
  change(webhookId: string, revision: number, webhook: WebhookChange | null): void;
  /**
   * Its latest change can't be read, so it is neither known nor deleted until one comes that can. What it was before goes on being matched: its
   * deliveries wait. Without a revision the latest known counts.
   */
  unreadable(webhookId: string, revision: number | null): void;
  isUnreadable(webhookId: string): boolean;
  unreadableCount(): number;
  get(webhookId: string): KnownWebhook | undefined;
  /** Webhooks of a tenant, but for disabled ones, with a pattern that matches, each once. */
  match(tenant: string, type: string): readonly KnownWebhook[];
  count(): number;
}

/** This version of a webhook. */
export interface KnownWebhook extends Readonly<WebhookChange> {
  readonly revision: number;
  /** Its URL, headers and keys, opened when first needed: most of 100,000 webhooks never are. */
  destination: Destination | null;
  /** Its preset with what it says itself, put together when first needed. */
  compiledPolicy: Policy | null;
  /** What was told of it (webhook-reports.ts); null: nothing yet. */
  reported: Reported | null;
  /** Its filter, compiled when first needed; null: it can't be. */
  filter: Filter | null | undefined;
}

/** Deletions remembered, the oldest forgotten first: changes come in revision order but for a relay that repeats itself. */
const REMEMBERED_DELETIONS = 100_000;
const REMEMBERED_TYPES = 10_000;

export function createWebhookTable(): WebhookTable {
  const webhooks = new Map<string, KnownWebhook>();
  const deletions = new Map<string, number>();
  /** By webhook, the revision that could not be read. */
  const unread = new Map<string, number>();
  /** By tenant and pattern. */
  const index = new Map<string, Map<string, Set<KnownWebhook>>>();
  const patternsByType = new Map<string, string[]>();

  function insert(webhook: KnownWebhook): void {
    webhooks.set(webhook.id, webhook);
    if (webhook.status === 'disabled') return;
    let patterns = index.get(webhook.tenant);
    if (patterns === undefined) index.set(webhook.tenant, (patterns = new Map()));
    for (const pattern of webhook.eventTypes) {
      const matching = patterns.get(pattern);
      if (matching === undefined) patterns.set(pattern, new Set([webhook]));
      else matching.add(webhook);
    }
  }

  function remove(webhook: KnownWebhook): void {
    webhooks.delete(webhook.id);
    const patterns = index.get(webhook.tenant);
    if (patterns === undefined) return;
    for (const pattern of webhook.eventTypes) {
      const matching = patterns.get(pattern);
      if (matching?.delete(webhook) === true && matching.size === 0) patterns.delete(pattern);
    }
    if (patterns.size === 0) index.delete(webhook.tenant);
  }

  function rememberDeletion(webhookId: string, revision: number): void {
    deletions.set(webhookId, revision);
    if (deletions.size > REMEMBERED_DELETIONS) deletions.delete(deletions.keys().next().value as string);
  }

  function patternsFor(type: string): string[] {
    let patterns = patternsByType.get(type);
    if (patterns === undefined) {
      patterns = patternsOf(type);
      if (patternsByType.size >= REMEMBERED_TYPES) patternsByType.clear();
      patternsByType.set(type, patterns);
    }
    return patterns;
  }

  function latestRead(webhookId: string): number {
    return webhooks.get(webhookId)?.revision ?? deletions.get(webhookId) ?? -1;
  }

  return {
    change(webhookId, revision, webhook) {
      if (revision >= (unread.get(webhookId) ?? Infinity)) unread.delete(webhookId);
      if (latestRead(webhookId) >= revision) return;
      const known = webhooks.get(webhookId);
      if (known !== undefined) remove(known);
      deletions.delete(webhookId);
      if (webhook === null) rememberDeletion(webhookId, revision);
      else
        insert({
          ...webhook,
          id: webhookId,
          revision,
          destination: null,
          compiledPolicy: null,
          reported: null,
          filter: undefined,
        });
    },
    unreadable(webhookId, revision) {
      const latest = Math.max(latestRead(webhookId), unread.get(webhookId) ?? -1);
      if (revision === null || revision > latest) unread.set(webhookId, revision ?? latest);
    },
    isUnreadable: (webhookId) => unread.has(webhookId),
    unreadableCount: () => unread.size,
    get: (webhookId) => webhooks.get(webhookId),
    match(tenant, type) {
      const patterns = index.get(tenant);
      if (patterns === undefined) return [];
      let found: KnownWebhook[] | undefined;
      let several: Set<KnownWebhook> | undefined;
      for (const pattern of patternsFor(type)) {
        const matching = patterns.get(pattern);
        if (matching === undefined) continue;
        if (found === undefined) {
          found = [...matching];
          continue;
        }
        several ??= new Set(found);
        for (const webhook of matching) several.add(webhook);
      }
      return several === undefined ? (found ?? []) : [...several];
    },
    count: () => webhooks.size,
  };
}
