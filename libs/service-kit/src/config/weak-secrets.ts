import { isLoopbackHost } from '../local-secrets.ts';

/** Fewer than these are a pattern, not a secret. */
const DISTINCT = 10;
const PLACEHOLDERS = /change.?me|changeit|example|default|your.?(?:jwt.?)?secret|insecure|placeholder|replace|dummy/i;
const KNOWN_PASSWORDS = new Set([
  'password',
  'password1',
  'admin123',
  'administrator',
  'changeme',
  'hookline',
  '12345678',
  'letmein1',
  'test-password',
]);

interface Checked {
  hookline?: { host?: unknown };
  security?: { jwt_secret?: unknown; encryption_key?: unknown; admin_password?: unknown };
}

/**
 * Secrets that anybody could guess, one line each. What only this machine can reach may have them; what others can reach may not.
 */
export function weakSecrets({ hookline, security = {} }: Checked): string[] {
  if (typeof hookline?.host !== 'string' || isLoopbackHost(hookline.host)) return [];
  const { jwt_secret: jwt, encryption_key: key, admin_password: password } = security;
  const weak: string[] = [];
  if (typeof jwt === 'string' && isGuessable(jwt)) weak.push(say('jwt_secret', '"$(openssl rand -base64 48)"'));
  if (typeof key === 'string' && new Set(Buffer.from(key, 'base64')).size < DISTINCT)
    weak.push(say('encryption_key', '"$(openssl rand -base64 32)"'));
  if (typeof password === 'string' && KNOWN_PASSWORDS.has(password.toLowerCase()))
    weak.push(say('admin_password', 'a-long-passphrase'));
  return weak;
}

function isGuessable(secret: string): boolean {
  return new Set(secret).size < DISTINCT || PLACEHOLDERS.test(secret);
}

function say(key: string, example: string): string {
  return `security.${key}: can be guessed, and other machines can reach this one (hookline.host); e.g. SECURITY_${key.toUpperCase()}=${example}`;
}
