import { Conflict, HooklineError, Unavailable } from '@hookline/domain';
import { APPEND_DOUBTFUL_CODE, type Appender } from './append.ts';
import { dedupKeyOf, type Begun, type Deduplicator, type Held } from './deduplicate.ts';
import type { IngestionMetrics } from './metrics.ts';
import type { EventQuotas } from './quotas/quotas.ts';
import type { ParsedEvent } from './read/build-event.ts';

/** The event is durable: by this request, or by an earlier one with the same body. */
export interface Published {
  id: string;
  acceptedAtMs: number;
  repeated: boolean;
  /** false: the store of ids was away, so a repeat would not have been noticed. */
  deduplicated: boolean;
}

/** Conflict if another event has the id, RateLimited if the tenant's day is used up, Unavailable if the event could not be made durable: then it is not accepted. */
export type Outcome = Published | HooklineError;

export interface Publisher {
  /** Of events of one tenant, one outcome each, in order: one claim and one append for all. What is to be appended keeps its order. */
  publish(events: readonly ParsedEvent[]): Promise<Outcome[]>;
  /** Resolves when the store of ids knows of everything published so far. */
  settled(): Promise<void>;
}

export interface PublisherDeps {
  appender: Appender;
  deduplicator: Deduplicator;
  quotas: Pick<EventQuotas, 'reserve'>;
  metrics: IngestionMetrics;
}

interface ToAppend {
  /** In the answer. */
  index: number;
  parsed: ParsedEvent;
  claim: Held | null;
  deduplicated: boolean;
}

export function createPublisher({ appender, deduplicator, quotas, metrics }: PublisherDeps): Publisher {
  const settling = new Set<Promise<void>>();

  async function publish(events: readonly ParsedEvent[]): Promise<Outcome[]> {
    const outcomes: Outcome[] = Array.from({ length: events.length });
    const chosen = events.filter(({ chosenId }) => chosenId);
    const begun = chosen.length === 0 ? [] : await deduplicator.begin(chosen.map(wantedOf));
    const toAppend: ToAppend[] = [];
    const waiting: Promise<void>[] = [];
    let next = 0;
    for (let index = 0; index < events.length; index++) {
      const parsed = events[index]!;
      if (!parsed.chosenId) {
        toAppend.push({ index, parsed, claim: null, deduplicated: true });
        continue;
      }
      const answer = begun[next++]!;
      // May be waiting for an event of this very call: the others go on.
      if (answer.kind === 'pending') waiting.push(answer.wait().then((settled) => appendAll(judge(index, settled))));
      else toAppend.push(...judge(index, answer));
    }
    await Promise.all([appendAll(toAppend), ...waiting]);
    return outcomes;

    /** What is left to be appended of an event; otherwise its outcome is known. */
    function judge(index: number, answer: Begun): ToAppend[] {
      const parsed = events[index]!;
      if (answer.kind === 'first') return [{ index, parsed, claim: answer.claim, deduplicated: true }];
      if (answer.kind === 'unavailable') return [{ index, parsed, claim: null, deduplicated: false }];
      outcomes[index] = outcomeOf(parsed, answer);
      return [];
    }

    /** As many as the tenant's quota has room for: the first of them. */
    async function appendAll(items: readonly ToAppend[]): Promise<void> {
      if (items.length === 0) return;
      const { granted, refusal, settle } = await quotas.reserve(items[0]!.parsed.event.tenant, items.length);
      if (refusal === null) return appendThose(items, settle);
      await Promise.all([appendThose(items.slice(0, granted), settle), refuse(items.slice(granted), refusal)]);
    }

    async function appendThose(items: readonly ToAppend[], settle: (accepted: number) => void): Promise<void> {
      let accepted = 0;
      try {
        const failure = items.length === 0 ? null : await append(items);
        if (failure === null) accepted = items.length;
        for (const { index, parsed, deduplicated } of items) {
          const { id, acceptedAtMs } = parsed.event;
          outcomes[index] = failure ?? { id, acceptedAtMs, repeated: false, deduplicated };
        }
      } finally {
        settle(accepted);
      }
    }

    async function refuse(items: readonly ToAppend[], refusal: HooklineError): Promise<void> {
      for (const { index } of items) outcomes[index] = refusal;
      await deduplicator.abandon(items.flatMap(({ claim }) => claim ?? []));
    }
  }

  function outcomeOf(
    { event, pointerTo }: ParsedEvent,
    answer: Exclude<Begun, { kind: 'first' | 'unavailable' }>,
  ): Outcome {
    if (answer.kind === 'repeat') {
      metrics.repeated.inc();
      return { id: event.id, acceptedAtMs: Number(answer.answer), repeated: true, deduplicated: true };
    }
    if (answer.kind === 'busy') {
      return new Unavailable('The same event is still being published by another request. Send it again.', {
        code: 'event_pending',
      });
    }
    return new Conflict('Another event was published under this id. An id is for ever: choose a new one.', {
      code: 'event_id_taken',
      problems: [{ pointer: pointerTo('id'), detail: 'belongs to an event with another body' }],
    });
  }

  /** Together or not at all, as far as is known. */
  async function append(items: readonly ToAppend[]): Promise<HooklineError | null> {
    const claims = items.flatMap(({ claim }) => claim ?? []);
    const sinceMs = claims.reduce((least, claim) => Math.min(least, claim.sinceMs), performance.now());
    try {
      await appender.append(
        items.map(({ parsed }) => parsed.record),
        sinceMs,
      );
    } catch (error) {
      await giveBack(claims, error);
      if (error instanceof HooklineError) return error;
      throw error;
    }
    metrics.ingested.inc(items.length);
    const unchecked = items.filter(({ deduplicated }) => !deduplicated).length;
    if (unchecked > 0) metrics.withoutDeduplication.inc(unchecked);
    // Not waited for: until the store knows, a repeat finds the claim pending and waits instead.
    if (claims.length > 0) settle(deduplicator.finish(claims, String(items[0]!.parsed.event.acceptedAtMs)));
    return null;
  }

  /** Given up is not undone: were the id free, another event could be accepted under it, and lost to this one that comes late. */
  async function giveBack(claims: readonly Held[], error: unknown): Promise<void> {
    const isDoubtful = error instanceof Unavailable && error.code === APPEND_DOUBTFUL_CODE;
    await (isDoubtful ? deduplicator.doubt(claims) : deduplicator.abandon(claims));
  }

  function settle(work: Promise<void>): void {
    const settled = work.finally(() => settling.delete(settled));
    settling.add(settled);
  }

  return {
    publish,
    async settled() {
      await Promise.all(settling);
    },
  };
}

function wantedOf({ event: { tenant, id }, bodyHash }: ParsedEvent): { key: string; bodyHash: string } {
  return { key: dedupKeyOf(tenant, id), bodyHash };
}
