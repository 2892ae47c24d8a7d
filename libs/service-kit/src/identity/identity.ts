/** Who asks, and what they may do: what every way of proving it comes to. */
export interface Identity {
  tenant: string;
  /** `usr_…`, `key_…`, `prt_…`, or what an outside issuer calls its own. */
  subject: string;
  scopes: readonly string[];
  via: Via;
  /** What ends it before its time: the session of a login (`ses_…`), the API key (`key_…`), for a token that it was given with which of its secrets (`key_….…`), the portal link (`prt_…`). null: nothing does. */
  credential: string | null;
  /** Of an API key, and of a token that it was given: requests, and events, per second. Absent: it has no limit of its own. */
  rateLimit?: number;
}

export type Via = 'login' | 'api_key' | 'client_credentials' | 'portal' | 'outside_issuer';

const VIAS: ReadonlySet<unknown> = new Set<Via>(['login', 'api_key', 'client_credentials', 'portal', 'outside_issuer']);

export function isVia(value: unknown): value is Via {
  return VIAS.has(value);
}
