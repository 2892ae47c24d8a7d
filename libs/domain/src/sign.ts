import { createHmac, createSecretKey, randomBytes, sign, type KeyObject } from 'node:crypto';
import { InvalidInput } from './errors.ts';

const PREFIX = 'whsec_';
/** At least a byte; of either alphabet, padded or not. */
const BASE64 = /^[\w+/-]{2,}={0,2}$/;

/** A new signing secret: `whsec_` and 32 random bytes in base64 (Standard Webhooks asks for 24 to 64). */
export function createSecret(): string {
  return PREFIX + randomBytes(32).toString('base64');
}

/**
 * The HMAC key of a secret by Standard Webhooks: the decoded base64 behind `whsec_`, or the UTF-8 bytes of a secret without that prefix.
 * Make it once per secret: signing with a KeyObject costs a fifth of signing with raw bytes.
 * @throws InvalidInput if what is behind `whsec_` is no base64: of that a key would be left that anybody can guess
 */
export function secretKey(secret: string): KeyObject {
  if (!secret.startsWith(PREFIX)) return textKey(secret);
  const encoded = secret.slice(PREFIX.length);
  if (!BASE64.test(encoded)) throw new InvalidInput('a secret that begins with `whsec_` goes on with base64');
  return createSecretKey(Buffer.from(encoded, 'base64'));
}

/** The HMAC key of a secret as GitHub and Stripe use it: its UTF-8 bytes as they stand, a prefix included. */
export function textKey(secret: string): KeyObject {
  return createSecretKey(Buffer.from(secret, 'utf8'));
}

/**
 * `v1,` and the base64 HMAC-SHA256 of `id.timestamp.body`: a part of the header `webhook-signature`.
 * @param timestamp seconds since 1970
 * @see https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md
 */
export function signStandard(key: KeyObject, id: string, timestamp: string, body: Buffer): string {
  return `v1,${createHmac('sha256', key).update(`${id}.${timestamp}.`).update(body).digest('base64')}`;
}

/** `v1a,` and the base64 ed25519 signature of the same content. It costs ten times as much. */
export function signEd25519(key: KeyObject, id: string, timestamp: string, body: Buffer): string {
  return `v1a,${sign(null, Buffer.concat([Buffer.from(`${id}.${timestamp}.`), body]), key).toString('base64')}`;
}

/** GitHub's `X-Hub-Signature-256`: over the body alone. */
export function signGithub(key: KeyObject, body: Buffer): string {
  return `sha256=${createHmac('sha256', key).update(body).digest('hex')}`;
}

/** One `v1=` of `Stripe-Signature`: over `timestamp.body`. */
export function signStripe(key: KeyObject, timestamp: string, body: Buffer): string {
  return `v1=${createHmac('sha256', key).update(`${timestamp}.`).update(body).digest('hex')}`;
}
