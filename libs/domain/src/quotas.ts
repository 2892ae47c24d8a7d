import { keyedEventId } from './ids.ts';

/** How much a tenant may have, or use in a day (UTC), or send at once; 0: as much as the platform takes of anybody. */
export const QUOTAS = ['webhooks', 'events_per_day', 'payload_bytes'] as const;

export type QuotaName = (typeof QUOTAS)[number];
export type Quotas = Readonly<Record<QuotaName, number>>;
/** What was set for one tenant; where nothing was, the default holds. */
export type QuotaOverrides = Partial<Quotas>;

/** The greatest that any of them can be. */
export const MAX_QUOTA = 1_000_000_000_000;

export function quotasWith(overrides: QuotaOverrides, defaults: Quotas): Quotas {
  return { ...defaults, ...overrides };
}

/** As a number to compare with. */
export function limitOf(quota: number): number {
  return quota === 0 ? Infinity : quota;
}

/** The percentage of a limit of which its tenant is to be told: `warnPercent`, or 100 where the limit is reached. null: of none. */
export function warningOf(used: number, limit: number, warnPercent: number): number | null {
  if (limit === Infinity) return null;
  if (used >= limit) return 100;
  return used * 100 >= limit * warnPercent ? warnPercent : null;
}

export const QUOTA_WARNING = 'quota.warning';

export interface QuotaWarning {
  tenant: string;
  quota: QuotaName;
  percent: number;
  used: number;
  limit: number;
  atMs: number;
}

/** The event that tells of it: one for each tenant, quota, percentage and day, whoever says it and however often. */
export function quotaWarningEvent({ tenant, quota, percent, used, limit, atMs }: QuotaWarning) {
  const day = utcDay(atMs);
  return {
    id: keyedEventId(tenant, QUOTA_WARNING, `${quota}/${day}`, percent),
    tenant,
    type: QUOTA_WARNING,
    data: { quota, percent, used, limit, day },
  } as const;
}

/** `2026-11-28` */
export function utcDay(ms: number): string {
  return new Date(ms).toISOString().slice(0, 10);
}

const DAY_MS = 86_400_000;

/** When the next day (UTC) begins. */
export function nextUtcDayMs(ms: number): number {
  return (Math.floor(ms / DAY_MS) + 1) * DAY_MS;
}
