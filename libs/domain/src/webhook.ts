import type { PolicyName } from './policy.ts';

/** A registered receiver. */
export interface Webhook {
  id: string;
  tenant: string;
  /** Absolute, http or https. */
  url: string;
  eventTypes: string[];
  /** Sent with every request; names in lower case. */
  headers: Record<string, string>;
  /** Newest first; a request carries one signature for each. */
  secrets: string[];
  status: WebhookStatus;
  /** Why it is disabled, e.g. `gone` after a 410. */
  disabledReason: string | null;
  policy: PolicyName;
  description: string | null;
  createdAtMs: number;
  updatedAtMs: number;
  /** Order of changes over all webhooks; a higher one is newer. */
  revision: number;
}

export type WebhookStatus = 'enabled' | 'disabled';
