/**
 * The index of waiting retries, one per partition of `webhook.retries`: a view of that topic which can always be rebuilt.
 * Each change names the cursor that the caller believes the index to have; if it has another or none (flushed, rolled back, moved on by
 * a newer owner), nothing is changed and the cursor held is returned. Every call is atomic. Adapters: Redis, Postgres.
 */
export interface RetrySchedule {
  /** What the index of a partition holds, null where there is none. */
  held(partition: number): Promise<HeldCursor | null>;

  /** Drops everything of the partition and begins again, at `cursor`. */
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
   * Takes up to `limit` due entries, earliest first, for `claimMs`; what is not handed over by then waits again, due when it was: a later
   * call sees to that, for up to `limit` entries, and `counts` has them as claimed until then.
   */
  claim(partition: number, at: Cursor, request: ClaimRequest): Promise<Answer<Claimed[]>>;

  /**
   * Records that claimed entries were appended to `webhook.deliveries`, and where; also those whose claim ran out meanwhile. Of two places
   * the later one counts. Entries that are no longer at that offset are left alone. Resolves with how many were marked.
   */
  markHandedOver(partition: number, at: Cursor, marks: readonly HandOver[]): Promise<Answer<number>>;

  /** Entries handed over at an offset of `webhook.deliveries` below `committed`, lowest first: done with by the dispatchers. */
  answered(partition: number, at: Cursor, committed: number, limit: number): Promise<Answer<EntryRef[]>>;

  /** Puts claimed or handed-over entries back to waiting, due now. Entries at another offset are left alone. Resolves with how many. */
  putBack(partition: number, at: Cursor, entries: readonly EntryRef[], nowMs: number): Promise<Answer<number>>;

  counts(partition: number): Promise<ScheduleCounts>;

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
  /** At most so many bytes of entries (but at least one entry). */
  maxBytes: number;
  claimMs: number;
}

/** Names one state of a delivery: an entry with another offset is a newer one. */
export interface EntryRef {
  deliveryId: string;
  offset: number;
}

export interface Claimed extends EntryRef {
  attempt: number;
  dueAtMs: number;
  entry: Buffer;
}

export interface HandOver extends EntryRef {
  /** Of the record appended to `webhook.deliveries`, in the same partition. */
  handedOverAt: number;
}

export interface ScheduleCounts {
  waiting: number;
  claimed: number;
  handedOver: number;
  /** When the earliest waiting entry is due, null where none waits. */
  oldestDueAtMs: number | null;
}
