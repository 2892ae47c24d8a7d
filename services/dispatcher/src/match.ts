import { compileFilter, isQuarantined, type Event, type Filter, type FilteredEvent } from '@hookline/domain';
import type { Log } from '@hookline/service-kit';
import type { KnownWebhook, WebhookTable } from './webhook-table.ts';

/** The webhooks that an event goes to: of its tenant, with a pattern for its type, and with a filter that it is true of, if they have one. */
export type Match = (event: Event) => readonly KnownWebhook[];

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
    return candidates.filter((webhook) => !hasFilter(webhook) || (filterOf(webhook)?.(filtered) ?? true));
  };
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
    return JSON.parse(data.toString('utf8'));
  } catch {
    return undefined;
  }
}
