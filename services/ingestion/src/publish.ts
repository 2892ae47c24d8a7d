import { Conflict, Unavailable } from '@hookline/domain';
import { APPEND_DOUBTFUL_CODE, type Appender } from './append.ts';
import type { Deduplicator, Held } from './deduplicate.ts';
import type { IngestionMetrics } from './metrics.ts';
import type { ParsedEvent } from './parse-event.ts';

/** The event is durable: by this request, or by an earlier one with the same body. */
export interface Published {
  id: string;
  acceptedAtMs: number;
  repeated: boolean;
  /** false: the store of ids was away, so a repeat would not have been noticed. */
  deduplicated: boolean;
}

export interface Publisher {
  /** @throws Conflict if another event has the id, Unavailable if the event could not be made durable: then nothing is accepted */
  publish(parsed: ParsedEvent): Promise<Published>;
  /** Resolves when the store of ids knows of everything published so far. */
  settled(): Promise<void>;
}

export interface PublisherDeps {
  appender: Appender;
  deduplicator: Deduplicator;
  metrics: IngestionMetrics;
}

export function createPublisher({ appender, deduplicator, metrics }: PublisherDeps): Publisher {
  const settling = new Set<Promise<void>>();

  async function publish(parsed: ParsedEvent): Promise<Published> {
    if (!parsed.chosenId) return append(parsed, null, true);
    const { event, bodyHash } = parsed;
    const begun = await deduplicator.begin(deduplicationKey(event.tenant, event.id), bodyHash);
    switch (begun.kind) {
      case 'first':
        return append(parsed, begun.claim, true);
      case 'repeat':
        metrics.repeated.inc();
        return { id: event.id, acceptedAtMs: Number(begun.answer), repeated: true, deduplicated: true };
      case 'conflict':
        throw new Conflict('Another event was published under this id. An id is for ever: choose a new one.', {
          code: 'event_id_taken',
          problems: [{ pointer: '/id', detail: 'belongs to an event with another body' }],
        });
      case 'busy':
        throw new Unavailable('The same event is still being published by another request. Send it again.', {
          code: 'event_pending',
        });
      default:
        return append(parsed, null, false);
    }
  }

  async function append({ event, record, bodyHash }: ParsedEvent, claim: Held | null, deduplicated: boolean) {
    try {
      await appender.append(record, claim?.sinceMs ?? performance.now());
    } catch (error) {
      if (claim !== null) await giveBack(claim, bodyHash, error);
      throw error;
    }
    metrics.ingested.inc();
    if (!deduplicated) metrics.withoutDeduplication.inc();
    // Not waited for: until the store knows, a repeat finds the claim pending and waits instead.
    if (claim !== null) settle(deduplicator.finish(claim, bodyHash, String(event.acceptedAtMs)));
    return { id: event.id, acceptedAtMs: event.acceptedAtMs, repeated: false, deduplicated };
  }

  /** Given up is not undone: were the id free, another event could be accepted under it, and lost to this one that comes late. */
  async function giveBack(claim: Held, bodyHash: string, error: unknown): Promise<void> {
    const isDoubtful = error instanceof Unavailable && error.code === APPEND_DOUBTFUL_CODE;
    await (isDoubtful ? deduplicator.doubt(claim, bodyHash) : deduplicator.abandon(claim));
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

/** Neither tenants nor ids hold control characters. */
function deduplicationKey(tenant: string, id: string): string {
  return `${tenant}\u001f${id}`;
}
