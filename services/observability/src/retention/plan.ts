import type { ObservabilityConfig } from '../config.ts';
import type { Day } from '../write/place.ts';
import type { DayFound } from './days.ts';

export interface RetentionSettings {
  retentionMs: number;
  /** Only those that are shorter count. */
  tenantsMs: ReadonlyMap<string, number>;
  deadLettersMs: number;
  auditLogMs: number;
}

export function retentionSettings(section: ObservabilityConfig['observability']): RetentionSettings {
  const { retention, tenant_retention: tenantsMs, dead_letter_retention: deadLettersMs } = section;
  return { retentionMs: retention, tenantsMs, deadLettersMs, auditLogMs: section.audit_retention };
}

/** What is to be done at some moment. Only whole days go: a day's tables are dropped once all that they may hold is old enough. */
export interface RetentionPlan {
  make: Day[];
  drop: DayFound[];
  /** Of tenants that keep less: the days in which they may have rows too old. */
  thin: { tenant: string; days: Day[] }[];
  /** Those that died before; for a tenant with less, another time. */
  deadLettersBeforeMs: number;
  tenantsDeadLettersBeforeMs: Map<string, number>;
  auditLogBeforeMs: number;
}

const DAY_MS = 86_400_000;
/** Days made ahead, beside today. */
const AHEAD = 2;

export function planRetention(
  found: readonly DayFound[],
  { retentionMs, tenantsMs, deadLettersMs, auditLogMs }: RetentionSettings,
  nowMs: number,
): RetentionPlan {
  const today = Math.floor(nowMs / DAY_MS);
  const there = new Set(found.map(({ day }) => day));
  const isOver = (day: Day, keptMs: number) => (day + 1) * DAY_MS <= nowMs - keptMs;
  const drop = found.filter(({ day }) => isOver(day, retentionMs));
  const kept = found.filter(({ day }) => !isOver(day, retentionMs));
  const shorter = [...tenantsMs].filter(([, ms]) => ms < retentionMs);
  return {
    make: Array.from({ length: AHEAD + 1 }, (_, n) => today + n).filter((day) => !there.has(day)),
    drop,
    thin: shorter.flatMap(([tenant, ms]) => {
      const days = kept.filter(({ day }) => isOver(day, ms)).map(({ day }) => day);
      return days.length === 0 ? [] : [{ tenant, days }];
    }),
    deadLettersBeforeMs: nowMs - deadLettersMs,
    auditLogBeforeMs: nowMs - auditLogMs,
    tenantsDeadLettersBeforeMs: new Map(
      [...tenantsMs].filter(([, ms]) => ms < deadLettersMs).map(([tenant, ms]) => [tenant, nowMs - ms]),
    ),
  };
}
