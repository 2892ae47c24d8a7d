import { quotasWith, type Quotas } from '@hookline/domain';
import { within, type Log, type QuotaChanges, type QuotaSource } from '@hookline/service-kit';

/** What each tenant may have, as far as the registry has told. */
export interface FollowedQuotas {
  of(tenant: string): Quotas;
  /** Resolves when what was set so far is known, or nobody tells. */
  start(): Promise<void>;
  close(): void;
}

export interface FollowQuotasDeps {
  source: QuotaSource;
  defaults: Quotas;
  log: Log;
  maxTenants?: number;
}

/** So that what was set holds within seconds. */
const ASK_EVERY_MS = 2_000;
const ANSWER_WITHIN_MS = 2_000;
const LOG_EVERY_MS = 60_000;
/** About 20 MB. For those beyond, the default holds. */
const MAX_TENANTS = 100_000;

/** While the registry is away, what it told last holds. */
export function followQuotas({ source, defaults, log, maxTenants = MAX_TENANTS }: FollowQuotasDeps): FollowedQuotas {
  let set = new Map<string, Quotas>();
  let cursor = '';
  let timer: NodeJS.Timeout | undefined;
  let closed = false;
  let loggedAtMs = -Infinity;

  async function ask(): Promise<void> {
    try {
      let more = true;
      while (more && !closed) {
        const answer = await within(ANSWER_WITHIN_MS, 'the registry', source.quotaChanges(cursor));
        note(answer);
        ({ cursor, more } = answer);
      }
    } catch (error) {
      logNowAndThen('quotas.unknown', { error: (error as Error).message });
    }
    if (!closed) timer = setTimeout(() => void ask(), ASK_EVERY_MS).unref();
  }

  function note({ changes, fromStart }: QuotaChanges): void {
    if (fromStart) set = new Map();
    for (const { tenant, overrides } of changes) {
      if (Object.keys(overrides).length === 0) set.delete(tenant);
      else if (set.has(tenant) || set.size < maxTenants) set.set(tenant, quotasWith(overrides, defaults));
      else logNowAndThen('quotas.too-many', { tenants: set.size });
    }
  }

  function logNowAndThen(event: string, details: object): void {
    if (performance.now() - loggedAtMs < LOG_EVERY_MS) return;
    loggedAtMs = performance.now();
    log.warn(details, event);
  }

  return {
    of: (tenant) => set.get(tenant) ?? defaults,
    start: ask,
    close() {
      closed = true;
      clearTimeout(timer);
    },
  };
}
