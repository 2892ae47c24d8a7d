import { liveSecrets } from '@hookline/domain';
import { createHmac, timingSafeEqual } from 'node:crypto';
import type { Secrets } from './seals.ts';

const HEX = /^(?:sha256=)?([0-9a-f]{64})$/i;

/** Whether a signature is the HMAC-SHA256 of the body under one of the secrets, in hex, perhaps behind `sha256=`. Their text is the key. */
export function isSignedBy(secrets: Secrets, body: Buffer, signature: string, nowMs: number): boolean {
  const given = Buffer.from(HEX.exec(signature)?.[1] ?? '', 'hex');
  // All are tried: how long it takes tells nothing.
  return liveSecrets(secrets, nowMs).reduce((found, { secret }) => {
    const right = createHmac('sha256', secret).update(body).digest();
    return (given.length === right.length && timingSafeEqual(given, right)) || found;
  }, false);
}
