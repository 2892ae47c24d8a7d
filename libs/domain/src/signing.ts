import type { KeyObject } from 'node:crypto';
import { InvalidInput } from './errors.ts';
import { secretKey, signEd25519, signGithub, signStandard, signStripe, textKey } from './sign.ts';
import { liveSecrets, signingKeyObject } from './signing-keys.ts';
import type { ExpiringSecret, SignatureProfile } from './webhook.ts';

/** What signs a webhook's requests, by all of its profiles. Made once per version of the webhook. */
export interface Signing {
  /**
   * Appends the headers of a request's signatures, names and values in turn.
   * @param timestamp seconds since 1970
   * @param body as the receiver has it once it is decompressed
   */
  sign(headers: string[], id: string, timestamp: number, body: Buffer): void;
}

export interface SigningOptions {
  /** Without any it is `standard`. */
  profiles?: readonly SignatureProfile[] | undefined;
  /** Newest first. */
  secrets: readonly (string | ExpiringSecret)[];
  /** Newest first. */
  signingKeys?: readonly (string | ExpiringSecret)[] | undefined;
}

/** The headers that profiles set. */
export const SIGNATURE_HEADERS = ['webhook-signature', 'x-hub-signature-256', 'stripe-signature'] as const;

/** The keys of all profiles that a webhook has, newest first. */
interface Keys {
  standard: KeyObject[];
  ed25519: KeyObject[];
  /** GitHub's header has room for one signature. */
  github: KeyObject | null;
  stripe: KeyObject[];
  /** Some of them has expired then. */
  untilMs: number;
}

/** @throws InvalidInput if a profile has no key, or a key is none */
export function createSigning(options: SigningOptions): Signing {
  let keys: Keys | null = null;

  return {
    sign(headers, id, timestamp, body) {
      const nowMs = timestamp * 1_000;
      if (keys === null || nowMs >= keys.untilMs) keys = keysAt(options, nowMs);
      const time = String(timestamp);
      const { standard, ed25519, github, stripe } = keys;
      if (standard.length === 1 && ed25519.length === 0) {
        headers.push('webhook-signature', signStandard(standard[0] as KeyObject, id, time, body));
      } else if (standard.length + ed25519.length > 0) {
        const parts = standard.map((key) => signStandard(key, id, time, body));
        for (const key of ed25519) parts.push(signEd25519(key, id, time, body));
        headers.push('webhook-signature', parts.join(' '));
      }
      if (github !== null) headers.push('x-hub-signature-256', signGithub(github, body));
      if (stripe.length > 0) {
        const parts = stripe.map((key) => signStripe(key, time, body));
        headers.push('stripe-signature', `t=${time},${parts.join(',')}`);
      }
    },
  };
}

function keysAt({ profiles = ['standard'], secrets, signingKeys = [] }: SigningOptions, nowMs: number): Keys {
  const has = (profile: SignatureProfile) => profiles.includes(profile);
  const live = liveSecrets(secrets, nowMs).map(({ secret }) => secret);
  const liveKeys = liveSecrets(signingKeys, nowMs).map(({ secret }) => secret);
  if (has('ed25519') ? liveKeys.length === 0 : live.length === 0)
    throw new InvalidInput('there is no key to sign with');
  const ends = [...secrets, ...signingKeys].map((each) => (typeof each === 'string' ? Infinity : each.expiresAtMs));
  return {
    standard: has('standard') ? live.map(secretKey) : [],
    ed25519: has('ed25519') ? liveKeys.map(signingKeyObject) : [],
    // The oldest: while a secret is replaced, the receiver gets to know the new one before it is used.
    github: has('github') ? textKey(live.at(-1) as string) : null,
    stripe: has('stripe') ? live.map(textKey) : [],
    untilMs: Math.min(...ends.filter((end): end is number => end !== undefined && end > nowMs), Infinity),
  };
}
