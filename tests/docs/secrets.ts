/** What no default can stand for. */
export const SECRETS = {
  SECURITY_JWT_SECRET: 'Q7!kd92-mzPq0wLx5vBn3sTy8uRe1aGh',
  SECURITY_ENCRYPTION_KEY: Buffer.from(
    '0f1e2d3c4b5a69788796a5b4c3d2e1f00123456789abcdeffedcba9876543210',
    'hex',
  ).toString('base64'),
};

/** Where old keys go while they are replaced, by the key. */
export const PREVIOUS = {
  SECURITY_JWT_SECRET: 'SECURITY_JWT_PREVIOUS',
  SECURITY_ENCRYPTION_KEY: 'SECURITY_ENCRYPTION_PREVIOUS_KEYS',
};
