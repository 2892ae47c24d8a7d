import type { QuotaOverrides } from '@hookline/domain';

/** What was set for tenants in place of the configuration's quotas, as the registry knows it. */
export interface QuotaSource {
  /** What has changed since an answer, by pages. @param cursor of the answer before; '': from the beginning @throws Unavailable */
  quotaChanges(cursor: string): Promise<QuotaChanges>;
}

export interface QuotaChanges {
  changes: readonly { tenant: string; overrides: QuotaOverrides }[];
  /** To ask on with. */
  cursor: string;
  /** Whether there are more already. */
  more: boolean;
  /** What was told before no longer holds. */
  fromStart: boolean;
}

/** Where there is no registry, nothing was set. */
export const noQuotaSource: QuotaSource = {
  quotaChanges: async () => ({ changes: [], cursor: '', more: false, fromStart: true }),
};
