/** What no default can stand for. */
export const SECRETS = {
  SECURITY_JWT_SECRET: 'a-secret-for-tests-of-at-least-32-characters',
  SECURITY_ENCRYPTION_KEY: Buffer.alloc(32).toString('base64'),
};
