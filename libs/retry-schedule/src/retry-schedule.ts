/**
 * The index of waiting retries, one per partition of `webhook.retries`: a view of that topic which can always be rebuilt.
 * Each change names the cursor that the caller believes the index to have; if it has another or none (flushed, rolled back, moved on by
 * a newer owner), nothing is changed and the cursor held is returned. Every call is atomic, but for `reset`. Adapters: Redis, Postgres.
 *
 * An entry is in one of these states:
 *
 *   excess ──(room)──► waiting ──(due, its webhook's turn)──► claimed ──► handed over ──► gone, or replaced, with the key's next record
 *     │                   ▲                                   │   │           │
 *     └──────(no room)────┼──────────────────────────────────►┘   │           │
 *                         └───── the claim runs out ◄─────────────┘           │
 *                         └───── put back ◄───────────────────────────────────┘      (what was excess is excess again)
 *
 * What one webhook and one tenant may have here is bounded (`ScheduleBounds`, over all partitions): a delivery that comes when there is no room is
 * excess. It is claimed too, to be buried instead of retried; the newest ones go, since those that wait already have been attempted, and keep their order.
 * Whether there is room is asked again when it is claimed: until an index has caught up it holds deliveries that were settled long ago.
 */
export interface RetrySchedule {
  /** What the index of a partition holds, null where there is none. */
  held(partition: number): Promise<HeldCursor | null>;

  /** Drops everything of the partition, in steps, and begins again, at `cursor`. Until it has resolved, calls that name it are stale. */
  reset(partition: number, cursor: Cursor, nowMs: number): Promise<void>;

  /**
   * Applies records of the topic, in their order, and moves the cursor's offset to `nextOffset`. A `wait` of a lower attempt than the one
   * held is ignored; otherwise a `wait` replaces whatever is held of its delivery, and a `settled` removes it.
   * `full`: the store is above its bound, nothing was changed (claims go on). A call that only settles makes room, and is let through.
   */
  apply(
    partition: number,
    at: Cursor,
    changes: readonly ScheduleChange[],
    nextOffset: number,
    nowMs: number,
  ): Promise<Answer<void> | { kind: 'full' }>;

  /**
   * Takes up to `limit` entries for `claimMs`: those in excess first, then due ones. Webhooks that have due ones stand in line; each in turn gives up to
   * `perWebhook`, earliest first (by delivery where the time is the same), and goes to the end of the line if it has more: however much one has, it
   * holds up none. What is not handed over by the claim's end waits again, due when it was: a later call sees to that, for up to `limit` entries, and
   * `counts` has them as claimed until then.
   */
  claim(partition: number, at: Cursor, request: ClaimRequest): Promise<Answer<Due>>;

  /**
   * Records that claimed entries were appended to `webhook.deliveries`, and where; also those whose claim ran out meanwhile. Of two places
   * the later one counts. Entries that are no longer at that offset are left alone. Resolves with how many were marked.
   */
  markHandedOver(partition: number, at: Cursor, marks: readonly HandOver[]): Promise<Answer<number>>;

  /** Entries handed over at an offset of `webhook.deliveries` below `committed`, lowest first: done with by the dispatchers. */
  answered(partition: number, at: Cursor, committed: number, limit: number): Promise<Answer<EntryRef[]>>;

  /** Puts claimed or handed-over entries back to waiting, due now. Entries at another offset are left alone. Resolves with how many. */
  putBack(partition: number, at: Cursor, entries: readonly EntryRef[], nowMs: number): Promise<Answer<number>>;

  /**
   * Entries of these webhooks are not claimed, those to come included, until they are released or have been due for HELD_MS: held or not, a delivery's age
   * is bounded, and somebody has to look at it. What is held costs nothing.
   */
  hold(partition: number, at: Cursor, webhookIds: readonly string[]): Promise<Answer<void>>;
  release(partition: number, at: Cursor, webhookIds: readonly string[]): Promise<Answer<void>>;
  /** Which webhooks are held, in no order. */
  holds(partition: number, at: Cursor): Promise<Answer<string[]>>;

  counts(partition: number): Promise<ScheduleCounts>;

  /** What a webhook, or a tenant, has in the index, over all partitions, excess not counted. */
  backlog(of: BacklogOwner): Promise<Backlog>;

  /** Rejects with Unavailable if the store does not answer, and with InvalidInput if it is set up so that it could lose entries. */
  check(deadlineMs: number): Promise<void>;

  close(): Promise<void>;
}

export interface Cursor {
  /** Names one building of the index; a rebuilt one has another. */
  incarnation: string;
  /** Records of `webhook.retries` below this offset are applied. */
  offset: number;
}

export interface HeldCursor extends Cursor {
  appliedAtMs: number;
}

export type Answer<T> = { kind: 'ok'; value: T } | { kind: 'stale'; held: HeldCursor | null };

export type ScheduleChange =
  | {
      kind: 'wait';
      deliveryId: string;
      webhookId: string;
      tenant: string;
      /** Of its record in `webhook.retries`. */
      offset: number;
      attempt: number;
      dueAtMs: number;
      /** What `claim` gives back, opaque here. */
      entry: Buffer;
    }
  | { kind: 'settled'; deliveryId: string; offset: number };

export interface ClaimRequest {
  nowMs: number;
  limit: number;
  perWebhook: number;
  /** At most so many bytes of entries (but at least one entry). */
  maxBytes: number;
  claimMs: number;
}

/** Names one state of a delivery: an entry with another offset is a newer one. */
export interface EntryRef {
  deliveryId: string;
  offset: number;
}

export interface Due {
  entries: Claimed[];
  /** When a claim will find something next, as far as is known now; `nowMs` or before: more is due. null: nothing waits. */
  nextAtMs: number | null;
}

export interface Claimed extends EntryRef {
  webhookId: string;
  tenant: string;
  attempt: number;
  dueAtMs: number;
  /** Not to be retried but to be buried: there was no room for it. */
  excess: boolean;
  entry: Buffer;
}

export interface HandOver extends EntryRef {
  /** Of the record appended to `webhook.deliveries`, in the same partition. */
  handedOverAt: number;
}

export interface ScheduleCounts {
  /** Without the held ones. */
  waiting: number;
  /** Waiting, of a webhook that is held. */
  held: number;
  excess: number;
  claimed: number;
  handedOver: number;
  /** When the earliest of `waiting` is due, null where none waits. */
  oldestDueAtMs: number | null;
}

/** For so long after it was due an entry can be held. */
export const HELD_MS = 21_600_000;

export interface ScheduleBounds {
  webhook: Backlog;
  tenant: Backlog;
}

export interface Backlog {
  deliveries: number;
  /** Of entries, as they were applied. */
  bytes: number;
}

export type BacklogOwner = { webhookId: string } | { tenant: string };
