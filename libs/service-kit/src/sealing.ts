import {
  createCipheriv,
  createDecipheriv,
  createHash,
  createSecretKey,
  randomBytes,
  type KeyObject,
} from 'node:crypto';

/** Encrypts what is stored: AES-256-GCM, a random 96-bit nonce each (NIST SP 800-38D). What is sealed names its key. */
export interface Sealing {
  /** `context` (e.g. the webhook's id) is authenticated: what is sealed for one can't be opened as another's. */
  seal(text: string, context: string): string;
  /** @throws Error if it was sealed with an unknown key or another context, or changed */
  open(sealed: string, context: string): string;
  /** Whether it is sealed with the key that seals now. */
  isCurrent(sealed: string): boolean;
}

const VERSION = 's2';
/** As version 2, but without the key's id. */
const NAMELESS = 's1';
const NONCE_BYTES = 12;
const TAG_BYTES = 16;

/** @param keyBase64 32 bytes, which seal and open @param previousBase64 others, which only open */
export function createSealing(keyBase64: string, previousBase64: readonly string[] = []): Sealing {
  const keys = [keyBase64, ...previousBase64].map(keyOf);
  const current = keys[0] as (typeof keys)[number];
  return {
    seal(text, context) {
      const nonce = randomBytes(NONCE_BYTES);
      const cipher = createCipheriv('aes-256-gcm', current.key, nonce).setAAD(Buffer.from(context));
      const sealed = Buffer.concat([nonce, cipher.update(text, 'utf8'), cipher.final(), cipher.getAuthTag()]);
      return `${VERSION}:${current.kid}:${sealed.toString('base64')}`;
    },
    open(sealed, context) {
      const { kid, bytes } = partsOf(sealed);
      const candidates = kid === null ? keys : keys.filter((key) => key.kid === kid);
      if (candidates.length === 0) throw new Error('it was sealed with a key that is not configured');
      let failure: unknown;
      for (const { key } of candidates) {
        try {
          return openWith(key, bytes, context);
        } catch (error) {
          failure = error;
        }
      }
      throw failure;
    },
    isCurrent: (sealed) => sealed.startsWith(`${VERSION}:${current.kid}:`),
  };
}

function keyOf(base64: string): { kid: string; key: KeyObject } {
  const bytes = Buffer.from(base64, 'base64');
  const kid = createHash('sha256').update('hookline.kid\0').update(bytes).digest('base64url').slice(0, 8);
  return { kid, key: createSecretKey(bytes) };
}

function partsOf(sealed: string): { kid: string | null; bytes: Buffer } {
  const [version, ...rest] = sealed.split(':');
  const [kid, encoded] = version === NAMELESS ? [null, rest[0]] : [rest[0], rest[1]];
  if ((version !== VERSION && version !== NAMELESS) || encoded === undefined || kid === undefined) {
    throw new Error('sealed text has an unknown form');
  }
  return { kid, bytes: Buffer.from(encoded, 'base64') };
}

function openWith(key: KeyObject, bytes: Buffer, context: string): string {
  const decipher = createDecipheriv('aes-256-gcm', key, bytes.subarray(0, NONCE_BYTES))
    .setAAD(Buffer.from(context))
    .setAuthTag(bytes.subarray(-TAG_BYTES));
  return decipher.update(bytes.subarray(NONCE_BYTES, -TAG_BYTES), undefined, 'utf8') + decipher.final('utf8');
}
