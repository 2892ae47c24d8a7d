import { createCipheriv, createDecipheriv, createSecretKey, randomBytes } from 'node:crypto';

/** Encrypts what is stored: AES-256-GCM, a random 96-bit nonce each (NIST SP 800-38D). */
export interface Sealing {
  /** `context` (e.g. the webhook's id) is authenticated: what is sealed for one can't be opened as another's. */
  seal(text: string, context: string): string;
  /** @throws Error if it was sealed with another key or context, or changed */
  open(sealed: string, context: string): string;
}

const VERSION = 's1';
const NONCE_BYTES = 12;
const TAG_BYTES = 16;

/** @param keyBase64 32 bytes */
export function createSealing(keyBase64: string): Sealing {
  const key = createSecretKey(Buffer.from(keyBase64, 'base64'));
  return {
    seal(text, context) {
      const nonce = randomBytes(NONCE_BYTES);
      const cipher = createCipheriv('aes-256-gcm', key, nonce).setAAD(Buffer.from(context));
      const sealed = Buffer.concat([nonce, cipher.update(text, 'utf8'), cipher.final(), cipher.getAuthTag()]);
      return `${VERSION}:${sealed.toString('base64')}`;
    },
    open(sealed, context) {
      const [version, encoded] = sealed.split(':');
      if (version !== VERSION || encoded === undefined) throw new Error('sealed text has an unknown form');
      const bytes = Buffer.from(encoded, 'base64');
      const decipher = createDecipheriv('aes-256-gcm', key, bytes.subarray(0, NONCE_BYTES))
        .setAAD(Buffer.from(context))
        .setAuthTag(bytes.subarray(-TAG_BYTES));
      return decipher.update(bytes.subarray(NONCE_BYTES, -TAG_BYTES), undefined, 'utf8') + decipher.final('utf8');
    },
  };
}
