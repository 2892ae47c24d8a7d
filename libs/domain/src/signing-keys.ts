import { createHash, createPrivateKey, generateKeyPairSync, type KeyObject } from 'node:crypto';
import { InvalidInput } from './errors.ts';
import type { ExpiringSecret } from './webhook.ts';

const PRIVATE_PREFIX = 'whsk_';
const PUBLIC_PREFIX = 'whpk_';

/** A new ed25519 key that signs `v1a`: `whsk_` and base64 of the 32-byte seed and the 32-byte public key. */
export function createSigningKey(): string {
  const { d, x } = generateKeyPairSync('ed25519').privateKey.export({ format: 'jwk' });
  const halves = [Buffer.from(d as string, 'base64url'), Buffer.from(x as string, 'base64url')];
  return PRIVATE_PREFIX + Buffer.concat(halves).toString('base64');
}

/**
 * The key object of a signing key.
 * @throws InvalidInput if it is none, or if its halves don't belong together
 */
export function signingKeyObject(signingKey: string): KeyObject {
  const { seed, publicKey } = halvesOf(signingKey);
  const jwk = { kty: 'OKP', crv: 'Ed25519', d: seed.toString('base64url'), x: publicKey.toString('base64url') };
  try {
    return createPrivateKey({ format: 'jwk', key: jwk });
  } catch (cause) {
    throw invalidKey(cause);
  }
}

/** `whpk_` and base64 of the public half, as verifying libraries take it. */
export function publicKeyText(signingKey: string): string {
  return PUBLIC_PREFIX + halvesOf(signingKey).publicKey.toString('base64');
}

/** A public ed25519 key as a JSON Web Key (RFC 8037). */
export interface PublicJwk {
  kty: 'OKP';
  crv: 'Ed25519';
  x: string;
  use: 'sig';
  alg: 'EdDSA';
  /** Its thumbprint (RFC 7638), so that it is the same wherever the key appears. */
  kid: string;
}

/**
 * The public halves of a webhook's signing keys, as a JSON Web Key Set: those that sign now and those that did and have not expired.
 * @throws InvalidInput if one is no signing key
 */
export function publicJwks(signingKeys: readonly (string | ExpiringSecret)[], nowMs: number): { keys: PublicJwk[] } {
  return { keys: liveSecrets(signingKeys, nowMs).map(({ secret }) => publicJwk(secret)) };
}

function publicJwk(signingKey: string): PublicJwk {
  const x = halvesOf(signingKey).publicKey.toString('base64url');
  // Members in the order that the thumbprint wants.
  const kid = createHash('sha256')
    .update(JSON.stringify({ crv: 'Ed25519', kty: 'OKP', x }))
    .digest('base64url');
  return { kty: 'OKP', crv: 'Ed25519', x, use: 'sig', alg: 'EdDSA', kid };
}

/** Those that sign at `nowMs`, newest first. The newest always does. */
export function liveSecrets(secrets: readonly (string | ExpiringSecret)[], nowMs: number): ExpiringSecret[] {
  return secrets
    .map((each) => (typeof each === 'string' ? { secret: each } : each))
    .filter(({ expiresAtMs = Infinity }, index) => index === 0 || expiresAtMs > nowMs);
}

function halvesOf(signingKey: string): { seed: Buffer; publicKey: Buffer } {
  const bytes = Buffer.from(signingKey.slice(PRIVATE_PREFIX.length), 'base64');
  if (!signingKey.startsWith(PRIVATE_PREFIX) || bytes.length !== 64) throw invalidKey();
  return { seed: bytes.subarray(0, 32), publicKey: bytes.subarray(32) };
}

function invalidKey(cause?: unknown): InvalidInput {
  return new InvalidInput('a signing key is `whsk_` and base64 of a 32-byte seed and its 32-byte public key', {
    cause,
  });
}
