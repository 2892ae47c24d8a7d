import { createHash, createPublicKey, createSecretKey, type KeyObject } from 'node:crypto';
import type { Algorithm } from 'jsonwebtoken';

/** What signs and verifies tokens: the first signs, all verify, so that a new one takes over while tokens of the old one are still about. */
export interface SigningKeys {
  /** null: only public halves are known here. */
  signer: SigningKey | null;
  /** Those that a token may have been signed with: the one that it names, or, if it names none, all. */
  candidates(kid: string | undefined): readonly VerifyingKey[];
  /** The public halves; none of a shared secret. */
  jwks(): readonly PublicJwk[];
}

export interface VerifyingKey {
  kid: string;
  /** The only one that it is used with, whatever a token says of itself. */
  algorithm: Algorithm;
  key: KeyObject;
}

export type SigningKey = VerifyingKey;

/** RFC 7517. */
export interface PublicJwk extends Record<string, unknown> {
  kid: string;
}

/** @param secrets of HS256, the first signs unless there are pairs @param pairs private keys, or public ones where nothing is signed */
export function createSigningKeys(secrets: readonly string[], pairs: readonly KeyObject[] = []): SigningKeys {
  const asymmetric = pairs.map((pair) => ({ pair, verifying: verifyingKeyOf(pair) }));
  const symmetric = secrets.map(secretKeyOf);
  const all = [...asymmetric.map(({ verifying }) => verifying), ...symmetric];
  const [first] = asymmetric;
  const signer = first === undefined ? (symmetric[0] ?? null) : signerOf(first);
  return {
    signer,
    candidates: (kid) => (kid === undefined ? all : all.filter((key) => key.kid === kid)),
    jwks: () =>
      asymmetric.map(({ verifying: { kid, algorithm, key } }) => ({
        ...key.export({ format: 'jwk' }),
        kid,
        alg: algorithm,
        use: 'sig',
      })),
  };
}

function signerOf({ pair, verifying }: { pair: KeyObject; verifying: VerifyingKey }): SigningKey | null {
  return pair.type === 'private' ? { ...verifying, key: pair } : null;
}

/** Of the secret itself its id tells nothing that a token signed with it does not. */
function secretKeyOf(secret: string): VerifyingKey {
  const kid = createHash('sha256').update(`hookline.kid\0${secret}`).digest('base64url').slice(0, 16);
  return { kid, algorithm: 'HS256', key: createSecretKey(Buffer.from(secret, 'utf8')) };
}

/** Of a pair, by its public half. */
function verifyingKeyOf(pair: KeyObject): VerifyingKey {
  const key = pair.type === 'private' ? createPublicKey(pair) : pair;
  return { kid: thumbprint(key), algorithm: algorithmOf(key) as Algorithm, key };
}

/** Which algorithm a public key is for; null: none of those that we take. */
export function algorithmOf(key: KeyObject): Algorithm | null {
  const { namedCurve, modulusLength = 0 } = key.asymmetricKeyDetails ?? {};
  if (key.asymmetricKeyType === 'rsa') return modulusLength >= 2048 ? 'RS256' : null;
  if (key.asymmetricKeyType !== 'ec') return null;
  switch (namedCurve) {
    case 'prime256v1':
      return 'ES256';
    case 'secp384r1':
      return 'ES384';
    default:
      return null;
  }
}

/** RFC 7638: the required members in the order of their names. */
function thumbprint(key: KeyObject): string {
  const jwk = key.export({ format: 'jwk' });
  const required =
    jwk.kty === 'EC' ? { crv: jwk.crv, kty: jwk.kty, x: jwk.x, y: jwk.y } : { e: jwk.e, kty: jwk.kty, n: jwk.n };
  return createHash('sha256').update(JSON.stringify(required)).digest('base64url');
}
