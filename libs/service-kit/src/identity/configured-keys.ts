import { createPrivateKey, createPublicKey, type KeyObject } from 'node:crypto';
import { algorithmOf, createSigningKeys, type SigningKeys } from './signing-keys.ts';

const PEM = /-----BEGIN ([A-Z ]*(?:PRIVATE|PUBLIC) KEY)-----[\s\S]+?-----END \1-----/g;

/** Whether a setting holds pairs of keys instead of a shared secret. */
export function isPem(text: string): boolean {
  return text.includes('-----BEGIN ');
}

/** Why a setting can't be used; null: it can. */
export function keyProblem(text: string): string | null {
  if (!isPem(text)) return text.length >= 32 ? null : 'must have at least 32 characters';
  try {
    return readPem(text).length > 0 ? null : 'must hold private or public keys in PEM';
  } catch (error) {
    return (error as Error).message;
  }
}

/** The keys that the configuration names: of `jwt_secret` the first signs; what `jwt_previous` has is accepted beside. */
export function configuredKeys(security: { jwt_secret: string; jwt_previous?: string | undefined }): SigningKeys {
  const { jwt_secret: current, jwt_previous: previous = '' } = security;
  const [secrets, pairs]: [string[], KeyObject[]] = [[], []];
  if (isPem(current)) pairs.push(...readPem(current));
  else secrets.push(current);
  if (isPem(previous)) pairs.push(...readPem(previous));
  else secrets.push(...linesOf(previous));
  // A shared secret that took the place of pairs signs, although pairs come first otherwise.
  return isPem(current)
    ? createSigningKeys(secrets, pairs)
    : { ...createSigningKeys(secrets, pairs), signer: createSigningKeys(secrets).signer };
}

/** Of `jwt_previous`: a secret each. */
export function linesOf(text: string): string[] {
  return text.split('\n').flatMap((line) => line.trim() || []);
}

/** @throws Error naming what is wrong with one of them */
function readPem(text: string): KeyObject[] {
  return [...text.matchAll(PEM)].map(([block, kind]) => {
    let key: KeyObject;
    try {
      key = kind?.includes('PRIVATE') === true ? createPrivateKey(block) : createPublicKey(block);
    } catch {
      throw new Error('holds a key that can not be read: it must be PEM, not encrypted');
    }
    const shown = key.type === 'private' ? createPublicKey(key) : key;
    if (algorithmOf(shown) === null)
      throw new Error('holds a key for no algorithm that is taken: ES256, ES384, or RS256 with 2048 bits');
    return key;
  });
}
