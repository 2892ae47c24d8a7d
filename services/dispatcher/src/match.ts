import {
  compileFilter,
  isQuarantined,
  withoutByteOrderMark,
  type Event,
  type Filter,
  type FilteredEvent,
} from '@hookline/domain';
import type { Log } from '@hookline/service-kit';
import { setImmediate } from 'node:timers/promises';
import type { KnownWebhook, WebhookTable } from './webhook-table.ts';

/**
 * The webhooks that an event goes to: of its tenant, with a pattern for its type, and with a filter that it is true of, if they have one. A promise where there
 * are so many filters, or so costly ones, that others have their turn in between.
 */
export type Match = (event: Event) => readonly KnownWebhook[] | Promise<readonly KnownWebhook[]>;

/** One filter is bounded, and a tenant may have thousands: so long they are gone through without a pause. */
const SLICE_MS = 5;
/** It is looked at the clock each time so many have been asked. */
const LOOK_EVERY = 8;
const NOBODY: readonly KnownWebhook[] = [];

export function createMatch(table: Pick<WebhookTable, 'match'>, log: Log): Match {
  /**
   * Compiled when first asked for: most of 100,000 webhooks never are. One that this version can't compile, because a newer registry let it
   * through, lets everything through: better an event too many than one too few.
   */
  function filterOf(webhook: KnownWebhook): Filter | null {
    if (webhook.filter !== undefined) return webhook.filter;
    const compiled = compileFilter(webhook.delivery?.filter);
    if (compiled.kind === 'invalid') {
      log.error({ webhookId: webhook.id, problems: compiled.problems }, 'webhook.filter-unknown');
    }
    return (webhook.filter = compiled.kind === 'compiled' ? compiled.filter : null);
  }

  return (event) => {
    if (isQuarantined(event)) return NOBODY;
    const candidates = table.match(event.tenant, event.type);
    if (!candidates.some(hasFilter)) return candidates;
    const filtered = filteredEvent(event);
    const wanted = (webhook: KnownWebhook) => !hasFilter(webhook) || (filterOf(webhook)?.(filtered) ?? true);
    return candidates.length <= LOOK_EVERY ? candidates.filter(wanted) : inSlices(candidates, wanted);
  };
}

function inSlices<T>(candidates: readonly T[], wanted: (candidate: T) => boolean): T[] | Promise<T[]> {
  const found: T[] = [];
  let next = 0;

  /** Whether it has come to the end. */
  function slice(): boolean {
    const endsAtMs = performance.now() + SLICE_MS;
    while (next < candidates.length) {
      const candidate = candidates[next++] as T;
      if (wanted(candidate)) found.push(candidate);
      if (next % LOOK_EVERY === 0 && performance.now() > endsAtMs) return next === candidates.length;
    }
    return true;
  }

  async function others(): Promise<T[]> {
    do await setImmediate();
    while (!slice());
    return found;
  }

  return slice() ? found : others();
}

function hasFilter({ delivery }: KnownWebhook): boolean {
  return delivery?.filter !== undefined;
}

/** Its payload is parsed at most once, and only if a filter comes to it. */
function filteredEvent(event: Event): FilteredEvent {
  let parsed: { data: unknown } | null = null;
  return {
    type: event.type,
    source: event.source,
    subject: event.subject,
    metadata: event.metadata,
    get data() {
      parsed ??= { data: parse(event.data) };
      return parsed.data;
    },
  };
}

function parse(data: Buffer): unknown {
  try {
    return JSON.parse(withoutByteOrderMark(data).toString('utf8'));
  } catch {
    return undefined;
  }
}
