import { WEBHOOK_LIMITS } from './limits.ts';

const PREFIX = 'whsec_';
const BASE64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/;

/** What is wrong with a secret that a client chose, or null. @param min the least characters that it must have */
export function secretProblem(secret: string, min: number = WEBHOOK_LIMITS.secret.min): string | null {
  const { max } = WEBHOOK_LIMITS.secret;
  if (secret.length < min || secret.length > max) return `must have ${min} to ${max} characters`;
  if (/\p{Cc}/u.test(secret)) return 'must not contain control characters';
  if (!secret.startsWith(PREFIX)) return null;
  const encoded = secret.slice(PREFIX.length);
  const bytes = BASE64.test(encoded) ? Buffer.from(encoded, 'base64').length : 0;
  const { min: minBytes, max: maxBytes } = WEBHOOK_LIMITS.secretBytes;
  if (bytes >= minBytes && bytes <= maxBytes) return null;
  return `behind ${PREFIX} there must be ${minBytes} to ${maxBytes} bytes in base64`;
}
