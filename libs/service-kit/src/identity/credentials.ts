import { createHash, randomBytes } from 'node:crypto';

/** What only the registry knows: API keys, and what was ended before its time. */
export interface Credentials {
  /** By the hash of a key; null: unknown, ended or expired. @throws Unavailable */
  findApiKey(hash: string): Promise<FoundApiKey | null>;
  /** What was ended lately; what is told again does no harm. @param cursor of the answer before; '': from the beginning @throws Unavailable */
  revocations(cursor: string): Promise<Revocations>;
}

export interface Revocations {
  revocations: Revocation[];
  /** To ask on with. */
  cursor: string;
  /** Whether there are more already. */
  more: boolean;
}

export interface FoundApiKey {
  /** `key_…` */
  id: string;
  tenant: string;
  scopes: readonly string[];
  /** null: it doesn't. */
  expiresAtMs: number | null;
  /** Requests, and events, per second; 0 or absent: it has no limit of its own. */
  rateLimit?: number;
}

export interface Revocation {
  /** An identity's `credential`. */
  credential: string;
  /** Until then tokens that name it are refused; 0: it is only to be looked up anew. */
  refusedUntilMs: number;
}

/** Where there is no registry: no API keys, and nothing ends before its time. */
export const noCredentials: Credentials = {
  findApiKey: async () => null,
  revocations: async () => ({ revocations: [], cursor: '', more: false }),
};

const FORM = /^hl_[A-Za-z0-9_-]{43}$/;

/** 256 random bits: nobody guesses it, so a plain hash keeps it. */
export function createApiKey(): string {
  return `hl_${randomBytes(32).toString('base64url')}`;
}

export function isApiKey(text: string): boolean {
  return FORM.test(text);
}

/** What ends a token that a key was given: it goes with what proved the key, which may go before the key does. */
export function credentialOfKey(id: string, secretHash: string): string {
  return `${id}.${secretHash.slice(0, 16)}`;
}

/** Of anything that has 256 random bits. */
export function hashOfSecret(secret: string): string {
  return createHash('sha256').update(secret).digest('base64url');
}
